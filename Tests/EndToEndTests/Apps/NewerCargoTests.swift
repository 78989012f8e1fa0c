import Foundation
import StandIns
import Testing

/// What cargo takes since 1.94, and the buildpack with it.
@Suite(.needsStandIns) struct NewerCargoTests {
  @Test func aTargetOfAnIncludedFileIsInstalled() throws {
    let platform = try Platform()
    let triple = "x86_64-unknown-linux-gnu"
    let app = App.package().with([
      ".cargo/config.toml": "include = [\"target.toml\"]\n",
      ".cargo/target.toml": "build = {\n  target = \"\(triple)\",\n}\n",
    ])
    let deployment = try platform.deploy(app)
    #expect(deployment.lines.contains("With targets: \(triple)"), "\(deployment.log)")
    #expect(deployment.output(of: "hello") == "hello\n", "\(deployment.log)")
  }

  @Test func aManifestAndAToolchainFileInTheNewForm() throws {
    let platform = try Platform()
    let app = App.package(manifest: "metadata = {\n  scalingo = { binaries = [\"hello\"], }, # all\n}\n").with([
      "rust-toolchain.toml": "toolchain = {\n  channel = \"1.94\",\n}\n",
      "build.rs": "fn main() { std::fs::write(\"src/made.rs\", \"pub const TEXT: &str = \\\"made\\\";\").unwrap(); }",
      "src/main.rs": "mod made; fn main() { println!(\"{}\", made::TEXT); }",
    ])
    for times in [App.Times.y1980, .now] {
      let deployment = try platform.deploy(app, times: times)
      #expect(deployment.output(of: "hello") == "made\n", "\(deployment.log)")
      #expect(deployment.lines.contains("Using the toolchain \"1.94\", from rust-toolchain.toml"), "\(deployment.log)")
    }
  }

  @Test func theLockFileMayStandElsewhere() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    // The release only calls itself so; of what cargo 1.97 does, this shows that versions come from the lock file.
    try rust.mirror.addRelease("1.97.0", from: rust.toolchain)
    try rust.mirror.setChannel("stable", to: "1.97.0")
    func publish(_ version: String) throws {
      try rust.registry.add(
        .init("moving-leaf", version, files: ["src/lib.rs": "pub const VERSION: &str = \"\(version)\";"])
      )
    }
    let platform = try Platform(rust: rust)
    let app = App.package(manifest: "[dependencies]\nmoving-leaf = \"1\"\n").without("Cargo.lock").with([
      "src/main.rs": "fn main() { println!(\"{}\", moving_leaf::VERSION); }"
    ])
    try publish("1.0.0")
    let first = try platform.deploy(app)
    let lock = try #require(first.contents("Cargo.lock"), "\(first.log)")
    try publish("1.0.1")

    let elsewhere = app.with([
      ".cargo/config.toml": "[resolver]\nlockfile-path = \"locks/Cargo.lock\"\n", "locks/Cargo.lock": lock,
    ])
    let locked = try platform.deploy(elsewhere)
    #expect(locked.output(of: "hello") == "1.0.0\n", "\(locked.log)")
    #expect(locked.lines.contains("The lock file is locks/Cargo.lock, as resolver.lockfile-path says"))
    #expect(!locked.log.contains("has no"), "\(locked.log)")
    #expect(try platform.deploy(elsewhere).compiled == [])
  }
}
