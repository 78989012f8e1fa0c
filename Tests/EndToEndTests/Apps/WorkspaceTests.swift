import Foundation
import StandIns
import Testing

/// Workspaces and packages of every shape.
@Suite(.needsRust) struct WorkspaceTests {
  private struct Shape {
    let name: String
    let app: App
    let installed: [String]
    var web: String?
    var says: [String] = []
  }

  private static func locked(_ app: App, _ names: String...) -> App { app.with(["Cargo.lock": App.lockFile(names)]) }

  private static let shapes = [
    Shape(
      name: "a virtual workspace with default-members",
      app: locked(
        .workspace(
          "members = [\"a\", \"b\"]\ndefault-members = [\"b\"]\n",
          ["a": .package("a"), "b": .package("b", printing: "b")]
        ),
        "a",
        "b"
      ),
      installed: ["b"],
      web: "/app/bin/b"
    ),
    Shape(
      name: "a root package with members: the root alone, as cargo has it",
      app: locked(
        App.package("root", manifest: "[workspace]\nmembers = [\"m\"]\n").with(.package("m"), in: "m"),
        "root",
        "m"
      ),
      installed: ["root"],
      web: "/app/bin/root"
    ),
    Shape(
      name: "nested folders, a pattern, and an excluded package that is broken",
      app: locked(
        .workspace(
          "members = [\"services/*\", \"tools/deep/er\"]\nexclude = [\"services/old\"]\n",
          ["services/web": .package("web"), "tools/deep/er": .package("er")]
        ).with(["services/old/Cargo.toml": "[package]\nname = \"old\"\n", "services/old/src/main.rs": "broken"]),
        "er",
        "web"
      ),
      installed: ["er", "web"],
      web: "/app/bin/web"
    ),
    Shape(
      name: "values taken over from the workspace",
      app: App.workspace(
        "members = [\"app\", \"lib\"]\n[workspace.package]\nversion = \"0.1.0\"\nedition = \"2021\"\n"
          + "[workspace.dependencies]\nlib = { path = \"lib\" }\n",
        [
          "app": [
            "Cargo.toml": "[package]\nname = \"app\"\nversion.workspace = true\nedition.workspace = true\n"
              + "[dependencies]\nlib.workspace = true\n",
            "src/main.rs": "fn main() { println!(\"{}\", lib::NAME); }",
          ],
          "lib": .library("lib", source: "pub const NAME: &str = \"lib\";"),
        ]
      ).with([
        "Cargo.lock": "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"lib\",\n]\n"
          + "[[package]]\nname = \"lib\"\nversion = \"0.1.0\"\n"
      ]),
      installed: ["app"],
      web: "/app/bin/app"
    ),
    Shape(
      name: "a binary at another path, one in src/bin, one in a folder, an example, and default-run",
      app: App.package(
        "many",
        manifest: "default-run = \"side\"\n[[bin]]\nname = \"other-name\"\npath = \"code/start.rs\"\n"
      ).with([
        "code/start.rs": "fn main() {}", "src/bin/side.rs": "fn main() {}", "src/bin/big/main.rs": "fn main() {}",
        "examples/shown.rs": "fn main() { broken }",
      ]),
      installed: ["big", "many", "other-name", "side"],
      web: "/app/bin/side",
      says: ["Process type big: /app/bin/big"]
    ),
    Shape(
      name: "a package whose name and binary differ",
      app: App.package("the-package", manifest: "[[bin]]\nname = \"program\"\npath = \"src/main.rs\"\n"),
      installed: ["program"],
      web: "/app/bin/program"
    ),
    Shape(
      name: "required features that are on by default, through another feature and a dependency",
      app: App.workspace(
        "members = [\"app\", \"lib\"]\n",
        [
          "app": App.package(
            "app",
            manifest: "[features]\ndefault = [\"all\"]\nall = [\"web\", \"lib/fast\"]\nweb = []\n"
              + "[dependencies]\nlib = { path = \"../lib\", optional = true }\n"
              + "[[bin]]\nname = \"app\"\npath = \"src/main.rs\"\nrequired-features = [\"web\", \"lib\", \"lib/fast\"]\n"
          ), "lib": .library("lib", manifest: "[features]\nfast = []\n"),
        ]
      ).with([
        "Cargo.lock": "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"lib\",\n]\n"
          + "[[package]]\nname = \"lib\"\nversion = \"0.1.0\"\n"
      ]),
      installed: ["app"],
      web: "/app/bin/app"
    ),
  ]

