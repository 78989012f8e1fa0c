// Warnings of a Procfile, and all the commands of which there is none.
import Testing

@testable import RustBuildpack

@Suite struct ProcfileCheckTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in Self.executables + Self.tools { try folder.write("", to: "bin/\(name)", permissions: 0o755) }
    try folder.write("#!/bin/sh\n", to: "bin/start", permissions: 0o755)
  }

  private static let executables = ["clock", "frontdoor", "migrate", "queue-worker"]
  private static let tools = ["sqlx"]

  private func warnings(_ procfile: String?, path: String = "/usr/bin:/bin") throws -> [String] {
    if let procfile { try folder.write(procfile, to: "Procfile") }
    return ProcfileCheck(
      folder.path,
      executables: Self.executables,
      tools: Self.tools,
      packages: Self.executables,
      environment: Environment(["PATH": Array(path.utf8)])
    ).warnings
  }

  @Test(
    arguments: [
      ("a misspelt name", "web: fromtdoor", ["starts \"fromtdoor\", which is not there", "mean \"frontdoor\"?"]),
      ("the same with exec", "web: A=1 exec fromtdoor --all", ["\"fromtdoor: command not found\""]),
      ("another name", "web: gunicorn app", ["starts \"gunicorn\"", "clock, frontdoor, migrate, queue-worker, sqlx."]),
      ("after another program", "web: migrate && fromtdoor", ["starts \"fromtdoor\""]),
      ("within another shell", "web: bash -c 'fromtdoor'", ["starts \"fromtdoor\""]),
      ("after cd", "web: cd public && fromtdoor", ["starts \"fromtdoor\""]),
      ("a misspelt path", "web: bin/frontdor", ["starts \"bin/frontdor\"", "Did you mean bin/frontdoor?"]),
      ("of cargo's folder", "web: ./target/release/gone", ["starts \"./target/release/gone\""]),
      ("by HOME", "web: cd x; $HOME/bin/gone", ["starts \"$HOME/bin/gone\""]),
      ("cargo run", "web: cargo run --release", ["runs cargo", "  web: bin/frontdoor"]),
      ("cargo run --bin", "w: cargo run --bin clock -- --at $PORT\nweb: frontdoor", ["  w: bin/clock --at $PORT"]),
      ("cargo run of a package", "web: cargo run -p queue-worker", ["  web: bin/queue-worker"]),
      ("another command of cargo", "web: cargo watch -x run -- x", ["  web: bin/frontdoor"]),
      ("no web", "clock: clock", ["no process called \"web\"", "  web: bin/frontdoor", "scale web:0 clock:1"]),
      ("a capital", "Web: frontdoor $PORT", ["a process \"Web\"", "  web: frontdoor $PORT"]),
      ("a name with _", "web: frontdoor\nqueue_worker: queue-worker", ["\"queue_worker\"", "to \"queueworker\"."]),
      ("a long name", "web: frontdoor\nabcdefghijklmnopqrstuvwxyz: clock", ["to \"abcdefghijklmnopqrstuvwx\"."]),
      ("a byte order mark", "\u{FEFF}web: frontdoor", ["begins with a byte order mark"]),
      ("Windows' line ends", "web: frontdoor\r\nclock: clock\r\n", ["has the line ends of Windows"]),
      ("nothing", "", ["names no process", "\"web: bin/frontdoor\""]),
      ("comments only", "# web: frontdoor\n\n", ["names no process"]),
      ("no command", "web:\n", ["names no process"]),
      ("a pipe", "web: frontdoor | tee log", ["leaves a shell", "  web: exec frontdoor > >(tee log)"]),
      ("a pipe into the app", "web: echo x | bin/frontdoor", ["  web: exec bin/frontdoor < <(echo x)"]),
      ("two at once", "web: clock & frontdoor", ["  web: clock & exec frontdoor"]),
    ] as [(String, String, [String])]
  )
  func tellWhatWillHappen(name: String, procfile: String, words: [String]) throws {
    let found = try warnings(procfile)
    #expect(found.count == 1, "\(name): \(found)")
    for word in words { #expect(found.joined().contains(word), "\(name): \(found)") }
    #expect(found.allSatisfy { $0.hasPrefix("Warning: ") && $0.contains("\n\n") && !$0.contains("\n\n\n") })
    #expect(found.joined(separator: "\n").split(separator: "\n").allSatisfy { $0.count <= 120 }, "\(found)")
  }

  @Test(arguments: [
    "frontdoor", "bin/frontdoor", "./bin/frontdoor --x", "/app/bin/frontdoor", "$HOME/bin/frontdoor", "exec frontdoor",
    "start", "bash bin/start", "sqlx migrate run && frontdoor", "migrate; frontdoor", "echo hi", "sh -c frontdoor",
    "env A=1 frontdoor", "PATH=/x:$PATH unknown", "source env.sh; unknown", ". ./env.sh && unknown", "$SERVER --all",
    "unknown || frontdoor", "frontdoor || unknown", "if x; then unknown; fi", "unknown $(date)",
    "[ -f x ] && frontdoor", "cd public && bin/unknown", "cd public && ./bin/unknown", "./start.sh",
    "node_modules/.bin/x", "bin/$NAME", "\"frontdoor\"",
    "'bin/frontdoor --a b'", "frontdoor --config bin/missing.toml", "test -x bin/missing && frontdoor || true",
    "frontdoor 2>&1", "exec frontdoor > >(tee log)", "clock & exec frontdoor", "clock & frontdoor & wait",
    "trap 'kill 0' TERM; clock & frontdoor", "echo a | cat", "migrate | tee log && frontdoor", "nohup frontdoor",
    "export X=1; unknown", "eval unknown", "nice frontdoor", "bash -lc unknown", "frontdoor #| tee",
  ])
  func areNoneOfACommandThatMayBeRight(command: String) throws {
    #expect(try warnings("web: \(command)\n") == [])
  }

  @Test func whatOtherBuildpacksBringIsNotMissing() throws {
    #expect(try warnings("web: uvicorn x").count == 1)
    #expect(try warnings("web: uvicorn x", path: "/usr/bin:/app/.node/bin") == [])
    #expect(try warnings("web: uvicorn x", path: "/usr/bin:/app/bin").count == 1)
    try folder.write("export PATH=/app/node:$PATH\n", to: ".profile.d/node.sh")
    #expect(try warnings("web: uvicorn x") == [])
    #expect(try warnings("web: fromtdoor").count == 1)
    try folder.write("", to: "tools/fromtdoor")
    #expect(try warnings("web: fromtdoor") == [])
    try folder.write("alias fromtdor=frontdoor\n", to: ".profile")
    #expect(try warnings("web: fromtdor") == [])
    try folder.write("https://example.com/other\n", to: ".buildpacks")
    #expect(try warnings("web: frontdoo") == [])
  }

  @Test func aFileOfAnotherSpellingIsNamed() throws {
    #expect(try warnings(nil) == [])
    try folder.write("web: frontdoor\n", to: "procfile")
    let found = try warnings(nil)
    #expect(found.count == 1 && found.joined().contains("git mv procfile Procfile"), "\(found)")
    #expect(try warnings("web: frontdoor") == [])
  }

  /// Bash as it is here is the judge of whether a shell stays.
  @Test(arguments: [
    ("sleep 9 | cat", "bash"), ("echo | sleep 9", "bash"), ("sleep 3 & sleep 9", "bash"), ("true && sleep 9", "sleep"),
    ("true; sleep 9", "sleep"), ("true; exec sleep 9", "sleep"), ("exec sleep 9 > >(cat)", "sleep"),
    ("exec sleep 9 < <(echo)", "sleep"), ("sleep 3 & exec sleep 9", "sleep"),
  ])
  func bashStaysAsTheWarningsSay(command: String, expected: String) throws {
    let script = """
      bash -c "$1" > /dev/null & sleep 0.5; cat /proc/$!/comm
      """
    var run = Command("bash", ["-c", script, "bash", command], environment: plainEnvironment, directory: folder.path)
    run.timeLimit = 20
    #expect(try run.capture().output == "\(expected)\n", "\(command)")
  }

  @Test(arguments: [
    (["clock", "frontdoor", "migrate", "queue-worker"], ["a", "b"], "frontdoor"),
    (["admin", "shop"], ["shop"], "shop"),
    (["admin", "zeta-server"], ["a", "b"], "zeta-server"), (["api", "shop"], ["shop"], "api"),
    (["web-worker", "web-ui"], [], "web-ui"), (["migrate", "worker"], ["a", "b"], "migrate"), (["b", "a"], [], "b"),
  ])
  func theExampleIsTheLikeliest(executables: [String], packages: [String], expected: String) {
    #expect(LikelyWebProcess.choose(among: executables, packages: packages) == expected)
    #expect(LikelyWebProcess.choose(among: [], packages: packages) == nil)
  }
}
