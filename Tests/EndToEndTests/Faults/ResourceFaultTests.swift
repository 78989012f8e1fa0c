import Foundation
import Glibc
import StandIns
import Testing

/// What compile takes for itself, hands on to cargo, and leaves; and how it would tell of a crash of its own.
@Suite(.needsStandIns, .serialized) struct ResourceFaultTests {
  @Test func memory() throws {
    let platform = try Platform.installed()
    let counts = Faults.isAll ? [20_000, 100_000] : [20_000]
    for count in counts {
      Faults.attempt("Resources", "memory with \(count) files") {
        // 3 KB each, 1,000 to a folder: 100,000 of them are 300 MB.
        let make =
          "mkdir -p \"$1/assets/images/of/some\" && cd \"$1/assets/images/of/some\" && "
          + "for i in $(seq \(count / 1_000)); do "
          + "mkdir depth-$i && head -c 3000000 /dev/zero | split -b 3000 -a 3 - depth-$i/file-; done"
        return try Self.memoryTrouble(platform, "\(count) files", .package(printing: "first")) { try shell(make, $0) }
      }
    }
    let size = Faults.isAll ? 400 : 100
    Faults.attempt("Resources", "memory with an executable of \(size) MB") {
      let source = "static DATA: &[u8] = include_bytes!(\"../data\");\nfn main() { println!(\"{}\", DATA.len()); }\n"
      return try Self.memoryTrouble(
        platform,
        "an executable of \(size) MB",
        App.package().with(["src/main.rs": source])
      ) {
        try shell("head -c \(size)000000 /dev/urandom >\"$1/data\"", $0)
      }
    }
  }

  /// Deploys three times, and says what is wrong with the memory that compile took.
  private static func memoryTrouble(
    _ platform: Platform,
    _ name: String,
    _ app: App,
    _ prepare: (String) throws -> Void
  ) throws -> String? {
    var peaks: [Int] = []
    for number in 0..<3 {
      // The second one finds all as it was.
      let build = try platform.place(app.with(["changed.txt": "\(number / 2)"]))
      try prepare(build)
      let program = try platform.start("compile", [build, platform.cache, platform.env], home: build)
      while program.isRunning { usleep(2_000) }
      if program.wait() != 0 { return program.log }
      peaks.append(program.peakMemory)
      try FileManager.default.removeItem(atPath: build)
    }
    print("MEMORY: compile took \(peaks.map { "\($0) kB" }.joined(separator: ", then ")) at its peak with \(name)")
    return peaks.allSatisfy { $0 > 0 && $0 < Faults.mostMemory } ? nil : "\(peaks) kB"
  }

  // MARK: Programs that are missing

  /// A folder of links to this machine's programs, without some.
  private static func programs(without missing: String, _ platform: Platform) throws -> String {
    let folder = platform.folder + "/without-" + missing
    try shell("mkdir \"$1\"; ln -s /usr/bin/* /bin/* \"$1\" 2>/dev/null || :; rm \"$1/$2\"", folder, missing)
    return folder
  }

  @Test func withoutZstdNothingIsCompressed() throws {
    let platform = try Platform()
    let path = ["PATH": try Self.programs(without: "zstd", platform)]
    Faults.attempt("Resources", "no zstd") {
      if let trouble = try platform.deploy(.package(printing: "a"), process: path).trouble(printing: "a") {
        return trouble
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: platform.rustCache)
      if names.contains(where: { $0.hasSuffix(".zst") }) || !names.contains(where: { $0.hasSuffix(".tar") }) {
        return "\(names)"
      }
      let same = try platform.deploy(.package(printing: "a"), process: path)
      if !same.compiled.isEmpty { return "compiled: \(same.log)" }
      return try platform.deploy(.package(printing: "b"), process: path).trouble(printing: "b")
    }
    Faults.attempt("Resources", "zstd is there again") {
      let same = try platform.deploy(.package(printing: "b"))
      if !same.compiled.isEmpty || !same.log.contains("Nothing changed") { return "compiled: \(same.log)" }
      return try platform.deploy(.package(printing: "c")).trouble(printing: "c")
    }
    Faults.attempt("Resources", "no zstd any more") {
      let next = try platform.deploy(.package(printing: "d"), process: path)
      let words = "since zstd, which it needs, is not installed"
      return next.log.contains(words) ? next.trouble(printing: "d") : next.log
    }
  }

