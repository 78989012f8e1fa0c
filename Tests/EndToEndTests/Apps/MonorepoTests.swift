import Testing

/// Apps in a folder of a repository that holds more.
@Suite(.needsRust) struct MonorepoTests {
  private static let library = "pub fn name() -> &'static str { \"common\" }\n"
  private static let program = "fn main() { println!(\"api, {}\", common::name()); }\n"

  private func deploy(_ app: App, in folder: String, _ platform: Platform) throws -> Deployment {
    try platform.deploy(app, env: ["RUST_APP_DIR": folder], process: ["RUST_APP_DIR": folder])
  }

  @Test func aFolderWithADependencyBesideIt() throws {
    let api = App.package("api", manifest: "[dependencies]\ncommon = { path = \"../../libs/common\" }\n")
      .with(["src/main.rs": Self.program])
    let app = App([
      "README.md": "", "frontend/package.json": "{}", "libs/common/src/lib.rs": Self.library,
      "libs/common/Cargo.toml": "[package]\nname = \"common\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
      "Procfile": "web: api\n",
    ]).with(api.without("Cargo.lock"), in: "services/api")
    let platform = try Platform()
    let first = try deploy(app, in: "services/api", platform)
    #expect(first.detection.output == "Rust\n" && first.exitCode == 0, "\(first.log)")
    #expect(first.lines.contains("Building the app in services/api, from RUST_APP_DIR"), "\(first.log)")
    #expect(first.output(of: "api") == "api, common\n" && first.names("bin") == ["api"])
    #expect(!first.complaint.contains("PROJECT_DIR"), "it would break this app")

    let changed = app.with(["libs/common/src/lib.rs": Self.library.replacing("\"common\"", with: "\"changed\"")])
    #expect(try deploy(changed, in: "services/api", platform).output(of: "api") == "api, changed\n")

    let wrong = try deploy(app, in: "services/apis", platform)
    #expect(wrong.exitCode != 0 && wrong.log.contains("RUST_APP_DIR"), "\(wrong.log)")
    let unset = try platform.deploy(app)
    #expect(unset.detection.exitCode == 1 && unset.detection.errors.contains("env-set RUST_APP_DIR=services/api"))
  }

  @Test func aLockFileInTheWrongFolder() throws {
    let app = App.workspace("members = [\"api\"]\n", ["api": .package("api")])
    let platform = try Platform()
    let moved = app.without("Cargo.lock").with(["api/Cargo.lock": App.lockFile(["api"])])
    let deployment = try platform.deploy(moved)
    #expect(deployment.exitCode == 0 && deployment.complaint.contains("The file api/Cargo.lock is not read."))
    #expect(deployment.complaint.contains("git mv api/Cargo.lock Cargo.lock"), "\(deployment.log)")
    let good = try platform.deploy(app.with(["Cargo.lock": App.lockFile(["api"]), "api/Cargo.lock": ""]))
    #expect(good.exitCode == 0 && good.complaint.isEmpty, "\(good.log)")
  }

  @Test func aMemberOfAWorkspaceAlone() throws {
    let app = App.workspace(
      "members = [\"api\", \"worker\"]\n",
      ["api": .package("api"), "worker": .package("worker")]
    )
    let platform = try Platform()
    let member = try deploy(app, in: "worker", platform)
    #expect(member.exitCode == 0 && member.names("bin") == ["worker"], "\(member.log)")
    let all = try platform.deploy(app)
    #expect(all.exitCode == 0 && all.names("bin") == ["api", "worker"], "\(all.log)")
  }
}
