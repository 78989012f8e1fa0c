import StandIns
import Testing

/// What settings choose, on one workspace that is deployed again and again.
@Suite(.needsRust) struct SettingsTests {
  private struct Choice {
    let name: String
    var env: [String: String] = [:]
    var manifest = ""
    let installed: [String]
    var server: String?
    var worker: String?
    var says: [String] = []
  }

  private static let choices = [
    Choice(
      name: "nothing is set",
      installed: ["server", "worker"],
      server: "extra false fast false\n",
      worker: "extra false debug false\n",
      says: [
        "Found the package server with the binary server",
        "Note: the binary admin of server is left out: it requires the feature admin",
      ]
    ),
    Choice(
      name: "packages, by a config var with a comma and a space",
      env: ["RUST_INSTALL_PACKAGES": "worker, worker"],
      installed: ["worker"],
      says: ["Setting packages: worker, worker (from RUST_INSTALL_PACKAGES)"]
    ),
    Choice(
      name: "packages, in the workspace's manifest",
      manifest: "[workspace.metadata.scalingo]\npackages = [\"server\"]\n",
      installed: ["server"],
      says: ["Setting packages: server (from [workspace.metadata.scalingo])"]
    ),
    Choice(
      name: "a config var beats the manifest",
      env: ["RUST_INSTALL_PACKAGES": "worker"],
      manifest: "[workspace.metadata.scalingo]\npackages = [\"server\"]\n",
      installed: ["worker"]
    ),
    Choice(name: "binaries", env: ["RUST_INSTALL_BINARIES": "worker"], installed: ["worker"]),
    Choice(
      name: "a binary and the feature it requires",
      env: ["RUST_INSTALL_BINARIES": "admin", "RUST_INSTALL_FEATURES": "server/admin"],
      installed: ["admin"]
    ),
    Choice(
      name: "a feature of one package builds the binary that requires it",
      env: ["RUST_INSTALL_FEATURES": "admin"],
      installed: ["admin", "server", "worker"],
      server: "extra true fast false\n",
      worker: "extra false debug false\n"
    ),
    Choice(
      name: "a feature that several packages have, and one of a dependency",
      env: ["RUST_INSTALL_FEATURES": "extra core/fast"],
      installed: ["server", "worker"],
      server: "extra true fast true\n",
      worker: "extra true debug false\n"
    ),
    Choice(
      name: "package/feature",
      env: ["RUST_INSTALL_FEATURES": "worker/extra"],
      installed: ["server", "worker"],
      server: "extra false fast false\n",
      worker: "extra true debug false\n"
    ),
    Choice(
      name: "flags, split as a shell does, with what the buildpack gives already",
      env: ["RUST_INSTALL_FLAGS": "--locked --features 'admin extra' -j1", "RUST_INSTALL_PACKAGES": "server"],
      installed: ["admin", "server"],
      server: "extra true fast false\n",
      says: ["Setting flags: --features, admin extra, -j1 (from RUST_INSTALL_FLAGS)"]
    ),
    Choice(
      name: "a profile of the manifest",
      env: ["RUST_INSTALL_PACKAGES": "worker"],
      manifest:
        "[workspace.metadata.scalingo]\nprofile = \"quick\"\n[profile.quick]\ninherits = \"dev\"\ndebug = false\n",
      installed: ["worker"],
      worker: "extra false debug true\n",
      says: ["Setting profile: quick (from [workspace.metadata.scalingo])"]
    ),
    Choice(
      name: "a profile made of config vars",
      env: [
        "RUST_INSTALL_PACKAGES": "worker", "RUST_INSTALL_PROFILE": "my-own", "CARGO_PROFILE_MY_OWN_INHERITS": "dev",
      ],
      installed: ["worker"],
      worker: "extra false debug true\n"
    ),
    Choice(
      name: "cargo's own variables",
      env: ["RUST_INSTALL_PACKAGES": "worker", "CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS": "true"],
      installed: ["worker"],
      worker: "extra false debug true\n"
    ),
    Choice(
      name: "names that mean nothing",
      env: ["RUST_INSTALL_PACKAGE": "x", "RUST_INSTALL_BINARIES": "worker"],
      manifest: "[workspace.metadata.scalingo]\nfeature = [\"x\"]\n",
      installed: ["worker"],
      says: [
        "Warning: [workspace.metadata.scalingo] has the key \"feature\", which is not a known setting. "
          + "Did you mean \"features\"?",
        "Warning: The config var RUST_INSTALL_PACKAGE is not a known setting. Did you mean RUST_INSTALL_PACKAGES?",
      ]
    ),
  ]

