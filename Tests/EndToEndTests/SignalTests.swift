import Foundation
import Glibc
import Testing

/// What the platform's signals do to a deployment, and what an unhelpful reader does.
@Suite(.needsRust, .serialized) struct SignalTests {
  /// An app whose build script starts a shell that sleeps; with `stubborn`, a shell that does not mind signals.
  private func sleeping(stubborn: Bool = false) -> App {
    App.package().with([
      "build.rs": """
      fn main() {
          println!("cargo::rerun-if-changed=build.rs");
          std::fs::write("sleeping", "").unwrap();
          let script = "\(stubborn ? "trap '' TERM INT HUP; " : "")while :; do sleep 1; done";
          std::process::Command::new("sh").args(["-c", script]).status().unwrap();
      }
      """
    ])
  }

  /// Starts compile and returns when the app's build script sleeps.
  private func startSleeping(_ platform: Platform, stubborn: Bool = false, output: Program.Stream = .log) throws
    -> Program
  {
    let build = try platform.place(sleeping(stubborn: stubborn))
    let program = try platform.start("compile", [build, platform.cache, platform.env], output: output)
    let limit = Date(timeIntervalSinceNow: 60)
    while !FileManager.default.fileExists(atPath: build + "/sleeping"), Date() < limit { usleep(5_000) }
    try #require(!processes(in: platform.folder).isEmpty)
    return program
  }

  @Test(arguments: [("TERM", SIGTERM), ("INT", SIGINT), ("HUP", SIGHUP)])
  func aSignalStopsTheWholeBuild(name: String, signal: Int32) throws {
    let platform = try Platform.installed()
    let program = try startSleeping(platform)
    let start = Date()
    program.signal(signal)
    #expect(program.wait(timeout: 20) == 128 + signal, "\(name): \(program.log)")
    #expect(Date().timeIntervalSince(start) < 4, "\(name)")
    #expect(processesLeft(in: platform.folder) == [])

    let next = try platform.deploy(.package(printing: "after \(name)"))
    #expect(next.exitCode == 0, "\(next.log)")
    #expect(next.output(of: "hello") == "after \(name)\n")
  }

  @Test func whatDoesNotEndIsKilled() throws {
    let platform = try Platform.installed()
    let program = try startSleeping(platform, stubborn: true)
    let start = Date()
    program.signal(SIGTERM)
    #expect(program.wait(timeout: 20) == 143)
    #expect(Date().timeIntervalSince(start) < 9)
    #expect(processesLeft(in: platform.folder) == [])
  }

  @Test(arguments: [("unpacking", false), ("unpacking", true), ("packing", false), ("packing", true)])
  func aSignalStopsWhatIsUnpackedAndPacked(work: String, stubborn: Bool) throws {
    let platform = try Platform.installed()
    #expect(try platform.deploy(.package()).exitCode == 0)
    // A zstd that does not come to an end, where all its other programs are this machine's.
    let programs = platform.folder + "/programs"
    let mark = platform.folder + "/sleeping"
    try makeFolder(programs)
    let script = """
      #!/bin/sh
      case "$*" in *-d*) work=unpacking ;; *) work=packing ;; esac
      if [ $work != \(work) ]; then PATH=/usr/bin:/bin exec zstd "$@"; fi
      \(stubborn ? "trap '' TERM INT HUP" : "")
      : >"\(mark)"
      cd "\(platform.folder)"
      while :; do sleep 1; done
      """
    try Data(script.utf8).write(to: URL(fileURLWithPath: programs + "/zstd"))
    try shell("chmod 755 \"$1\"", programs + "/zstd")
    let before = try shell("cd \"$1\" && sha256sum *", platform.rustCache)
    let build = try platform.place(.package(printing: "stopped"))
    let path = ["PATH": programs + ":/usr/local/bin:/usr/bin:/bin"]
    let program = try platform.start("compile", [build, platform.cache, platform.env], process: path)
    let limit = Date(timeIntervalSinceNow: 60)
    while !FileManager.default.fileExists(atPath: mark), Date() < limit { usleep(5_000) }
    let start = Date()
    program.signal(SIGTERM)
    #expect(program.wait(timeout: 20) == 143, "\(program.log)")
    #expect(Date().timeIntervalSince(start) < (stubborn ? 9 : 4))
    #expect(processesLeft(in: platform.folder) == [])
    let isKept = try shell("cd \"$1\" && echo \"$2\" | sha256sum -c --quiet && echo yes", platform.rustCache, before)
    #expect(isKept == "yes\n")
    let next = try platform.deploy(.package(printing: "after it"))
    #expect(next.output(of: "hello") == "after it\n", "\(next.log)")
  }