  @Test func everyShapeIsInstalled() throws {
    let platform = try Platform()
    for shape in Self.shapes {
      let deployment = try platform.deploy(shape.app)
      #expect(deployment.exitCode == 0, "\(shape.name): \(deployment.log)")
      #expect(deployment.names("bin") == shape.installed, "\(shape.name)")
      let web = shape.web.map { "web: \($0)" } ?? ""
      #expect(deployment.release.output.contains(web), "\(shape.name): \(deployment.release.output)")
      for line in shape.says { #expect(deployment.lines.contains(line), "\(shape.name): \(deployment.log)") }
    }
  }

  @Test func whatCannotBeInstalledIsExplained() throws {
    let platform = try Platform()
    let twice = Self.locked(
      .workspace(
        "members = [\"a\", \"b\"]\n",
        [
          "a": .package("a", manifest: "[[bin]]\nname = \"start\"\npath = \"src/main.rs\"\n"),
          "b": .package("b", manifest: "[[bin]]\nname = \"start\"\npath = \"src/main.rs\"\n"),
        ]
      ),
      "a",
      "b"
    )
    let same = try platform.deploy(twice)
    #expect(same.exitCode == 1 && same.complaint.contains("\"start\" is built by a and by b"), "\(same.log)")
    let one = try platform.deploy(twice, env: ["RUST_INSTALL_PACKAGES": "b"])
    #expect(one.names("bin") == ["start"], "\(one.log)")

    let library = try platform.deploy(.library("only").with(["Cargo.lock": App.lockFile(["only"])]))
    #expect(
      library.exitCode == 1 && library.complaint.contains("No package of the app has a binary."),
      "\(library.log)"
    )

    let elsewhere = Self.locked(
      .workspace(
        "members = [\"a\", \"lib\"]\ndefault-members = [\"lib\"]\n",
        ["a": .package("a"), "lib": .library("lib")]
      ),
      "a",
      "lib"
    )
    let hidden = try platform.deploy(elsewhere)
    #expect(hidden.exitCode == 1 && hidden.complaint.contains("Packages with binaries: a."), "\(hidden.log)")

    let waiting = try platform.deploy(
      .package(
        manifest:
          "[features]\nweb = []\n[[bin]]\nname = \"hello\"\npath = \"src/main.rs\"\nrequired-features = [\"web\"]\n"
      )
    )
    #expect(waiting.exitCode == 1 && waiting.complaint.contains("hello (requires web)"), "\(waiting.log)")

    let inTheWay = try platform.deploy(App.package().with(["bin/hello": "#!/bin/sh\n"]))
    #expect(inTheWay.exitCode == 1 && inTheWay.complaint.contains("bin/hello is part of the app"), "\(inTheWay.log)")
    #expect(inTheWay.compiled == [])
    let beside = try platform.deploy(App.package().with(["bin/start.sh": "#!/bin/sh\n"]))
    #expect(beside.names("bin") == ["hello", "start.sh"], "\(beside.log)")
  }

  @Test func sharedDependenciesAreCompiledOnce() throws {
    let platform = try Platform()
    let cold = try platform.deploy(.shop, env: ["BUILDPACK_DEBUG": "1"])
    #expect(cold.compiled.sorted() == ["server", "shop-core", "worker"], "\(cold.log)")
    #expect(try platform.deploy(.shop).compiled == [])
  }

  @Test(.needsStandIns) func cargoIsAskedForThePackagesOnce() throws {
    let platform = try Platform()
    let calls = platform.folder + "/calls"
    for (name, env) in [
      ("cold", [:]), ("warm", [:]), ("with settings", ["RUST_INSTALL_PACKAGES": "worker", "RUST_SBOM": "1"]),
    ] {
      let deployment = try platform.deploy(.shop, env: env, process: ["STAND_IN_CALLS": calls])
      #expect(deployment.exitCode == 0, "\(name): \(deployment.log)")
      let lines = try String(contentsOfFile: calls, encoding: .utf8).split(separator: "\n")
      #expect(lines.filter { $0.hasPrefix("cargo metadata ") }.count == 1, "\(name): \(lines)")
      let verb = name == "with settings" ? "install" : "build"
      #expect(lines.filter { $0.hasPrefix("cargo \(verb) ") }.count == 1, "\(name): \(lines)")
      try FileManager.default.removeItem(atPath: calls)
    }
  }

  @Test func theAppIsInASubfolder() throws {
    let platform = try Platform()
    let member = App.package("member", manifest: "[dependencies]\nshared = { path = \"../shared\" }\n")
    let outside = try platform.deploy(member)
    #expect(outside.exitCode == 1, "\(outside.log)")
    #expect(outside.complaint.contains("The dependency shared is not in what was deployed"), "\(outside.log)")
    #expect(outside.complaint.contains("PROJECT_DIR"))

    let nested = App.workspace("members = [\"m\"]\n", ["m": member])
    let deep = try platform.deploy(
      nested.with(["m/Cargo.toml": (nested["m/Cargo.toml"] ?? "").replacing("../shared", with: "../../shared")])
    )
    #expect(deep.complaint.contains("m/Cargo.toml leads to"), "\(deep.log)")

    let heir = App.package("heir", manifest: "license.workspace = true\n")
    let inheriting = try platform.deploy(heir)
    #expect(inheriting.complaint.contains("The workspace is not in what was deployed"), "\(inheriting.log)")

    let moved = App([:]).with(.package("member"), in: "backend").with([
      "RustConfig": "BUILD_PATH=backend\n", "backend/Cargo.lock": App.lockFile(["member"]),
      "Procfile": "web: ./backend/target/release/member\n",
      "backend/rust-toolchain.toml": "[toolchain]\nchannel = \"stable\"\n",
    ])
    let below = try platform.deploy(moved)
    #expect(below.detection.output == "Rust\n" && below.exitCode == 0, "\(below.log)")
    #expect(below.names("bin") == ["member"] && below.has("backend/target/release/member"), "\(below.log)")
    #expect(below.lines.contains("- BUILD_PATH=backend: the config var RUST_APP_DIR=backend"), "\(below.log)")
    #expect(below.lines.contains("Using the toolchain \"stable\", from rust-toolchain.toml"))
  }
}
