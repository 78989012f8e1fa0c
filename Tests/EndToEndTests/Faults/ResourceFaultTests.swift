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
        var peak = 0
        for text in ["first", "second"] {
          let build = try platform.place(.package(printing: text))
          // 3 KB each, 1,000 to a folder: 100,000 of them are 300 MB.
          let make =
            "mkdir -p \"$1/assets/images/of/some\" && cd \"$1/assets/images/of/some\" && "
            + "for i in $(seq \(count / 1_000)); do "
            + "mkdir depth-$i && head -c 3000000 /dev/zero | split -b 3000 -a 3 - depth-$i/file-; done"
          try shell(make, build)
          let program = try platform.start("compile", [build, platform.cache, platform.env], home: build)
          while program.isRunning {
            peak = max(peak, program.peakMemory)
            usleep(2_000)
          }
          if program.wait() != 0 { return program.log }
          try FileManager.default.removeItem(atPath: build)
        }
        print("MEMORY: compile took \(peak) kB at its peak with \(count) files")
        return peak > 0 && peak < Faults.mostMemory ? nil : "\(peak) kB"
      }
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
