import Foundation
import Glibc
import StandIns
import Testing

/// Env directories, manifests and trees that nobody expects.
@Suite(.needsStandIns) struct InputFaultTests {
  @Test func envDirectories() throws {
    let platform = try Platform.installed()
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(platform.env)/\(name)"))
    }
    func attempt(_ name: String, _ prepare: () throws -> Void, failing words: String? = nil) {
      Faults.attempt("Input", "ENV_DIR: \(name)") {
        try shell("rm -rf \"$1\" && mkdir \"$1\"", platform.env)
        try prepare()
        defer { _ = try? shell("rm -rf \"$1\" && mkdir \"$1\"", platform.env) }
        let deployment = try platform.deploy(.package(printing: name))
        guard let words else { return deployment.trouble(printing: name) }
        return deployment.exitCode == 1 && deployment.log.contains(words) ? nil : deployment.log
      }
    }
    let bomb = Array("touch \(platform.folder)/bomb; exit 1\n".utf8)
    attempt("5,000 files") {
      for number in 0..<5_000 { try write("VARIABLE_\(number)", Array("value \(number)".utf8)) }
    }
    attempt("32 KB values") {
      for number in 0..<40 { try write("LARGE_\(number)", [UInt8](repeating: 120, count: 32_768)) }
    }
    attempt(
      "more than a program can be given",
      { for number in 0..<400 { try write("LARGE_\(number)", [UInt8](repeating: 120, count: 32_768)) } },
      failing: "config vars are too large together"
    )
    attempt("newlines") { try write("LINES", Array("\n\na\nb\r\n\n".utf8)) }
    attempt("NULs") { try write("NULS", [65, 0, 66]) }
    attempt("invalid UTF-8") { try write("BYTES", [0xFF, 0xC3, 0x28]) }
    attempt("folders") { try makeFolder(platform.env + "/FOLDER/SUB") }
    attempt("a FIFO") { mkfifo(platform.env + "/FIFO", 0o600) }
    attempt("a link to nowhere") { symlink("/nowhere", platform.env + "/LINK") }
    attempt("names that steer") {
      for name in ["PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "GIT_DIR"] { try write(name, Array("/nowhere".utf8)) }
      for name in ["BASH_ENV", "ENV"] {
        try write(name, Array("\(platform.folder)/steer".utf8))
        try Data(bomb).write(to: URL(fileURLWithPath: platform.folder + "/steer"))
      }
      for name in ["IFS", "A B", "A=B", "1A", "-x", "é", "a.b"] { try write(name, Array("x".utf8)) }
    }
    Faults.attempt("Input", "ENV_DIR: nothing of it was run") {
      FileManager.default.fileExists(atPath: platform.folder + "/bomb") ? "a file of ENV_DIR was run" : nil
    }
    // Root reads everything; OwnerFaultTests has an ordinary user try.
    if getuid() != 0 {
      attempt("unreadable files") {
        try write("SECRET", [65])
        chmod(platform.env + "/SECRET", 0)
      }
    }
  }

