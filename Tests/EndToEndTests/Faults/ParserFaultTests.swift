import Foundation
import Testing

@testable import RustBuildpack

/// Mutated real input to every parser: none may trap, whatever it makes of it.
///
/// `FAULTS_SECONDS` sets the time for each parser; a trap ends the whole run, and the seed repeats it.
@Suite struct ParserFaultTests {
  private static let seconds =
    ProcessInfo.processInfo.environment["FAULTS_SECONDS"].flatMap(Double.init) ?? (Faults.isAll ? 20 : 1)

  private static let manifest = """
    [package]
    name = "hello"   # a comment
    version = "0.1.0"
    metadata.scalingo = { packages = ["a", 'b'], number = 0x1F, float = 1e3, day = 1979-05-27T07:32:00Z }
    [[bin]]
    name = "web"
    text = \"\"\"
      several \\u00E9 \\
      lines\"\"\"
    [profile.release]
    lto = true
    """
  private static let lockFile = """
    version = 4

    [[package]]
    name = "dep"
    version = "1.0.0"
    source = "registry+https://github.com/rust-lang/crates.io-index"
    checksum = "00ff"
    dependencies = [
     "other 1.0.0",
    ]
    """
  private static let messages = """
    {"reason":"compiler-artifact","package_id":"path+file:///a#hello@0.1.0","manifest_path":"/a/Cargo.toml",\
    "target":{"kind":["bin"],"name":"hello"},"filenames":["/t/release/hello"],"executable":"/t/release/hello","fresh":false}
    {"reason":"build-script-executed","package_id":"a","linked_libs":[],"env":[],"out_dir":"/t/out"}
    {"reason":"build-finished","success":true,"n":[1.5e-3,null,"\\ud83d\\ude00"]}
    """
  private static let metadata = """
    {"packages":[{"name":"hello","version":"0.1.0","id":"path+file:///a#0.1.0","dependencies":[{"name":"d","path":"/a/d"}],\
    "targets":[{"kind":["bin"],"name":"hello","required-features":["x"]}],"features":{"x":["d/y"]},\
    "manifest_path":"/a/Cargo.toml","metadata":{"scalingo":{"packages":["hello"]}},"default_run":"hello","edition":"2021"}],\
    "workspace_members":["path+file:///a#0.1.0"],"workspace_default_members":["path+file:///a#0.1.0"],\
    "workspace_root":"/a","metadata":{"scalingo":{"features":"x"}}}
    """
  private static let rustConfig = """
    # of another buildpack
    VERSION=1.75.0
    RUST_SKIP_BUILD=1
    BUILD_PATH="web/app"
    RUST_CARGO_BUILD_FLAGS="--release -p web --bin 'web'"
    rustup target add wasm32-unknown-unknown
    """

