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
      // cargo knows a crate of a registry by its whole path: at another one it is another crate.
      #expect(warm.compiled == (run == "moved" ? ["dep", "hello"] : []), "\(run)")
      // "cargo install" asks the index of every crate whether it was yanked; the crates themselves are not fetched.
      #expect(!rust.server.requests.contains { $0.hasPrefix("GET /crates/") }, "\(run): \(rust.server.requests)")
    }
  }
}
