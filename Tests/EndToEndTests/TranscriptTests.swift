import Foundation
import StandIns
import Testing

/// The whole log of a cold and of a warm deployment, in an environment that is against it.
@Suite(.needsStandIns) struct TranscriptTests {
  private static let workspace: App = [
    "Cargo.toml": "[workspace]\nmembers = [\"shared\", \"web\", \"worker\"]\nresolver = \"2\"\n",
    "Cargo.lock": """
    version = 4

    [[package]]
    name = "shared"
    version = "0.1.0"

    [[package]]
    name = "web"
    version = "0.1.0"
    dependencies = [
     "shared",
    ]

    [[package]]
    name = "worker"
    version = "0.1.0"
    dependencies = [
     "shared",
    ]

    """, "shared/Cargo.toml": "[package]\nname = \"shared\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    "shared/src/lib.rs": "pub fn name() -> &'static str { \"shared\" }\n",
    "web/Cargo.toml": member("web"), "web/src/main.rs": "fn main() { println!(\"web, {}\", shared::name()); }\n",
    "worker/Cargo.toml": member("worker"),
    "worker/src/main.rs": "fn main() { println!(\"worker, {}\", shared::name()); }\n",
  ]

  private static func member(_ name: String) -> String {
    """
    [package]
    name = "\(name)"
    version = "0.1.0"
    edition = "2021"

    [dependencies]
    shared = { path = "../shared" }

    """
  }

  /// What a machine or a user may have set for other reasons.
  private static let poison: [String: String] = [
    "CARGO_HOME": "/invalid", "RUSTUP_HOME": "/invalid", "CARGO_TARGET_DIR": "/invalid/target",
    "CARGO_BUILD_TARGET_DIR": "/invalid/target", "CARGO_BUILD_BUILD_DIR": "/invalid/build",
    "CARGO_INSTALL_ROOT": "/invalid/root", "GIT_DIR": "/invalid/git", "CPATH": "/invalid", "CDPATH": "/invalid",
    "LIBRARY_PATH": "/invalid", "BASH_ENV": "/invalid/env", "ENV": "/invalid/env", "TERM": "dumb",
    "RUSTUP_AUTO_INSTALL": "0", "CURL_HOME": "/invalid", "CARGO_INCREMENTAL": "1", "CARGO_BUILD_JOBS": "1",
  ]

  private func normalized(_ deployment: Deployment, _ toolchain: InstalledToolchain) -> String {
    deployment.redactedLog.replacingOccurrences(of: toolchain.rustcVersion, with: "[RUST_LONG]")
      .replacingOccurrences(of: toolchain.version, with: "[RUST]")
      .replacingOccurrences(of: toolchain.host, with: "[HOST]")
  }

  @Test func theColdAndTheWarmDeploymentTellThis() throws {
    let platform = try Platform()
    let toolchain = try #require(platform.rust).toolchain
    let cold = try platform.deploy(Self.workspace, process: Self.poison)
    #expect(cold.exitCode == 0)
    #expect(normalized(cold, toolchain) == "")
    let warm = try platform.deploy(Self.workspace, process: Self.poison, times: .y1980)
    #expect(warm.exitCode == 0)
    #expect(normalized(warm, toolchain) == "")
    for deployment in [cold, warm] {
      #expect(deployment.output(of: "web") == "web, shared\n")
      #expect(deployment.output(of: "worker") == "worker, shared\n")
    }
    print(normalized(cold, toolchain) + "@@@\n" + normalized(warm, toolchain))
    #expect(!FileManager.default.fileExists(atPath: "/invalid"))
  }
}