  @Test func aWorkspaceIsInstalledAsItsSettingsSay() throws {
    let platform = try Platform()
    for choice in Self.choices {
      let manifest = (App.shop["Cargo.toml"] ?? "") + choice.manifest
      let deployment = try platform.deploy(App.shop.with(["Cargo.toml": manifest]), env: choice.env)
      #expect(deployment.exitCode == 0, "\(choice.name): \(deployment.log)")
      #expect(deployment.names("bin") == choice.installed, "\(choice.name)")
      if let server = choice.server { #expect(deployment.output(of: "server") == server, "\(choice.name)") }
      if let worker = choice.worker { #expect(deployment.output(of: "worker") == worker, "\(choice.name)") }
      for line in choice.says { #expect(deployment.lines.contains(line), "\(choice.name): \(deployment.log)") }
    }
  }

  private static let mistakes: [(name: String, env: [String: String], manifest: String, says: [String])] = [
    (
      "an unknown package", ["RUST_INSTALL_PACKAGES": "sever"], "",
      [
        "There is no package \"sever\"", "RUST_INSTALL_PACKAGES names it.", "There are: server, shop-core, worker.",
        "Did you mean \"server\"?",
      ]
    ),
    (
      "an unknown binary", ["RUST_INSTALL_BINARIES": "wroker"], "",
      ["There is no binary \"wroker\"", "There are: admin, server, worker.", "Did you mean \"worker\"?"]
    ),
    (
      "an unknown feature", ["RUST_INSTALL_FEATURES": "extras"], "",
      ["There is no feature \"extras\"", "There are: server/admin, server/extra, worker/extra."]
    ),
    (
      "a feature that this package does not have", ["RUST_INSTALL_FEATURES": "worker/admin"], "",
      ["There is no feature \"worker/admin\"", "server/admin"]
    ),
    (
      "an unknown profile", ["RUST_INSTALL_PROFILE": "debug"], "",
      ["There is no profile \"debug\"", "There are: bench, dev, release, test.", "Did you mean \"dev\"?"]
    ),
    (
      "a binary whose feature is off", ["RUST_INSTALL_BINARIES": "admin"], "",
      ["The binary admin can't be built without further features", "RUST_INSTALL_FEATURES=admin"]
    ),
    (
      "a package without a binary", ["RUST_INSTALL_PACKAGES": "shop-core"], "",
      ["The package shop-core has no binary that is built.", "Packages with binaries: server (admin, server), worker."]
    ),
    (
      "an empty list", ["RUST_INSTALL_PACKAGES": ","], "",
      ["the list names nothing to install", "There are: server, shop-core, worker."]
    ),
    (
      "a wrong type", [:], "[workspace.metadata.scalingo]\nbinaries = \"worker\"\n",
      ["\"binaries\" must be a list of texts", "[workspace.metadata.scalingo]"]
    ),
    (
      "settings that are no table", [:], "[workspace.metadata]\nscalingo = true\n", ["It must be a table"]
    ),
    ("a quote that does not end", ["RUST_INSTALL_FLAGS": "--features 'a"], "", ["can't be split into words"]),
    (
      "a target directory", ["RUST_INSTALL_FLAGS": "-v --target-dir=x"], "",
      ["\"--target-dir\" would redirect", "RUST_INSTALL_FLAGS"]
    ),
    ("a root", ["RUST_INSTALL_FLAGS": "--root x"], "", ["\"--root\" would redirect"]),
    (
      "a build directory by cargo's configuration", ["RUST_INSTALL_FLAGS": "--config build.build-dir='\"x\"'"], "",
      ["\"--config build.build-dir\" would redirect"]
    ),
    ("a toolchain", ["RUST_INSTALL_FLAGS": "+nightly"], "", ["RUSTUP_TOOLCHAIN"]),
    ("a crate's name", ["RUST_INSTALL_FLAGS": "--features extra ripgrep"], "", ["\"ripgrep\" is no option"]),
    ("what has a setting", ["RUST_INSTALL_FLAGS": "--bin=worker"], "", ["RUST_INSTALL_BINARIES"]),
    (
      "a tool's misspelled key", [:],
      "[workspace.metadata.scalingo]\ntools = [{ name = \"x\", default_features = false }]\n",
      ["\"default_features\" for x", "did you mean \"default-features\"?"]
    ),
  ]

  @Test func aMistakeIsExplainedBeforeAnythingIsBuilt() throws {
    let platform = try Platform()
    for mistake in Self.mistakes {
      let manifest = (App.shop["Cargo.toml"] ?? "") + mistake.manifest
      let deployment = try platform.deploy(App.shop.with(["Cargo.toml": manifest]), env: mistake.env)
      #expect(deployment.exitCode == 1, "\(mistake.name): \(deployment.log)")
      #expect(deployment.names("bin") == [], "\(mistake.name)")
      for words in mistake.says { #expect(deployment.complaint.contains(words), "\(mistake.name): \(deployment.log)") }
    }
  }

  @Test func thePackageBeatsTheWorkspaceAndAddOnsReachRelease() throws {
    let platform = try Platform()
    let app = App.package(
      manifest: """
        [package.metadata.scalingo]
        addons = []
        profile = "dev"
        [workspace.metadata.scalingo]
        addons = ["scalingo-redis"]
        profile = "bench"
        features = []
        """
    )
    let first = try platform.deploy(app)
    #expect(first.exitCode == 0, "\(first.log)")
    #expect(first.lines.contains("Setting profile: dev (from [package.metadata.scalingo])"))
    #expect(first.lines.contains("Setting addons: none (from [package.metadata.scalingo])"))
    #expect(first.release.output.contains("addons: []"), "\(first.release.output)")
    let other = App.package(manifest: "[package.metadata.scalingo]\naddons = [\"scalingo-redis\"]\n")
    #expect(try platform.deploy(other).release.output.contains("scalingo-redis"))
    #expect(try platform.deploy(.package()).release.output.contains("scalingo-postgresql"))
  }

  @Test func onlyTheToolchainIsInstalledOnRequest() throws {
    let platform = try Platform()
    let deployment = try platform.deploy(.package(), env: ["RUST_SKIP_BUILD": "1"])
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(!deployment.has("bin") && !deployment.has(".profile.d"))
    let other = try platform.deploy(["Gemfile": ""], process: ["RUST_SKIP_BUILD": "1"])
    #expect(other.detection.output == "Rust\n" && other.exitCode == 0, "\(other.log)")
    #expect(try platform.deploy(["Gemfile": ""]).detection.output == "")
    let script =
      "set -e; . \"$1/export\"; cd \"$2\"; cargo build --quiet --target-dir \"$2/target\"; \"$2/target/debug/hello\""
    let variables = platform.rust?.variables ?? [:]
    let run = try ToolRun(
      ["bash", "-c", script, "bash", platform.buildpack, deployment.directory],
      environment: ["PATH": "/usr/bin:/bin", "HOME": platform.folder].merging(variables) { $1 },
      timeout: 60
    )
    #expect(run.output == "hello\n", "\(run.errors)")
  }
}
