import Foundation
import StandIns
import Testing

/// Crates whose programs the app wants at run time.
@Suite(.needsStandIns) struct ToolTests {
  /// A stand-in for Diesel's command: tells its version and features.
  private static func diesel(_ version: String) -> CrateRegistry.Crate {
    .init(
      "diesel_cli",
      version,
      manifest: "[features]\ndefault = [\"sqlite\"]\nsqlite = []\npostgres = []\n"
        + "[[bin]]\nname = \"diesel\"\npath = \"src/main.rs\"\n",
      files: [
        "src/main.rs": "fn main() { println!(\"\(version) {} {}\", cfg!(feature = \"sqlite\"), "
          + "cfg!(feature = \"postgres\")); }"
      ]
    )
  }

  private func platform() throws -> Platform {
    let rust = try Rust.own()
    for version in ["2.1.0", "2.2.0"] { try rust.registry.add(Self.diesel(version)) }
    try rust.mirror.addRelease("1.90.0", from: rust.toolchain)
    let platform = try Platform(rust: rust)
    // "cargo install CRATE" reads the configuration of cargo's home and of the folders above it.
    try CrateRegistry.configure(platform.folder, url: rust.server.url)
    return platform
  }

  @Test func aToolIsBuiltOnceAndKept() throws {
    let platform = try platform()
    let asked = ["RUST_INSTALL_TOOLS": "diesel_cli@2.1.0"]
    let cold = try platform.deploy(.package(), env: asked)
    #expect(cold.exitCode == 0 && cold.names("bin") == ["diesel", "hello"], "\(cold.log)")
    #expect(cold.output(of: "diesel") == "2.1.0 true false\n")
    #expect(cold.lines.contains { $0.hasPrefix("Installed bin/diesel") })
    #expect(!cold.release.output.contains("diesel:"), "\(cold.release.output)")

    let warm = try platform.deploy(.package(), env: asked)
    #expect(warm.lines.contains("Using diesel_cli 2.1.0 from the cache") && warm.compiled == [], "\(warm.log)")
    #expect(warm.output(of: "diesel") == "2.1.0 true false\n")

    let table = App.package(
      manifest: "[package.metadata.scalingo]\n"
        + "tools = [{ name = \"diesel_cli\", version = \"2.2\", default-features = false, features = [\"postgres\"] }]\n"
    )
    let upgraded = try platform.deploy(table)
    #expect(upgraded.output(of: "diesel") == "2.2.0 false true\n", "\(upgraded.log)")
    #expect(upgraded.log.contains("Discarding diesel_cli from the cache: its version"))
    let byName = App.package(manifest: "[package.metadata.scalingo.tools]\ndiesel_cli = \"2.1.0\"\n")
    #expect(try platform.deploy(byName).output(of: "diesel") == "2.1.0 true false\n")

    let newRust = try platform.deploy(byName, env: ["RUSTUP_TOOLCHAIN": "1.90.0"])
    #expect(newRust.compiled.contains("diesel_cli"), "\(newRust.log)")
    let newStack = try platform.deploy(byName, env: ["RUSTUP_TOOLCHAIN": "1.90.0", "STACK": "scalingo-26"])
    #expect(newStack.compiled.contains("diesel_cli"), "\(newStack.log)")
    let again = try platform.deploy(byName, env: ["RUSTUP_TOOLCHAIN": "1.90.0", "STACK": "scalingo-26"])
    #expect(again.compiled == [], "\(again.log)")

    let removed = try platform.deploy(.package(), env: ["RUSTUP_TOOLCHAIN": "1.90.0", "STACK": "scalingo-26"])
    #expect(removed.names("bin") == ["hello"], "\(removed.log)")
    #expect(removed.lines.contains("Removing diesel_cli from the cache: it is no longer asked for"))
    #expect(throws: Failure.self, "no archive of tools is left") { try platform.archive(.tools) }
  }

  @Test func whatDoesNotFitIsExplained() throws {
    let platform = try platform()
    let asked = ["RUST_INSTALL_TOOLS": "diesel_cli"]
    let clash = try platform.deploy(.package("diesel"), env: asked)
    #expect(clash.exitCode == 1 && clash.compiled == ["diesel_cli"], "\(clash.log)")
    #expect(clash.complaint.contains("It installs bin/diesel, and so does the package diesel."), "\(clash.log)")
    let script = try platform.deploy(App.package().with(["bin/diesel": "#!/bin/sh\n"]), env: asked)
    #expect(script.complaint.contains("so does the app itself"), "\(script.log)")

    let missing = try platform.deploy(.package(), env: ["RUST_INSTALL_TOOLS": "no-such-tool-here"])
    #expect(missing.exitCode == 1, "\(missing.log)")
    #expect(missing.complaint.contains("The tool no-such-tool-here (newest) could not be installed"), "\(missing.log)")
    #expect(!FileManager.default.fileExists(atPath: platform.rustCache + "/tools-target"))
    let unreadable = try platform.deploy(.package(), env: ["RUST_INSTALL_TOOLS": "diesel_cli@"])
    #expect(unreadable.complaint.contains("\"diesel_cli@\", which is not of the form"), "\(unreadable.log)")
  }

