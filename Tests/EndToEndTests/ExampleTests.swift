import Foundation
import StandIns
import Testing

/// The examples, deployed cold and warm, and then asked.
@Suite(.needsRust) struct ExampleTests {
  @Test func helloWebIsDeployedAndAnswers() throws {
    let platform = try Platform.installed()
    for run in ["cold", "warm"] {
      let deployment = try platform.deploy(App(repository: "Examples/hello-web"))
      #expect(deployment.detection.output == "Rust\n")
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.compiled == (run == "cold" ? ["hello-web"] : []))
      #expect(deployment.release.output.contains("default_process_types:\n  web: /app/bin/hello-web\n"))
      #expect(try deployment.answer(of: "hello-web") == "Hello from Rust on Scalingo!\n")
    }
  }

  @Test func theWorkspaceIsDeployedAndAnswers() throws {
    let platform = try Platform.installed()
    let example = App(repository: "Examples/workspace")
    for run in ["cold", "warm", "from an archive"] {
      if run == "from an archive" { try platform.archiveCache() }
      let deployment = try platform.deploy(example, times: run == "warm" ? .y1980 : .now)
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      let crates = Set(deployment.compiled)
      #expect(crates == (run == "cold" ? ["macros", "shared", "web", "worker"] : []), "\(run): \(deployment.log)")
      #expect(deployment.names("bin") == ["web", "worker"])
      #expect(!deployment.release.output.contains("default_process_types"), "there is a Procfile")
      let greetings = try #require(deployment.contents("web/data/greetings.txt"))
      #expect(try deployment.answer(of: "web") == greetings)
    }

    // A file that only the build script names, older than everything.
    let changed = try platform.deploy(example.with(["web/data/greetings.txt": "Changed\n"]), times: .y1980)
    #expect(changed.compiled == ["web"], "\(changed.log)")
    #expect(try changed.answer(of: "web") == "Changed\n")
  }
}

/// An app with crates of other people, from a registry.
@Suite(.needsStandIns) struct CrateTests {
  private static let hasCrates = FileManager.default.fileExists(atPath: CrateRegistry.debianFolder)

  @Test(.enabled(if: hasCrates, "no crates in \(CrateRegistry.debianFolder): see Tests/debian-packages.txt"))
  func anAppWithRealCratesIsDeployedWithAWholeToolchainAndAnswers() throws {
    let rust = try Rust.own(kind: .full, cache: builtProducts + "/stand-in-cache")
    defer { rust.server.stop() }
    try rust.registry.addCrates()
    let platform = try Platform(rust: rust)
    let app = App(repository: "Tests/Fixtures/hyper-server")
    // What is tested is the deployment, not the speed of the code: unoptimised, it takes half the time.
    let env = ["CARGO_PROFILE_RELEASE_OPT_LEVEL": "0"]
    let cold = try platform.deploy(app, env: env)
    try #require(cold.exitCode == 0, "\(cold.log)")
    #expect(cold.compiled.contains("tokio"))
    let body = try cold.answer(of: "hyper-server", path: "/path")
    #expect(body.hasPrefix("{\"greeting\":\"Hello\",\"path\":\"/path\",\"number\":"), "\(body)")

    // The cache comes back from an archive, the sources with the times of their commit.
    try platform.archiveCache(moving: false)
    rust.server.clearRequests()
    let lock = try #require(cold.contents("Cargo.lock"))
    let warm = try platform.deploy(app.with(["Cargo.lock": lock]), env: env, times: .at(1_700_000_000))
    #expect(warm.exitCode == 0, "\(warm.log)")
    #expect(warm.compiled == [], "\(warm.log)")
    #expect(!rust.server.requests.contains { $0.hasPrefix("GET /crates/") }, "\(rust.server.requests)")
    #expect(try warm.answer(of: "hyper-server", path: "/").hasPrefix("{\"greeting\":\"Hello\""))
  }
}
