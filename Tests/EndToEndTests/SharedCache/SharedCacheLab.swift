import Foundation
import StandIns

/// Apps with crates of a registry, deployed on a platform whose cache can be taken away, at the same path.
struct SharedCacheLab {
  static let crates = ["alpha", "beta", "gamma", "delta", "epsilon"]
  private static let rust = Result { () throws -> OfflineRust in
    let rust = try Rust.own()
    for name in crates {
      // Something to compile, so that a store's death can fall into the build.
      let functions = (0..<40).map { "pub fn f\($0)(n: u64) -> String { format!(\"{}\", n + \($0)) }" }
      let source = "pub const NAME: &str = \"\(name)\";\n" + functions.joined(separator: "\n")
      try rust.registry.add(.init(name, "1.0.0", files: ["src/lib.rs": source]))
    }
    // One with a build script, since those can't be shared.
    try rust.registry.add(
      .init(
        "scripted",
        "1.0.0",
        files: ["build.rs": "fn main() {}\n", "src/lib.rs": "pub const NAME: &str = \"scripted\";\n"]
      )
    )
    return rust
  }

  let platform: Platform
  private let lock: String
  /// What the test wants with every deployment, beside the store.
  let variables: [String: String]

  /// A platform with a toolchain and the lock file of the app.
  init() throws {
    platform = try Platform(rust: Self.rust.get())
    variables = try Sccache.variables()
    let first = try platform.deploy(Self.app("learning", lock: nil))
    guard first.exitCode == 0, let text = first.contents("Cargo.lock") else { throw Failure(first.log) }
    lock = text
    try forget()
  }

  /// The app whose `hello` prints a text and the names of its crates.
  func app(_ text: String = "hello") -> App { Self.app(text, lock: lock) }

  private static func app(_ text: String, lock: String?) -> App {
    let all = crates + ["scripted"]
    let dependencies = all.map { "\($0) = \"1\"\n" }.joined()
    let names = all.map { "\($0)::NAME" }.joined(separator: ", ")
    let app = App.package(manifest: "[dependencies]\n\(dependencies)inner = { path = \"inner\" }\n")
      .with([
        "inner/Cargo.toml": "[package]\nname = \"inner\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
        "inner/src/lib.rs": "pub const TEXT: &str = \"\(text)\";\n",
        "src/main.rs": "fn main() { println!(\"{} {}\", inner::TEXT, [\(names)].join(\" \")); }\n",
      ])
    return lock.map { app.with(["Cargo.lock": $0]) } ?? app.without("Cargo.lock")
  }

  /// What the app prints.
  static func output(_ text: String = "hello") -> String {
    "\(text) \((crates + ["scripted"]).joined(separator: " "))\n"
  }

  /// Makes the cache that of another app, one that has the toolchain and nothing compiled.
  func forget() throws {
    try shell("rm -f \"$1\"/own-* \"$1\"/dependencies-*", platform.rustCache)
  }

  /// A deployment with a store's variables, in ENV_DIR.
  func deploy(_ store: [String: String], _ app: App? = nil, process: [String: String?] = [:]) throws -> Deployment {
    try platform.deploy(app ?? self.app(), env: variables.merging(store) { $1 }, process: process)
  }

  /// What is left behind by a deployment: processes, and folders for their sockets.
  func leftOver() throws -> [String] {
    let limit = Date(timeIntervalSinceNow: 1.5)
    while true {
      let left = Self.sharedProcesses(of: platform)
      if left.isEmpty || Date() > limit { return left }
      usleep(20_000)
    }
  }

  /// Processes that belong to the platform, or are of a server that it started: those name its folder in their variables.
  private static func sharedProcesses(of platform: Platform) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { Int($0) != nil && Int32($0) != getpid() }.compactMap { pid in
      guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/environ"), !bytes.isEmpty,
        String(decoding: bytes, as: UTF8.self).contains(platform.folder)
      else { return nil }
      let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
      return "\(pid) \(String(decoding: command, as: UTF8.self).replacingOccurrences(of: "\0", with: " "))"
    }
  }
}
