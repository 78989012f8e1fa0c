import Foundation
import StandIns
import Testing

/// Crates of a registry, and what of them the cache spares the next deployment.
@Suite(.needsStandIns) struct RegistryTests {
  @Test func cratesAreFetchedAndCompiledOnce() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try rust.registry.add(.init("dep", "1.0.0", files: ["src/lib.rs": "pub fn text() -> &'static str { \"dep\" }\n"]))
    let platform = try Platform(rust: rust)
    let app = App.package(manifest: "[dependencies]\ndep = \"1\"\n").without("Cargo.lock")
      .with(["src/main.rs": "fn main() { println!(\"{}\", dep::text()); }\n"])
    let cold = try platform.deploy(app)
    #expect(cold.compiled == ["dep", "hello"], "\(cold.log)")
    let lock = try #require(cold.contents("Cargo.lock"))
    for run in ["same", "archived", "moved"] {
      if run == "archived" { try platform.archiveCache(moving: false) }
      if run == "moved" { try platform.archiveCache() }
      rust.server.clearRequests()
      let warm = try platform.deploy(app.with(["Cargo.lock": lock]))
      #expect(warm.output(of: "hello") == "dep\n", "\(run): \(warm.log)")
      #expect(warm.compiled == [], "\(run)")
      #expect(rust.server.requests == ["GET /dist/channel-rust-stable.toml.sha256"], "\(run): nothing else is asked")
    }
  }
}
