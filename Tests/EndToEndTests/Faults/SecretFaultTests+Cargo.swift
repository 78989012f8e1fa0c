import Foundation
import StandIns
import Testing

// Secrets that are given to cargo itself: in addresses, in its configuration, in flags, and to build scripts.
extension SecretFaultTests {
  private static let secret = "c4naryOfCargo"

  @Test func addressesAndConfiguration() throws {
    let platform = try Platform.installed()
    try GitRepositories.make(platform.folder + "/git")
    let server = try LoopbackServer(root: platform.folder + "/git")
    defer { server.stop() }
    let address = server.url.replacingOccurrences(of: "//", with: "//user:\(Self.secret)@")
    // Tokens of registries are refused there by cargo itself.
    let flags = "--config 'env.GREETING=\"\(Self.secret)\"' --config=env.OTHER='\"\(Self.secret)\"'"
    let plain = App.package(manifest: "[dependencies]\nplain = { git = \"\(address)/plain.git\" }\n")
      .without("Cargo.lock").with(["src/main.rs": "fn main() { println!(\"{}\", plain::TEXT); }"])
    let missing = plain.with([
      "Cargo.toml": (plain["Cargo.toml"] ?? "").replacingOccurrences(of: "plain.git", with: "missing.git")
    ])
    let panicking = plain.with(["build.rs": "fn main() { panic!(\"postgres://user:\(Self.secret)@db/app\"); }"])
    // cargo's own git wants a server that is more than files.
    let client = ["CARGO_NET_GIT_FETCH_WITH_CLI": "true"]
    let tool = [
      "Cargo.toml": App.package(
        manifest: "[package.metadata.scalingo]\ntools = [{ name = \"plain\", git = \"\(address)/plain.git\" }]\n"
      )["Cargo.toml"] ?? ""
    ]
    let cases: [(name: String, app: App, env: [String: String], succeeds: Bool, shown: String)] = [
      ("a git address", plain, client, true, "Updating git repository `http://…@127.0.0.1"),
      ("a git address that leads nowhere", missing, client, false, "://…@127.0.0.1"),
      ("a tool's git address", App.package().with(tool), client, true, "--git http://…@127.0.0.1"),
      ("an address in a build script's words", panicking, client, false, "postgres://…@db/app"),
      (
        "cargo's configuration", .package(), ["RUST_INSTALL_FLAGS": flags], true,
        "--config 'env.GREETING=…' '--config=env.OTHER=…'"
      ),
    ]
    for (name, app, env, succeeds, shown) in cases {
      Faults.attempt("Secrets", name) {
        let deployment = try platform.deploy(app, env: env)
        if (deployment.exitCode == 0) != succeeds { return "exit \(deployment.exitCode): \(deployment.log)" }
        if deployment.log.contains(Self.secret) { return "the log shows it: \(deployment.log)" }
        if !deployment.log.contains(shown) { return "\(shown) is not in the log: \(deployment.log)" }
        // The app's own files hold it from the beginning, and what is compiled of them.
        let own = ["Cargo.toml", "Cargo.lock", "build.rs"].map { "\(deployment.directory)/\($0)" }
        let found = try Self.files(with: Self.secret, deployment).filter { file in
          !own.contains(file) && !file.contains("/target/release/build/hello-")
        }
        return found.isEmpty ? nil : "files hold it: \(found)"
      }
    }
  }

  /// What cargo writes down to notice changes; SECURITY.md says so.
  @Test func whatCargoMustCompareIsInItsOwnNotes() throws {
    let platform = try Platform.installed()
    let app = App.package().with([
      "build.rs": "fn main() { println!(\"cargo:rerun-if-env-changed=WATCHED\"); }",
      "src/main.rs": "fn main() { println!(\"{}\", env!(\"BAKED\")); }",
    ])
    let secrets = [
      "RUSTFLAGS": "--cfg flag=\"\(Self.secret)-flag\"", "WATCHED": "\(Self.secret)-watched",
      "BAKED": "\(Self.secret)-baked", "UNUSED": "\(Self.secret)-unused",
    ]
    let expected: [(secret: String, places: Set<String>)] = [
      ("flag", [".fingerprint"]), ("watched", [".fingerprint"]),
      ("baked", [".fingerprint", "deps", "release", "bin"]), ("unused", []),
    ]
    let deployment = try platform.deploy(app, env: secrets)
    for (secret, places) in expected {
      Faults.attempt("Secrets", "what cargo keeps of a value: \(secret)") {
        if deployment.exitCode != 0 { return deployment.log }
        if deployment.log.contains(Self.secret) { return "the log shows it: \(deployment.log)" }
        let files = try Self.files(with: "\(Self.secret)-\(secret)", deployment)
        let found = Set(files.map { Self.place($0, deployment) })
        return found == places ? nil : "\(found) hold it: \(files)"
      }
    }
  }

  /// The kind of place that a file is in: cargo's, in the target directory; the app's own folder otherwise.
  private static func place(_ file: String, _ deployment: Deployment) -> String {
    guard !file.hasPrefix(deployment.directory) else {
      return String(file.dropFirst(deployment.directory.count + 1).prefix { $0 != "/" })
    }
    guard let target = file.range(of: "/target/") else { return file }
    let parts = file[target.upperBound...].split(separator: "/")
    return parts.count < 3 ? String(parts[0]) : String(parts[1])
  }
}
