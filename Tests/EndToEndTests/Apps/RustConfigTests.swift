import StandIns
import Testing

/// Apps that come from emk's buildpack.
@Suite(.needsStandIns) struct RustConfigTests {
  @Test func everyLineIsTranslated() throws {
    let rust = try Rust.own()
    try rust.registry.add(
      .init(
        "diesel_cli",
        "2.0.0",
        manifest: "[features]\ndefault = [\"mysql\"]\nmysql = []\npostgres = []\n",
        files: ["src/main.rs": "fn main() { println!(\"{}\", cfg!(feature = \"mysql\")); }"]
      )
    )
    let platform = try Platform(rust: rust)
    try CrateRegistry.configure(platform.folder, url: rust.server.url)
    let app = App.shop.with([
      "RustConfig": """
      # Comment
      VERSION="stable"
      export RUST_INSTALL_DIESEL=1
      DIESEL_FLAGS="--no-default-features --features postgres"
      RUST_CARGO_BUILD_FLAGS="--release -p server --bin server --features server/extra -j 1"
      touch /tmp/never-run
      OTHER=$(touch never-run)
      """,
      "Procfile": "web: ./target/release/server\n",
    ])
    let deployment = try platform.deploy(app)
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.names("bin") == ["diesel_cli", "server"])
    #expect(deployment.output(of: "server") == "extra true fast false\n")
    #expect(deployment.output(of: "diesel_cli") == "false\n")
    #expect(deployment.has("target/release/server") && !deployment.has("never-run"))
    for line in [
      "- VERSION=stable: a file rust-toolchain.toml with [toolchain] channel = \"stable\"",
      "- RUST_INSTALL_DIESEL=1 and DIESEL_FLAGS='--no-default-features --features postgres': in Cargo.toml: "
        + "[package.metadata.scalingo] tools = [{ name = \"diesel_cli\", default-features = false, "
        + "features = [\"postgres\"] }]",
      "- RUST_CARGO_BUILD_FLAGS='--release -p server --bin server --features server/extra -j 1': in Cargo.toml: "
        + "[package.metadata.scalingo] packages = [\"server\"], binaries = [\"server\"], "
        + "features = [\"server/extra\"], flags = [\"-j\", \"1\"]",
      "Setting packages: server (from RustConfig)",
      "Using the toolchain \"stable\", from RustConfig",
    ] { #expect(deployment.lines.contains(line), "\(line)\n\(deployment.log)") }
    #expect(deployment.complaint.contains("no assignments: 6, 7"), "\(deployment.log)")

    // An app of another language, which wants the toolchain alone.
    let skipped = try platform.deploy(["RustConfig": "RUST_SKIP_BUILD=1\n", "Gemfile": ""])
    #expect(skipped.detection.output == "Rust\n" && skipped.exitCode == 0, "\(skipped.log)")
    #expect(!skipped.has("bin"))
    #expect(skipped.lines.contains("- RUST_SKIP_BUILD=1: the config var RUST_SKIP_BUILD=1"))
    let lost = try platform.deploy(App.package().with(["RustConfig": "BUILD_PATH=backend\n"]))
    #expect(lost.exitCode == 1 && lost.complaint.contains("there is no folder \"backend\" in the app"), "\(lost.log)")
  }
}
