// What the profile script sets in small containers, run by the shells of this machine.
import Testing

@testable import RustBuildpack

@Suite struct RuntimeDefaultsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let shells = [["bash"], ["bash", "--posix"], ["dash"], ["busybox", "sh"]].filter { shell in
    let isHere = plainEnvironment.executable(named: shell[0]) != nil
    if !isHere { print("SKIPPED: the runtime defaults under \(shell[0]), which is not on this machine") }
    return isHere
  }

  private static let names = ["TOKIO_WORKER_THREADS", "RAYON_NUM_THREADS", "ROCKET_WORKERS", "MALLOC_ARENA_MAX"]

  private static let lockFile = LockFile(
    Array(
      ["tokio", "rayon-core", "rocket"].map { "[[package]]\nname = \"\($0)\"\nversion = \"1.0.0\"\n" }.joined().utf8
    )
  )

  /// A container: what it has set, what its nproc says (nil for a machine without it), and its limit of processes.
  private struct Container {
    let name: String
    var variables: [String: String] = [:]
    var processors: String? = "64"
    var limit = "100000"
    let expected: String

    static func memory(_ megabytes: Int) -> [String: String] { ["CONTAINER_MEMORY": "\(megabytes << 20)"] }
  }

  /// Sources the script twice under `set -eu`, in a shell of its own for each container, and compares what is set then.
  ///
  /// The limit is what the shell says of it: root is not held to one, and another user may not raise it.
  private func expect(_ shell: [String], _ containers: [Container]) throws {
    let program = try #require(plainEnvironment.executable(named: shell[0]))
    let names = Self.names.joined(separator: " ")
    var script = ""
    for container in containers {
      let exports = container.variables.map { "export \($0.key)=\(ShellWords.quote($0.value))" }
      script += """
        (
          nproc() { \(container.processors.map { "echo \($0)" } ?? "return 127"); }
          ulimit() { [ "$1" = \(shell[0] == "dash" ? "-p" : "-u") ] && echo \(container.limit); }
          \(exports.joined(separator: "\n  "))
          . ./.profile.d/rust.sh; . ./.profile.d/rust.sh
          for name in \(names); do eval "value=\\${$name:-}"; [ -z "$value" ] || printf '%s ' "$value"; done
          set | grep '^_rust_' || echo
        )

        """
    }
    let environment = Environment(["PATH": Array("/usr/bin:/bin".utf8)])
    let arguments = Array(shell.dropFirst()) + ["-euc", script]
    let run = try Command(program.description, arguments, environment: environment, directory: folder.path).capture()
    #expect(run.status.isSuccess && run.errors.isEmpty, "\(shell): \(run.errors)")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == containers.count, "\(shell): \(run.output)")
    for (container, line) in zip(containers, lines) {
      #expect(line.split(separator: " ").joined(separator: " ") == container.expected, "\(shell) \(container.name)")
    }
  }

  @Test(arguments: shells)
  func threadsFitTheContainer(shell: [String]) throws {
    try ProfileScript.write(into: folder.path, [], RuntimeDefaults(Self.lockFile), linking: nil)
    func off(_ value: String) -> [String: String] {
      ["CONTAINER_MEMORY": "268435456", "RUST_RUNTIME_DEFAULTS": value]
    }
    var set = ["CONTAINER_MEMORY": "268435456"]
    for name in Self.names { set[name] = "7" }
    var halfSet = set
    halfSet["RAYON_NUM_THREADS"] = nil
    try expect(
      shell,
      [
        Container(name: "size S", variables: Container.memory(256), limit: "128", expected: "2 2 2 2"),
        Container(name: "size M", variables: Container.memory(512), limit: "256", expected: "4 4 4 2"),
        Container(name: "size L", variables: Container.memory(1_024), limit: "512", expected: "8 8 8"),
        Container(name: "size 2XL", variables: Container.memory(4_096), limit: "2048", expected: "32 32 32"),
        Container(name: "size 3XL", variables: Container.memory(8_192), limit: "4096", expected: ""),
        Container(name: "few processors", variables: Container.memory(512), processors: "4", expected: "2"),
        Container(name: "one processor", variables: Container.memory(256), processors: "1", expected: "2"),
        Container(name: "less than any size", variables: Container.memory(64), expected: "2 2 2 2"),
        Container(name: "few processes", limit: "128", expected: "8 8 8"),
        Container(name: "fewer processes", limit: "20", expected: "2 2 2"),
        Container(name: "no limit", variables: Container.memory(512), limit: "unlimited", expected: "4 4 4 2"),
        Container(name: "elsewhere", expected: ""),
        Container(name: "no number", variables: ["CONTAINER_MEMORY": "512M"], expected: ""),
        Container(
          name: "no sensible number",
          variables: ["CONTAINER_MEMORY": String(repeating: "9", count: 40)],
          limit: String(repeating: "9", count: 40),
          expected: ""
        ),
        Container(name: "no nproc", variables: Container.memory(256), processors: nil, expected: "2"),
        Container(name: "nonsense of nproc", variables: Container.memory(256), processors: "many", expected: "2"),
        Container(name: "off", variables: off("Off"), expected: ""),
        Container(name: "0", variables: off("0"), expected: ""),
        Container(name: "false", variables: off("false"), expected: ""),
        Container(name: "on", variables: off("on"), expected: "2 2 2 2"),
        Container(name: "empty", variables: off(""), expected: "2 2 2 2"),
        Container(name: "all set by the owner", variables: set, expected: "7 7 7 7"),
        Container(name: "all but one set by the owner", variables: halfSet, expected: "7 2 7 7"),
      ]
    )
  }

  /// The same with what this machine itself has: whatever that is, nothing is printed, and nothing fails.
  @Test(arguments: shells)
  func anyMachineWillDo(shell: [String]) throws {
    try ProfileScript.write(into: folder.path, [], RuntimeDefaults(Self.lockFile), linking: nil)
    let program = try #require(plainEnvironment.executable(named: shell[0]))
    let script =
      ". ./.profile.d/rust.sh; (CONTAINER_MEMORY=268435456; . ./.profile.d/rust.sh); PATH=/nowhere; "
      + "CONTAINER_MEMORY=268435456; . ./.profile.d/rust.sh; echo \"$MALLOC_ARENA_MAX\""
    let arguments = Array(shell.dropFirst()) + ["-euc", script]
    let run = try Command(program.description, arguments, environment: plainEnvironment, directory: folder.path)
      .capture()
    #expect(run.status.isSuccess && run.errors.isEmpty && run.output == "2\n", "\(shell): \(run.output)\(run.errors)")
  }

  @Test func onlyWhatTheAppDependsOnIsSet() throws {
    let none = RuntimeDefaults(nil)
    #expect(none.variables == ["MALLOC_ARENA_MAX"])
    #expect(none.remark.hasPrefix("Small containers get MALLOC_ARENA_MAX at their start, unless you set it, or RUST"))
    let tokio = RuntimeDefaults(LockFile(Array("[[package]]\nname = \"tokio\"\nversion = \"1.0.0\"\n".utf8)))
    #expect(tokio.variables == ["TOKIO_WORKER_THREADS", "MALLOC_ARENA_MAX"])
    #expect(tokio.remark.contains("TOKIO_WORKER_THREADS and MALLOC_ARENA_MAX at their start, unless you set them,"))
    for (defaults, expected) in [(none, "2"), (tokio, "2 2")] {
      try ProfileScript.write(into: folder.path, [], defaults, linking: nil)
      try expect(["bash"], [Container(name: "small", variables: Container.memory(256), expected: expected)])
    }
  }
}
