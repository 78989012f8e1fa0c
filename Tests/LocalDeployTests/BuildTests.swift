import Foundation
import Testing

@testable import local_deploy

/// The tool as it is called, with a buildpack of bash scripts: the build.
@Suite struct BuildTests {
  let lab: Lab

  init() throws { lab = try Lab() }

  @Test func thePhasesGetWhatThePlatformGivesThem() throws {
    try lab.script(
      """
      [ "$#" = 3 ] && [ "$PWD" = "$1" ] && [ "$HOME" = "$1" ] || exit 10
      [ "$(ls -A "$1" | tr '\\n' ' ')" = "Cargo.toml link src " ] && [ -L "$1/link" ] || exit 11
      [ "$(cat "$3/A")" = "one two" ] && [ "$A" = "one two" ] && [ "$(ls "$3" | wc -l)" = 2 ] || exit 12
      [ "$STACK" = scalingo-24 ] && [ "$APP" = "my app" ] && [ "${#SOURCE_VERSION}" = 40 ] || exit 13
      [ -n "$REQUEST_ID" ] && [ -z "$RUSTFLAGS" ] && [ -z "$GIT_DIR" ] || exit 14
      read -r line && exit 15
      echo "built at $1"
      echo x >> "$2/count"; echo "deployments: $(wc -l < "$2/count")"
      touch "$(dirname "$0")/../export"
      """,
      at: lab.buildpack + "/bin/compile"
    )
    try lab.script(
      "printf 'addons:\\n- some-db\\nconfig_vars:\\n  SECRET: hidden\\n'",
      at: lab.buildpack + "/bin/release"
    )
    try lab.write("# variables\nB='2'\n", to: lab.folder + "/env")
    let options = ["--no-run", "--env", "A=one two", "--env-file", "env", "--stack", "scalingo-24"]

    let first = try lab.deploy(options)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("       Detected: Fake\n-----> compile\nbuilt at "))
    #expect(first.output.contains("deployments: 1\n"))
    #expect(first.output.contains("       Add-ons: some-db\n       Config vars: SECRET\n"))
    #expect(!first.output.contains("hidden") && !first.output.contains("one two"))

    let second = try lab.deploy(options)
    #expect(second.output.contains("deployments: 2\n"))
    #expect(buildPath(first.output) != buildPath(second.output))
    #expect(try lab.deploy(options + ["--clear-cache"]).output.contains("deployments: 1\n"))

    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.temporary) == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.buildpack) == ["bin"])
  }

  private func buildPath(_ log: String) -> Substring? {
    log.split(separator: "\n").first { $0.hasPrefix("built at ") }
  }

  @Test(arguments: [
    ("detect", "echo because >&2; exit 3", 3, "The phase detect failed: it ended with exit code 3."),
    ("detect", ":", 1, "The phase detect ended with 0 but printed no name"),
    ("detect", "echo No; exit 1", 1, "detect refused and yet printed on its standard output"),
    ("compile", "exit 7", 7, "The phase compile failed: it ended with exit code 7."),
    ("compile", "kill -KILL $$", 137, "The phase compile failed: it was ended by signal 9."),
    ("release", "exit 4", 4, "The phase release failed: it ended with exit code 4."),
    ("release", "echo '---'; echo Hello", 1, "printed something else than a YAML map"),
  ])
  func aFailingPhase(phase: String, text: String, code: Int32, words: String) throws {
    try lab.script(text, at: "\(lab.buildpack)/bin/\(phase)")
    let run = try lab.deploy("--no-run")
    #expect(run.status == code)
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.temporary) == [])
  }

  @Test func aBuildpackWithoutExecutables() throws {
    try FileManager.default.removeItem(atPath: lab.buildpack + "/bin/compile")
    let run = try lab.deploy()
    #expect(run.status == 1)
    #expect(run.errors.contains("lacks bin/compile as executable files") && run.errors.contains("./release.sh"))
  }

  @Test func stoppedWhileItCompiles() throws {
    try lab.script(
      "echo $$ > ../../../pids; setsid sleep 300 & echo $! >> ../../../pids; echo compiling; wait",
      at: lab.buildpack + "/bin/compile"
    )
    let process = try lab.start()
    #expect(lab.eventually { (try? lab.read("log").contains("compiling\n")) ?? false })
    let pids = try lab.read("tmp/pids").split(separator: "\n").compactMap { pid_t($0) }
    #expect(pids.count == 2)

    let other = try lab.deploy("--no-run")
    #expect(other.status == 1 && other.errors.contains("Another deployment of this app"))

    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + SIGTERM)
    #expect(try lab.read("log").contains("Stopped by signal 15."))
    for pid in pids { #expect(kill(pid, 0) != 0, "\(pid) is left") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.temporary) == ["pids"])
  }
}
