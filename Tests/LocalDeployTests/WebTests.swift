import Foundation
import Testing

@testable import local_deploy

/// The tool as it is called, with a buildpack of bash scripts: the web process.
@Suite struct WebTests {
  let lab: Lab
  private static let withPython = ConditionTrait.enabled(if: Lab.python != nil, "needs a python3 as web process")

  init() throws {
    lab = try Lab()
    try lab.script(
      """
      mkdir -p .profile.d bin
      echo 'export FROM_PROFILE="yes $CONFIG"; PATH="$HOME/bin:$PATH"' > .profile.d/fake.sh
      cp server bin/server
      """,
      at: lab.buildpack + "/bin/compile"
    )
    try lab.script(
      """
      printf 'config_vars:\\n  CONFIG: /app/config\\ndefault_process_types:\\n  web: /app/bin/server\\n'
      """,
      at: lab.buildpack + "/bin/release"
    )
    // A child in a session of its own, to see that it is ended too; the answers are the content of the app's folder.
    try lab.script(
      """
      trap 'echo server got TERM; exit 0' TERM
      setsid sleep 300 & echo $! > "$PIDS"
      echo "$FROM_PROFILE in $PWD, own: $OWN"
      echo "the answer" > index.html
      \(Lab.python ?? "false") -c "$SERVER" "$PORT" & echo $! >> "$PIDS"
      wait
      """,
      at: lab.app + "/server"
    )
  }

  /// Answers every request with the status of the environment and the page.
  private let server = """
    import http.server, os, sys
    class Handler(http.server.SimpleHTTPRequestHandler):
      def send_response(self, code, message=None):
        super().send_response(int(os.environ.get("STATUS", code)), message)
    http.server.HTTPServer((os.environ.get("ADDRESS", "0.0.0.0"), int(sys.argv[1])), Handler).serve_forever()
    """

  private var variables: [String] {
    ["--env", "SERVER=\(server)", "--env", "PIDS=\(lab.folder)/pids", "--env", "OWN=/app/own"]
  }

  private func expectEnded() throws {
    let pids = try lab.read("pids").split(separator: "\n").compactMap { pid_t($0) }
    #expect(pids.count == 2)
    for pid in pids { #expect(kill(pid, 0) != 0, "\(pid) is left") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.temporary) == [])
  }

  @Test(withPython) func askedOnce() throws {
    let run = try lab.deploy(variables + ["--once"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("-----> Starting the web process, proposed by release: \"/app/bin/server\"\n"))
    #expect(run.output.contains("-----> GET /\nHTTP/1.0 200 OK\nthe answer\n"))
    let line = try #require(run.output.split(separator: "\n").first { $0.hasPrefix("yes ") })
    let folder = line.split(separator: " ")[3].dropLast()
    #expect(line == "yes \(folder)/config in \(folder), own: /app/own")
    try expectEnded()
  }

  @Test(withPython) func oneThatThePlatformCanNotReach() throws {
    let run = try lab.deploy(variables + ["--once", "--env", "ADDRESS=127.0.0.1"])
    #expect(run.status == 1)
    #expect(run.output.contains("-----> GET /\nHTTP/1.0 200 OK\nthe answer\n"))
    #expect(run.errors.contains("The web process listens on 127.0.0.1 only"), "\(run.errors)")
    try expectEnded()
  }

  @Test(withPython) func anErrorAsTheAnswer() throws {
    let run = try lab.deploy(variables + ["--once", "--env", "STATUS=500"])
    #expect(run.status == 1)
    #expect(run.errors.contains("The web process answered with an error: HTTP/1.0 500"))
    try expectEnded()
  }

  @Test(withPython) func servedUntilInterrupted() throws {
    try lab.write("web: server\n", to: lab.app + "/Procfile")
    let port = try Port.free()
    let process = try lab.start(variables + ["--port", "\(port.number)"])
    #expect(
      lab.eventually { (try? lab.read("log").contains("-----> Serving at http://localhost:\(port.number)/")) ?? false }
    )
    #expect(port.accepts())
    #expect(try lab.read("log").contains("from the Procfile: \"server\"\n"))
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try lab.read("log").hasSuffix("-----> Stopping the web process\nserver got TERM\n"))
    try expectEnded()
  }

  @Test func oneThatEndsByItself() throws {
    try lab.write("web: exit 9\n", to: lab.app + "/Procfile")
    let run = try lab.deploy("--once")
    #expect(run.status == 9)
    #expect(run.errors.contains("The web process ended by itself: it ended with exit code 9."))
    #expect(run.errors.contains("--env NAME=VALUE"), "\(run.errors)")
  }

  @Test func none() throws {
    try lab.script(":", at: lab.buildpack + "/bin/release")
    let run = try lab.deploy()
    #expect(run.status == 1)
    #expect(run.errors.contains("There is no web process to start"))
  }
}