  @Test func aToolFromGit() throws {
    let platform = try platform()
    let repositories = platform.folder + "/git"
    try GitRepositories.make(repositories)
    // What is newer on the branch is not what a tag and a revision name.
    let first = try shell(
      """
      set -e; cd "$1/plain"; export HOME="$1"
      git tag v1; git rev-parse HEAD
      echo 'pub const TEXT: &str = "newer";' > src/lib.rs; git commit -qam Second
      git push -q --tags ../plain.git main
      """,
      repositories
    ).trimmingCharacters(in: .newlines)
    for (place, text) in [
      ("branch = \"main\"", "newer\n"), ("tag = \"v1\"", "private\n"), ("rev = \"\(first)\"", "private\n"),
    ] {
      let app = App.package(
        manifest: "[package.metadata.scalingo.tools]\n"
          + "plain = { git = \"file://\(repositories)/plain.git\", \(place) }\n"
      )
      let deployment = try platform.deploy(app)
      #expect(deployment.output(of: "plain") == text, "\(place): \(deployment.log)")
      #expect(try platform.deploy(app).lines.contains("Using plain (from git) from the cache"), "\(place)")
    }
  }

  @Test func aToolFromARegistryOfOnesOwn() throws {
    let platform = try platform()
    let rust = try #require(Rust.shared)
    let secret = "canary-5b0c9e61aa"
    let folder = platform.folder + "/house"
    let registry = try CrateRegistry(directory: folder, toolchain: rust.toolchain)
    try registry.add(
      .init("inhouse-cli", "1.0.0", files: ["src/main.rs": "fn main() { println!(\"in-house\"); }"])
    )
    let server = try LoopbackServer(root: folder) { CrateRegistry.privateAnswer($0, token: secret) }
    defer { server.stop() }
    let app = App.package(
      manifest: "[package.metadata.scalingo.tools]\ninhouse-cli = { version = \"1.0\", registry = \"house\" }\n"
    )
    let unknown = try platform.deploy(app)
    #expect(unknown.complaint.contains("The tool inhouse-cli 1.0 could not be installed"), "\(unknown.log)")

    let token = ["CARGO_REGISTRIES_HOUSE_TOKEN": secret]
    let configured = app.with([
      ".cargo/config.toml": """
      [registries.house]
      index = "sparse+\(server.url)/index/"
      [registry]
      global-credential-providers = ["cargo:token"]
      """
    ])
    let deployment = try platform.deploy(configured, env: token)
    #expect(deployment.output(of: "inhouse-cli") == "in-house\n", "\(deployment.log)")
    #expect(!deployment.log.contains(secret))
    #expect(try shell("grep -rlaF -e \"$1\" \"$2\" || true", secret, platform.cache) == "")
    #expect(try platform.deploy(configured, env: token).compiled == [])

    var variables = token
    variables["CARGO_REGISTRIES_HOUSE_INDEX"] = "sparse+\(server.url)/index/"
    variables["CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS"] = "cargo:token"
    let byVariables = try platform.deploy(app, env: variables)
    #expect(byVariables.output(of: "inhouse-cli") == "in-house\n", "\(byVariables.log)")
  }

  @Test func aToolCanStandInOnePlaceOnly() throws {
    let platform = try platform()
    for (place, words) in [
      ("git = \"file:///x\", branch = \"a\", tag = \"b\"", "more than one of branch, tag, rev and registry for plain"),
      ("git = \"file:///x\", registry = \"a\"", "or a registry beside \"git\""),
      ("registry = \"a b\"", "is not the name of a registry"), ("rev = \"a\"", "and no \"git\""),
      ("place = \"a\"", "has the key \"place\" for plain, which means nothing there"),
    ] {
      let app = App.package(manifest: "[package.metadata.scalingo.tools]\nplain = { \(place) }\n")
      let refused = try platform.deploy(app)
      #expect(refused.exitCode == 1 && refused.complaint.contains(words), "\(place): \(refused.log)")
    }
  }
}