  /// Links of the app to what is not its own, in all places where something is written, removed or changed.
  @Test func linksOfTheApp() throws {
    let platform = try Platform.installed()
    let outside = platform.folder + "/outside"
    try makeFolder(outside + "/release")
    for name in ["a", "b.rs", "release/hello"] {
      try Data("canary".utf8).write(to: URL(fileURLWithPath: "\(outside)/\(name)"))
    }
    let folders = [".profile.d", ".scalingo", ".scalingo/rust", "bin", "target", "src/linked", ".cargo", "vendor"]
    let files = [
      ".profile.d/rust.sh", ".scalingo/rust/launch.json", ".scalingo/rust/sbom.cdx.json", "bin/hello",
      "bin/pre_compile",
      "bin/post_compile", "target/release/hello", "src/linked.rs", "Cargo.lock", "Procfile", "rust-toolchain",
    ]
    var number = 0
    for (path, target) in folders.map({ ($0, outside) }) + files.map({ ($0, outside + "/a") }) {
      number += 1
      let text = "app \(number)"
      Faults.attempt("Input", "the app's \(path) is a link to elsewhere") {
        let canaries = try contentState(of: outside)
        let app = App.package(printing: text).with(["Procfile": "web: target/release/hello\n"])
        let variables = ["RUST_SBOM": "1", "RUST_KEEP_SOURCES": "0"]
        let met = try platform.deploy(app, env: variables) { build in
          let place = "\(build)/\(path)"
          try makeFolder(URL(fileURLWithPath: place).deletingLastPathComponent().path)
          unlink(place)
          symlink(target, place)
        }
        if try contentState(of: outside) != canaries { return "what is outside was changed: \(met.log)" }
        if met.exitCode == 0 { return met.trouble(printing: text) }
        return met.exitCode == 1 && met.log.contains("\n !     Error: ") ? nil : "exit \(met.exitCode): \(met.log)"
      }
    }
  }

  @Test func manifests() throws {
    let platform = try Platform.installed()
    let cases: [(String, (String) throws -> Void)] = [
      ("a folder", { try makeFolder($0) }),
      ("a FIFO", { mkfifo($0, 0o600) }),
      ("50 MB", { try Data(repeating: 35, count: 50 << 20).write(to: URL(fileURLWithPath: $0)) }),
      ("not UTF-8", { try Data([0xFF, 0xFE, 0x5B]).write(to: URL(fileURLWithPath: $0)) }),
      ("empty", { try Data().write(to: URL(fileURLWithPath: $0)) }),
      ("a link to itself", { symlink("Cargo.toml", $0) }),
    ]
    for (name, make) in cases {
      Faults.attempt("Input", "Cargo.toml: \(name)") {
        let build = try platform.place(App.package().without("Cargo.toml"))
        try make(build + "/Cargo.toml")
        for phase in ["detect", "compile"] {
          let arguments = phase == "detect" ? [build] : [build, platform.cache, platform.env]
          let program = try platform.start(phase, arguments, home: build)
          let code = program.wait(timeout: 30)
          let isFine = phase == "detect" ? code <= 1 : code == 1 && program.log.contains(" !     ")
          if !isFine { return "\(phase): \(code): \(program.log)" }
        }
        return nil
      }
    }
  }

  @Test func trees() throws {
    let platform = try Platform.installed()
    Faults.attempt("Input", "a tree deeper than a path can be long, in the cache") {
      try shell("mkdir -p \"$1/stranger\" && cd \"$1/stranger\" && \(Self.digging)", platform.rustCache)
      let deployment = try platform.deploy(.package(printing: "deep"))
      if FileManager.default.fileExists(atPath: platform.rustCache + "/stranger") { return "it is still there" }
      return deployment.trouble(printing: "deep")
    }
    for (name, folder) in [
      ("work folder", platform.rustCache + "/work"), ("folder at the link's place", platform.link),
    ] {
      Faults.attempt("Input", "a tree deeper than a path can be long, in the \(name) that is left") {
        try shell("mkdir -p \"$1/target/release\" && cd \"$1/target/release\" && \(Self.digging)", folder)
        return try platform.deploy(.package(printing: "deeper")).trouble(printing: "deeper")
      }
    }
    let count = Faults.isAll ? 100_000 : 20_000
    Faults.attempt("Input", "\(count) files in BUILD_DIR") {
      let build = try platform.place(.package(printing: "many"))
      try shell("cd \"$1\" && mkdir many && cd many && seq \(count) | split -l 1 -a 5 - f", build)
      let run = try platform.run("compile", [build, platform.cache, platform.env], home: build)
      return run.exitCode == 0 ? nil : run.output
    }
  }

  /// 60 folders with names of 100 bytes in one another.
  private static let digging =
    "name=$(printf 'x%.0s' $(seq 100)); for i in $(seq 60); do mkdir $name; cd -P ./$name 2>/dev/null || cd ./$name; done"
}