  @Test(.timeLimit(.minutes(60))) func none() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = FilePath(folder)
    let parsers: [(name: String, sample: [UInt8], parse: ([UInt8]) -> Void)] = [
      ("TOML", Array(Self.manifest.utf8), { _ = try? TOML.parse($0) }),
      ("lock file", Array(Self.lockFile.utf8), { _ = LockFile($0) }),
      ("JSON", Array(Self.metadata.utf8), { _ = try? JSON.parse($0) }),
      (
        "cargo's messages", Array(Self.messages.utf8),
        { bytes in
          var messages = CargoMessages()
          for line in bytes.split(separator: 10) { messages.add(line) }
        }
      ),
      (
        "metadata", Array(Self.metadata.utf8),
        { bytes in
          guard let document = try? JSON.parse(bytes) else { return }
          guard let metadata = CargoMetadata(document, buildDirectory: "/a") else { return }
          let sections = [(metadata.rootPackage?.settings, "x"), (metadata.workspaceSettings, "y")]
          guard let settings = try? Settings(Environment(), sections) else { return }
          _ = try? InstallPlan(metadata, settings, app: "/nowhere", environment: Environment())
        }
      ),
      ("RustConfig", Array(Self.rustConfig.utf8), { _ = RustConfig(content: $0) }),
      (
        "settings", Array("--features 'a b' --config x=\"y\" --jobs 4,web worker".utf8),
        { bytes in
          let text = String(decoding: bytes, as: UTF8.self)
          let names = [
            "RUST_INSTALL_FLAGS", "RUST_INSTALL_PACKAGES", "RUST_INSTALL_FEATURES", "RUST_TOOLS", "RUST_CACHE",
            "RUST_INSTALL_PROFILE", "GIT_CRED__HTTPS__\(text)",
          ]
          for name in names {
            let environment = Environment([name: bytes])
            _ = try? Settings(environment, [])
            _ = SourceAccess(environment)
          }
        }
      ),
      (
        "Procfile", Array("web: A=1 exec \"bin/hello\" $PORT > x && y | z\nworker: target/release/hello\n# x\n".utf8),
        { bytes in
          try? path.appending("Procfile").write(bytes)
          _ = ProcfileCheck(path, executables: ["hello"], tools: [], packages: [], environment: Environment()).warnings
        }
      ),
      (
        "toolchain file", Array("[toolchain]\nchannel = \"1.85\"\ntargets = [\"a\"]\nprofile = \"minimal\"\n".utf8),
        { bytes in
          try? path.appending("rust-toolchain.toml").write(bytes)
          _ = try? ToolchainRequest.read(path, top: path, Environment(), nil)
        }
      ),
      (
        "our note on the cache", Self.note(),
        { bytes in
          _ = CacheNote(bytes)
          _ = (try? JSON.parse(bytes))?["state"].flatMap { CacheNote(state: $0) }
        }
      ),
      (
        "our record for release", try Self.launchRecord(in: path),
        { bytes in
          try? path.appending(".scalingo/rust/launch.json").write(bytes)
          _ = LaunchRecord(from: path)
        }
      ),
      (
        "our record", try Self.record(in: path),
        { bytes in
          try? path.appending("record").write(bytes)
          _ = SourceRecord.read(path.appending("record"))
        }
      ),
    ]
    var numbers = SeededNumbers(seed: Faults.seed)
    for (name, sample, parse) in parsers {
      Faults.attempt("Input", "\(name), \(Self.seconds) s") {
        let end = Date(timeIntervalSinceNow: Self.seconds)
        var count = 0
        while Date() < end {
          for _ in 0..<20 { parse(Self.mutated(sample, &numbers)) }
          count += 20
        }
        print("FUZZ: \(name): \(count) inputs")
        return nil
      }
    }
  }

  /// A record as a deployment leaves it.
  private static func record(in folder: FilePath) throws -> [UInt8] {
    let app = folder.appending("app/src")
    try app.makeDirectories()
    for name in ["a.rs", "b.rs"] { try app.appending(name).write(Array("content \(name)".utf8)) }
    let cache = folder.appending("cache")
    let freshness = try Freshness(folder.appending("app"), excluding: cache, number: 1, record: nil)
    return freshness.record(written: [], buildScripts: ["build.rs"], readers: []).serialized
  }

  /// The note on the cache's state, as a deployment leaves it.
  private static func note() -> [UInt8] {
    let toolchain = Toolchain(channel: "stable", version: "1.95.0", identity: "rustc 1.95.0\nhost: x86_64\n")
    let variables = Environment(["RUSTFLAGS": Array("-C target-cpu=native".utf8)])
    var note = CacheNote()
    note.key = CacheKey(
      stack: "scalingo-24",
      link: "/tmp/x",
      toolchain: toolchain,
      profile: "small",
      environment: variables
    )
    note.toolchain = toolchain
    note.archives[.own] = CacheArchive(name: "own-1.tar.zst", digest: "0a", size: 9, list: "1b", firstSize: 9)
    return note.serialized
  }

  /// What compile leaves for release.
  private static func launchRecord(in folder: FilePath) throws -> [UInt8] {
    try LaunchRecord(executables: ["web", "a b"], defaultRuns: ["web"], addons: ["scalingo-redis"]).write(into: folder)
    return try folder.appending(".scalingo/rust/launch.json").contents()
  }

  /// A few changes: bytes flipped, cut out, doubled, moved, replaced by what parsers stumble over.
  private static func mutated(_ sample: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
    var bytes = sample
    let awkward =
      [
        "\"", "'", "\\", "\n", "\r", "\0", "[", "]", "{", "}", "=", ".", ",", "-", "\u{FFFD}", "é",
        "9999999999999999999",
        "\"\"\"", "\\u", "\\ud800", "[[", "1e999", "#", "null", String(repeating: "[", count: 300), "..", "/",
      ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xF0, 0x9F], [0x80]]
    for _ in 0..<Int.random(in: 1...6, using: &numbers) {
      guard !bytes.isEmpty else { break }
      let place = Int.random(in: 0..<bytes.count, using: &numbers)
      let length = min(bytes.count - place, Int.random(in: 0...12, using: &numbers))
      switch Int.random(in: 0..<6, using: &numbers) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
      case 1: bytes.removeSubrange(place..<(place + length))
      case 2:
        bytes.insert(contentsOf: bytes[place..<(place + length)], at: Int.random(in: 0...bytes.count, using: &numbers))
      case 3: bytes.removeLast(bytes.count - place)
      case 4: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      default: bytes.insert(contentsOf: awkward.randomElement(using: &numbers) ?? [], at: place)
      }
    }
    return bytes
  }
}

private func temporaryFolder() throws -> String {
  let folder = NSTemporaryDirectory() + "/parser-faults-\(UUID().uuidString)"
  try makeFolder(folder)
  return folder
}
