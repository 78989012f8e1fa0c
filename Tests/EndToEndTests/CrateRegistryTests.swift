import Foundation
import StandIns
import Testing

/// The stand-in for crates.io, used by the real cargo.
@Suite struct CrateRegistryTests {
  /// A registry that is served, and an app below the folder that configures cargo.
  private struct Lab {
    let folder: String
    let registry: CrateRegistry
    let server: LoopbackServer
    let toolchain: InstalledToolchain

    init(_ toolchain: InstalledToolchain) throws {
      self.toolchain = toolchain
      folder = try temporaryFolder("registry")
      registry = try CrateRegistry(directory: folder + "/registry", toolchain: toolchain)
      server = try LoopbackServer(root: registry.directory, handler: CrateRegistry.handler)
      try CrateRegistry.configure(folder, url: server.url)
    }

    func cargo(_ arguments: String...) throws -> ToolRun {
      let environment = [
        "PATH": "\(toolchain.directory)/bin:/usr/local/bin:/usr/bin:/bin", "HOME": folder,
        "CARGO_HOME": folder + "/cargo",
      ]
      return try ToolRun(["cargo"] + arguments, environment: environment, directory: folder + "/app", timeout: 400)
    }

    func write(_ text: String, to path: String) throws {
      let url = URL(fileURLWithPath: "\(folder)/app/\(path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    }

    func remove() {
      server.stop()
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  @Test func cargoBuildsAnAppWithCratesThatATestWrote() throws {
    guard let toolchain = machineToolchain() else { return }
    let lab = try Lab(toolchain)
    defer { lab.remove() }
    let library = "pub fn word() -> &'static str { \"VERSION\" }"
    for version in ["1.0.0", "1.1.0"] {
      let files = ["src/lib.rs": library.replacingOccurrences(of: "VERSION", with: version)]
      try lab.registry.add(.init("greeting-words", version, files: files))
    }
    let manifest = """
      [dependencies]
      words = { package = "greeting-words", version = "1", optional = true }
      [features]
      default = ["dep:words"]
      """
    try lab.registry.add(.init("log", "0.4.1", manifest: manifest, files: ["src/lib.rs": "pub use words::word;"]))
    try lab.write(
      "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nlog = \"0.4\"\n",
      to: "Cargo.toml"
    )
    try lab.write("fn main() { println!(\"{}\", log::word()); }", to: "src/main.rs")
    let first = try lab.cargo("run")
    #expect(first.output == "1.1.0\n", "\(first.errors)")
    let lock = try String(contentsOfFile: lab.folder + "/app/Cargo.lock", encoding: .utf8)
    #expect(lock.contains("registry+https://github.com/rust-lang/crates.io-index"))
    #expect(!lock.contains("127.0.0.1"))

    try lab.registry.yank("greeting-words", "1.1.0")
    #expect(try lab.cargo("run", "--locked").output == "1.1.0\n", "a lock file may name a yanked version")
    try lab.cargo("update").expectSuccess()
    #expect(try lab.cargo("run").output == "1.0.0\n")
    #expect(lab.server.requests.contains("GET /crates/log/log-0.4.1.crate"))
  }

  @Test func cargoFetchesWhatAServerNeedsFromDebiansCrates() throws {
    guard let toolchain = machineToolchain() else { return }
    let lab = try Lab(toolchain)
    defer { lab.remove() }
    do {
      try lab.registry.addCrates()
    } catch {
      print("SKIPPED: \(#function): \(error)")
      return
    }
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let fixture = fixtures.appendingPathComponent("Fixtures/hyper-server").path
    try FileManager.default.copyItem(atPath: fixture, toPath: lab.folder + "/app")
    try lab.cargo("generate-lockfile").expectSuccess()
    let lock = try String(contentsOfFile: lab.folder + "/app/Cargo.lock", encoding: .utf8)
    #expect(lock.components(separatedBy: "[[package]]").count > 70)
    try lab.cargo("fetch", "--locked").expectSuccess()
  }
}

extension ToolRun {
  /// Records an issue with what the program said unless it succeeded.
  func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(status == 0, "\(errors)", sourceLocation: sourceLocation)
  }
}
