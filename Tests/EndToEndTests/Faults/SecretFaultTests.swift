import Foundation
import StandIns
import Testing

/// A canary in every variable: no log, build directory or cache ever holds one.
@Suite(.needsStandIns) struct SecretFaultTests {
  private static let canary = "c4naryV4lue"
  /// rustup and cargo are given these as they are; what cargo must compare is tried beside, in `+Cargo`.
  private static let names = [
    "DATABASE_URL", "SECRET_KEY_BASE", "CARGO_REGISTRIES_X_TOKEN", "CARGO_REGISTRY_TOKEN",
    "GIT_CRED__HTTPS__GIT__EXAMPLE",
    "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "RUST_UNKNOWN_NAME", "RUST_LOG", "PASSWORD", "lower_case",
    "CARGO_HTTP_USER_AGENT", "RUST_INSTALL_NOTHING",
  ]
  private static var variables: [String: String] {
    Dictionary(names.map { ($0, "\(canary)-\($0)") }) { $1 }
  }

  @Test func noneIsSeen() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try FaultApp.publish(to: rust)
    let app = try FaultApp(rust)
    let platform = try Platform(rust: rust)
    let mirror = rust.server.url.replacingOccurrences(of: "http://", with: "http://user:\(Self.canary)@")
    let servers: [String: String?] = ["RUSTUP_DIST_SERVER": mirror, "RUSTUP_UPDATE_ROOT": mirror + "/rustup"]
    let good = app.app("fine")
    let broken = good.with(["src/main.rs": "fn main() { nonsense }\n"])
    let wrongLock = good.with(["Cargo.toml": (good["Cargo.toml"] ?? "") + "other = \"1\"\n"])
    let panics = good.with(["build.rs": "fn main() { panic!(\"on purpose\"); }\n"])
    let wrongMember = good.with(["Cargo.toml": "[package\n"])
    typealias Case = (name: String, app: App, env: [String: String], fault: (Fault, String)?, succeeds: Bool)
    let cases: [Case] = [
      ("no rustup", good, [:], (.status(403), "/rustup/"), false),
      ("rustup of wrong content", good, [:], (.wrongBytes, "/rustup/"), false),
      ("no channel", good, [:], (.status(404), "/dist/"), false),
      ("no index", good, ["CARGO_NET_RETRY": "0"], (.status(403), "/index/"), false),
      ("no crate", good, ["CARGO_NET_RETRY": "0"], (.wrongBytes, "/crates/"), false),
      ("success", good, [:], nil, true), ("a second one", app.app("finer"), [:], nil, true),
      ("compile error", broken, [:], nil, false), ("lock file", wrongLock, [:], nil, false),
      ("build script", panics, [:], nil, false), ("manifest", wrongMember, [:], nil, false),
      ("a setting's value", good, ["RUST_CACHE": Self.canary], nil, false),
      ("debugging", good, ["BUILDPACK_DEBUG": "1"], nil, true),
      ("unreachable channel", good, [:], (.status(500), "/dist/"), true),
    ]
    for (name, app, env, fault, succeeds) in cases {
      Faults.attempt("Secrets", name) {
        if let (fault, path) = fault { rust.server.inject(fault, at: path) }
        defer { rust.server.clearFaults() }
        let deployment = try platform.deploy(app, env: Self.variables.merging(env) { $1 }, process: servers)
        // Whether a setting's value is refused is told elsewhere; here only what is seen counts.
        let isOfSetting = env.values.contains { $0.contains(Self.canary) }
        if !isOfSetting, (deployment.exitCode == 0) != succeeds {
          return "exit \(deployment.exitCode): \(deployment.log)"
        }
        if deployment.log.contains(Self.canary) { return "the log shows it: \(deployment.log)" }
        let files = try Self.files(with: Self.canary, deployment)
        return files.isEmpty ? nil : "files hold it: \(files)"
      }
    }
  }

  /// The files that hold a secret: of the build directory, the cache, its archives' content, and what stands in the
  /// link's place.
  static func files(with secret: String, _ deployment: Deployment) throws -> [String] {
    let platform = deployment.platform
    let unpacked = platform.folder + "/unpacked"
    let unpack =
      "rm -rf \"$2\" && mkdir \"$2\" && cd \"$2\" && for a in \"$1\"/*.tar*; do "
      + "if [ -e \"$a\" ]; then tar -I zstd -xf \"$a\"; fi; done"
    try shell(unpack, platform.rustCache, unpacked)
    let places = [deployment.directory, platform.cache, platform.link, unpacked]
    return try places.flatMap { place in
      try shell("if [ -d \"$2\" ]; then grep -rlaF -e \"$1\" \"$2\" || :; fi", secret, place)
        .split(separator: "\n").map(String.init)
    }
  }
}
