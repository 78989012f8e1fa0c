import Foundation
import Glibc
import Testing

/// Which variables reach cargo and build scripts, and which do not.
@Suite(.needsRust) struct EnvironmentTests {
  /// An app whose executable prints the variables that its build script saw, as `NAME=VALUE` with NUL after each.
  static let mirror = App.package().with([
    "build.rs": """
    use std::os::unix::ffi::OsStrExt;
    fn main() {
        let mut all = Vec::new();
        for (name, value) in std::env::vars_os() {
            all.extend_from_slice(name.as_bytes());
            all.push(b'=');
            all.extend_from_slice(value.as_bytes());
            all.push(0);
        }
        let folder = std::env::var("OUT_DIR").unwrap();
        std::fs::write(std::path::Path::new(&folder).join("variables"), all).unwrap();
    }
    """,
    "src/main.rs": """
    use std::io::Write;
    fn main() {
        std::io::stdout().write_all(include_bytes!(concat!(env!("OUT_DIR"), "/variables"))).unwrap();
    }
    """,
  ])

  private func variables(_ deployment: Deployment) -> [String: String] {
    let entries = (deployment.output(of: "hello") ?? "").split(separator: "\0")
    return Dictionary(
      entries.map { entry in
        let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), String(parts[1]))
      }
    ) { $1 }
  }

  @Test func theEnvDirectoryStandsOverTheProcessAndEverythingArrivesUnchanged() throws {
    let platform = try Platform.installed()
    let long = String(repeating: "x", count: 32_768)
    let canary = "canary-7f3a"
    let env = [
      "ORIGIN": "env directory", "ONLY_ENV": "\(canary)-a", "DATABASE_URL": "postgres://u:\(canary)@h/d?a=b&c='\"$(d)",
      "SQLX_OFFLINE": "true", "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0", "CARGO_NET_RETRY": "7",
      "CARGO_REGISTRIES_PRIVATE_TOKEN": "\(canary)-token", "EMPTY": "", "MANY_LINES": "one\n two\t\n\n=three",
      "NEWLINE_AT_END": "\(canary)\n\n", "LONG": long, "UNICODE": "ünï 🦀",
      "RUSTFLAGS": "--cfg a_flag_\(canary.suffix(4))",
    ]
    let denied = [
      "PATH", "GIT_DIR", "CPATH", "CPPATH", "LD_PRELOAD", "LIBRARY_PATH", "LD_LIBRARY_PATH", "JAVA_OPTS",
      "JAVA_TOOL_OPTIONS", "BUILDPACK_URL", "BUILD_DIR",
    ]
    let deployment = try platform.deploy(
      Self.mirror,
      env: env.merging(denied.map { ($0, "/denied/\(canary)") }) { $1 },
      process: [
        "ORIGIN": "process", "ONLY_PROCESS": "\(canary)-b", "GIT_DIR": "/nowhere", "CARGO_TERM_VERBOSE": "false",
        "BUILDPACK_URL": "https://\(canary)@example.com",
      ]
    )
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    let seen = variables(deployment)
    #expect(seen["ORIGIN"] == "env directory")
    #expect(seen["ONLY_PROCESS"] == "\(canary)-b")
    #expect(seen["CARGO_TERM_VERBOSE"] == "false")
    #expect(seen["NEWLINE_AT_END"] == canary, "as $(cat file) reads it")
    #expect(seen["CARGO_ENCODED_RUSTFLAGS"] == "--cfg\u{1F}a_flag_7f3a", "cargo's form of RUSTFLAGS")
    #expect(seen["LONG"]?.count == 32_768)
    for (name, value) in env where !["ORIGIN", "NEWLINE_AT_END", "RUSTFLAGS"].contains(name) {
      #expect(seen[name] == value, "\(name)")
    }
    #expect(seen["OPT_LEVEL"] == "0", "CARGO_PROFILE_RELEASE_OPT_LEVEL counts")
    #expect(seen["GIT_DIR"] == nil)
    #expect(seen["BUILDPACK_URL"] == "https://\(canary)@example.com", "the process's own stays")
    // cargo itself sets LD_LIBRARY_PATH for build scripts.
    for name in denied { #expect(seen[name]?.contains("/denied/") != true, "\(name)") }
    #expect(!deployment.log.contains("canary"), "no value of a variable is shown")
    #expect(!deployment.log.contains("7f3a"), "no value of a variable is shown")
    #expect(!deployment.log.contains("could not become variables"))
  }

  @Test func whatWouldMoveOurDirectoriesIsOurs() throws {
    let platform = try Platform.installed()
    let names = [
      "CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR",
      "CARGO_INSTALL_ROOT",
    ]
    for source in ["env directory", "process"] {
      let poison = Dictionary(uniqueKeysWithValues: names.map { ($0, "/invalid/\($0)") })
      let deployment = try platform.deploy(
        Self.mirror.with(["src/main.rs": Self.mirror["src/main.rs"]! + "// \(source)\n", "source": source]),
        env: source == "process" ? [:] : poison,
        process: source == "process" ? poison : [:]
      )
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      let seen = variables(deployment)
      #expect(seen["CARGO_HOME"] == platform.link + "/cargo")
      #expect(seen["RUSTUP_HOME"] == platform.link + "/rustup")
      for name in names { #expect(seen[name]?.contains("/invalid") != true, "\(source): \(name)") }
      #expect(!deployment.log.contains("/invalid"), "\(deployment.log)")
      #expect(!FileManager.default.fileExists(atPath: "/invalid"))
    }
  }

  @Test func oddEntriesOfTheEnvDirectoryHarmNothing() throws {
    let platform = try Platform.installed()
    try makeFolder(platform.env + "/A_FOLDER/inside")
    try #require(mkfifo(platform.env + "/A_FIFO", 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: platform.env + "/DANGLING", withDestinationPath: "nowhere")
    try Data("x\0y".utf8).write(to: URL(fileURLWithPath: platform.env + "/WITH_NUL"))
    for name in ["odd-name", "1ST", ".hidden", "a b", "ünï", "new\nline", "A=B"] {
      try Data("odd".utf8).write(to: URL(fileURLWithPath: "\(platform.env)/\(name)"))
    }
    try Data("secret".utf8).write(to: URL(fileURLWithPath: platform.env + "/UNREADABLE"))
    chmod(platform.env + "/UNREADABLE", 0)
    let deployment = try platform.deploy(Self.mirror, env: ["GOOD": "good"])
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    let seen = variables(deployment)
    #expect(seen["GOOD"] == "good")
    for name in ["A_FOLDER", "A_FIFO", "DANGLING", "WITH_NUL", "odd-name", "1ST", ".hidden", "a b", "A"] {
      #expect(seen[name] == nil, "\(name)")
    }
    #expect(deployment.log.contains(" !     Warning: Some entries of the env directory could not become variables"))
    for line in ["A_FOLDER: not a regular file", "A_FIFO: not a regular file", "WITH_NUL: holds a NUL byte"] {
      #expect(deployment.log.contains(line), "\(deployment.log)")
    }
    #expect(deployment.log.contains("odd-name: not a variable's name") || deployment.log.contains("more"))
    if geteuid() != 0 { #expect(deployment.log.contains("UNREADABLE: can't be read")) }
    #expect(!deployment.log.contains("secret"))
  }

  @Test func homeInsideTheBuildDirectoryStaysAsItIs() throws {
    let platform = try Platform()
    let deployment = try platform.deploy(
      App.package().with([".profile": "# the app's own\n", ".bashrc": "# own\n", ".config/x": "own"])
    )
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(
      deployment.names() == [
        ".bashrc", ".config", ".profile", ".profile.d", ".scalingo", "Cargo.lock", "Cargo.toml", "bin", "src",
      ]
    )
    #expect(deployment.contents(".profile") == "# the app's own\n")
    #expect(deployment.contents(".bashrc") == "# own\n")
    #expect(deployment.names(".config") == ["x"])
    #expect(deployment.names("bin") == ["hello"])
    #expect(deployment.names(".profile.d") == ["rust.sh"])

    // A home that is no folder of anybody's.
    let elsewhere = try platform.deploy(.package(), process: ["HOME": platform.folder + "/home"])
    #expect(elsewhere.exitCode == 0, "\(elsewhere.log)")
    #expect(!FileManager.default.fileExists(atPath: platform.folder + "/home"))
    let none = try platform.deploy(.package(), process: ["HOME": String?.none])
    #expect(none.exitCode == 0, "\(none.log)")
  }

  @Test func theCacheIsSharedWithOthers() throws {
    let platform = try Platform.installed()
    try makeFolder(platform.cache + "/node/modules")
    try Data("theirs".utf8).write(to: URL(fileURLWithPath: platform.cache + "/key.json"))
    let deployment = try platform.deploy(.package())
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    let names = try FileManager.default.contentsOfDirectory(atPath: platform.cache).sorted()
    #expect(names == ["key.json", "node", "rust"])
    #expect(try String(contentsOfFile: platform.cache + "/key.json", encoding: .utf8) == "theirs")
    let ours = try FileManager.default.contentsOfDirectory(atPath: platform.rustCache).sorted()
    #expect(
      ours.map { $0.replacing(/-[0-9a-f]{16}/, with: "-*") } == [
        "cache.json", "lock", "own-*.tar.zst", "toolchain-*.tar.zst",
      ]
    )
  }
}