  @Test func withoutTarThereIsAnError() throws {
    let platform = try Platform.installed()
    let path = ["PATH": try Self.programs(without: "tar", platform)]
    Faults.attempt("Resources", "no tar") {
      let before = try SealedCache(platform.rustCache)
      let met = try platform.deploy(.package(printing: "a"), process: path)
      let isClear = met.log.contains("couldn't run tar: No such file") && met.log.contains("Install it")
      if met.exitCode != 1 || !isClear { return "exit \(met.exitCode): \(met.log)" }
      if try SealedCache(platform.rustCache) != before { return "the cache was changed" }
      return try platform.deploy(.package(printing: "b")).trouble(printing: "b")
    }
  }

  @Test func descriptorsAndProcesses() throws {
    let platform = try Platform.installed()
    Faults.attempt("Resources", "descriptors of a build script") {
      let app = App.package().with([
        "build.rs": """
        fn main() {
            let mut found: Vec<String> = std::fs::read_dir("/proc/self/fd").unwrap()
                .filter_map(|e| { let e = e.ok()?; let n = e.file_name().into_string().ok()?;
                    Some(format!("{n} {}", std::fs::read_link(e.path()).ok()?.display())) }).collect();
            found.sort();
            std::fs::write("descriptors.txt", found.join("\\n")).unwrap();
        }
        """
      ])
      let deployment = try platform.deploy(app)
      let found = (deployment.contents("descriptors.txt") ?? "").split(separator: "\n").map(String.init)
      // The three standard ones, the listing itself, cargo's own jobserver and pipes, and on purpose, the cache's lock.
      let ours = found.filter { $0.contains(platform.folder) && !$0.hasSuffix("/rust/lock") }
      return deployment.exitCode == 0 && found.count >= 3 && ours.isEmpty ? nil : "\(found): \(deployment.log)"
    }
    Faults.attempt("Resources", "processes that a build script leaves") {
      let app = App.package(printing: "left").with([
        "build.rs": """
        fn main() {
            use std::process::Stdio;
            let mut left = std::process::Command::new("sh");
            left.args(["-c", "sleep 300"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        }
        """
      ])
      let deployment = try platform.deploy(app)
      let left = processesLeft(in: platform.folder)
      return left.isEmpty ? deployment.trouble(printing: "left") : "\(left)"
    }
  }

  @Test func thousandsOfLinesASecond() throws {
    let platform = try Platform.installed()
    let count = Faults.isAll ? 200_000 : 20_000
    Faults.attempt("Resources", "\(count) lines to a slow reader") {
      let app = App.package(printing: "lines").with([
        "build.rs": """
        use std::io::Write;
        fn main() {
            let mut out = std::io::BufWriter::new(std::io::stderr());
            for number in 0..\(count) { writeln!(out, "line {number}").unwrap(); }
            out.flush().unwrap();
            std::process::exit(1);
        }
        """
      ])
      let build = try platform.place(app)
      var ends: [Int32] = [-1, -1]
      guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Failure("no pipe") }
      defer { close(ends[0]) }
      let pipe = Program.Stream.descriptor(ends[1])
      let program = try platform.start(
        "compile",
        [build, platform.cache, platform.env],
        home: build,
        output: pipe,
        errors: pipe
      )
      close(ends[1])
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 16_384)
      while case let size = read(ends[0], &buffer, buffer.count), size > 0 {
        bytes += buffer[..<size]
        usleep(1_000)
      }
      program.wait(timeout: 20)
      var next = 0
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard words.count == 2, words[0] == "line" else { continue }
        if Int(words[1]) != next { return "line \(words[1]) came where \(next) was due" }
        next += 1
      }
      return next == count ? nil : "\(next) lines came"
    }
  }

  @Test func aCrashOfOursSaysSo() throws {
    let platform = try Platform.installed()
    let signals = [("ILL", SIGILL), ("TRAP", SIGTRAP), ("SEGV", SIGSEGV), ("BUS", SIGBUS), ("ABRT", SIGABRT)]
    for (name, signal) in signals {
      Faults.attempt("Resources", "a crash by SIG\(name)") {
        let app = App.package().with(["build.rs": "fn main() { loop { std::thread::sleep_ms(1000); } }"])
        let build = try platform.place(app)
        let program = try platform.start("compile", [build, platform.cache, platform.env], home: build)
        guard program.waitForLog("Compiling hello") else { return program.log }
        program.signal(signal)
        let code = program.wait(timeout: 20)
        let left = processesLeft(in: platform.folder)
        guard code == 128 + signal, program.log.contains(" !     The buildpack itself has crashed.") else {
          return "\(code): \(program.log)"
        }
        if !left.isEmpty { return "left running: \(left)" }
        return try platform.deploy(.package(printing: name)).trouble(printing: name)
      }
    }
  }
}