  @Test(.needsStandIns) func aSignalStopsADownload() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    rust.server.inject(.hang, at: "/rustup/archive")
    let platform = try Platform(rust: rust)
    let build = try platform.place(.package())
    let program = try platform.start("compile", [build, platform.cache, platform.env])
    #expect(program.waitForLog("Downloading rustup"))
    program.signal(SIGTERM)
    #expect(program.wait(timeout: 20) == 143)
    #expect(processesLeft(in: platform.folder) == [])
  }

  @Test func aClosedStandardOutputEndsTheBuild() throws {
    let platform = try Platform.installed()
    var ends: [Int32] = [-1, -1]
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    let program = try startSleeping(platform, output: .descriptor(ends[1]))
    close(ends[1])
    close(ends[0])
    // The next line tells it that nobody reads any more; without one, the platform's signal still does its work.
    program.signal(SIGTERM)
    #expect(program.wait(timeout: 20) == 143)
    #expect(processesLeft(in: platform.folder) == [])

    let build = try platform.place(sleeping())
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    let other = try platform.start("compile", [build, platform.cache], output: .descriptor(ends[1]))
    close(ends[1])
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains("Running \"cargo install") {
      let count = read(ends[0], &buffer, buffer.count)
      try #require(count > 0)
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    close(ends[0])
    let start = Date()
    #expect(other.wait(timeout: 20) == 141, "cargo's next line meets the closed pipe")
    #expect(Date().timeIntervalSince(start) < 10)
    #expect(processesLeft(in: platform.folder) == [])
  }

  @Test func aReaderThatIsGoneFromTheStartEndsItAtOnce() throws {
    let platform = try Platform.installed()
    var ends: [Int32] = [-1, -1]
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    for (phase, code) in [("compile", 141), ("detect", 141), ("release", 141)] as [(String, Int32)] {
      let build = try platform.place(.package())
      let arguments = phase == "compile" ? [build, platform.cache] : [build]
      let program = try platform.start(phase, arguments, output: .descriptor(ends[1]))
      #expect(program.wait(timeout: 20) == code, "\(phase)")
    }
    #expect(processesLeft(in: platform.folder) == [])
  }

  @Test func closedDescriptorsHarmNothing() throws {
    let platform = try Platform.installed()
    for (name, input, output, errors) in [
      ("stdin", .closed, .log, .log), ("stdout", .null, .closed, .log), ("stderr", .null, .log, .closed),
      ("all", .closed, .closed, .closed),
    ] as [(String, Program.Stream, Program.Stream, Program.Stream)] {
      let build = try platform.place(.package(printing: name))
      let program = try platform.start(
        "compile",
        [build, platform.cache, platform.env],
        input: input,
        output: output,
        errors: errors
      )
      #expect(program.wait(timeout: 60) == 0, "\(name): \(program.log)")
      #expect(try shell("\"$1\"", build + "/bin/hello") == "\(name)\n")
      if name == "stdin" || name == "stderr" { #expect(program.log.contains("-----> Done in ")) }
      // Nothing of the log was written into a file that took a closed descriptor's number.
      let hits = try shell(
        "grep -rl -e '-----> ' \"$1\" \"$2\" --include='*.json' --include='*.record' || :",
        build,
        platform.cache
      )
      #expect(hits == "", "\(name)")
    }
  }

  @Test(arguments: [false, true]) func aSlowReaderGetsEveryLine(nonblocking: Bool) throws {
    let platform = try Platform.installed()
    let app = App.package().with([
      "build.rs": """
      fn main() {
          for number in 0..300 { println!("cargo::warning=line {number} {}", "x".repeat(60)); }
      }
      """
    ])
    let build = try platform.place(app)
    var ends: [Int32] = [-1, -1]
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    defer { close(ends[0]) }
    _ = fcntl(ends[1], F_SETPIPE_SZ, 4096)
    if nonblocking { _ = fcntl(ends[1], F_SETFL, O_NONBLOCK) }
    let pipe = Program.Stream.descriptor(ends[1])
    let program = try platform.start("compile", [build, platform.cache, platform.env], output: pipe, errors: pipe)
    close(ends[1])
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 512)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
      usleep(5_000)
    }
    #expect(program.wait(timeout: 20) == 0)
    let text = String(decoding: bytes, as: UTF8.self)
    for number in 0..<300 where !text.contains(" line \(number) x") { Issue.record("line \(number) is missing") }
    #expect(text.contains("-----> Done in "))
  }
}
