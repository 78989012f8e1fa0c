import Foundation
import Testing

/// What is built for which kind of app, and what is refused.
@Suite(.needsRust) struct BuildTests {
  /// A package of a workspace with one binary that prints its own name.
  private static func member(_ name: String, _ more: String = "") -> [String: String] {
    [
      "\(name)/Cargo.toml": "[package]\nname = \"\(name)\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\(more)",
      "\(name)/src/main.rs": "fn main() { println!(\"\(name)\"); }\n",
    ]
  }

  @Test func aRootPackageIsBuiltWithoutItsMembers() throws {
    let platform = try Platform.installed()
    let app = App.package("root", manifest: "[workspace]\nmembers = [\"tool\"]\n")
      .with(Self.member("tool")).with(["Cargo.lock": App.lockFile(["root", "tool"])])
    let deployment = try platform.deploy(app)
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.names("bin") == ["root"])
    #expect(deployment.output(of: "root") == "hello\n")

    let both = try platform.deploy(app, env: ["RUST_INSTALL_PACKAGES": "tool,root"])
    #expect(both.exitCode == 0, "\(both.log)")
    #expect(both.names("bin") == ["root", "tool"])
    #expect(both.output(of: "tool") == "tool\n")
  }

  @Test func aVirtualWorkspaceIsBuiltByItsDefaultMembers() throws {
    let platform = try Platform.installed()
    let files = ["one", "two", "three"].reduce(into: [:]) { $0.merge(Self.member($1)) { $1 } }
    let app = App(files).with([
      "library/Cargo.toml": "[package]\nname = \"library\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
      "library/src/lib.rs": "", "Cargo.lock": App.lockFile(["one", "two", "three", "library"]),
      "Cargo.toml": "[workspace]\nmembers = [\"*\"]\nexclude = [\"bin\"]\nresolver = \"2\"\n",
    ])
    let all = try platform.deploy(app)
    #expect(all.exitCode == 0, "\(all.log)")
    #expect(all.names("bin") == ["one", "three", "two"])
    for name in ["one", "two", "three"] { #expect(all.output(of: name) == name + "\n") }
    #expect(all.log.contains(" !     Warning: It is not clear which executable is the web process: one, three, two."))

    let some = try platform.deploy(
      app.with(["Cargo.toml": app["Cargo.toml"]! + "default-members = [\"two\", \"library\"]\n"])
    )
    #expect(some.exitCode == 0, "\(some.log)")
    #expect(some.names("bin") == ["two"])
    #expect(some.lines.contains("Process type web: /app/bin/two"))
  }

  @Test func everyBinaryOfAPackageIsInstalledAndExamplesAreNot() throws {
    let deployment = try Platform.installed().deploy(
      App.package().with([
        "src/bin/second.rs": "fn main() { println!(\"second\") }", "src/bin/third/main.rs": "fn main() {}",
        "examples/example.rs": "fn main() {}", "tests/test.rs": "", "src/lib.rs": "",
      ])
    )
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.names("bin") == ["hello", "second", "third"])
    for name in ["hello", "second", "third"] { #expect(deployment.log.contains("Installed bin/\(name) (")) }
  }

  @Test func withoutALockFileThereIsAWarningAndABuild() throws {
    let platform = try Platform.installed()
    for _ in 1...2 {
      let deployment = try platform.deploy(App.package().without("Cargo.lock"))
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.log.contains(" !     Warning: The app has no Cargo.lock."))
      #expect(deployment.log.contains(" !       git add --force Cargo.lock"))
      #expect(deployment.output(of: "hello") == "hello\n")
    }
  }

  /// "cargo install --locked" would take a lock file that lacks a package for good enough.
  @Test func aLockFileThatLacksAPackageFailsTheDeployment() throws {
    let deployment = try Platform.installed().deploy(
      App.package(manifest: "[dependencies]\nnew = { path = \"new\" }\n").with([
        "new/Cargo.toml": "[package]\nname = \"new\"\nversion = \"0.1.0\"\n", "new/src/lib.rs": "",
      ])
    )
    #expect(deployment.exitCode == 1, "\(deployment.log)")
    #expect(deployment.log.contains("because --locked was passed"), "\(deployment.log)")
    #expect(deployment.log.contains(" !     Cargo.lock does not fit the manifests"), "\(deployment.log)")
    #expect(deployment.contents("Cargo.lock") == App.lockFile(["hello"]))
  }

  @Test(
    arguments: [
      (
        "no binary", App.package().without("src/main.rs").with(["src/lib.rs": ""]),
        "The app has no executable to install"
      ),
      (
        "a workspace of libraries",
        [
          "Cargo.toml": "[workspace]\nmembers = [\"a\"]\n", "Cargo.lock": App.lockFile(["a"]),
          "a/Cargo.toml": "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n", "a/src/lib.rs": "",
        ], "The package a has no binary that is built."
      ),
      (
        "one name twice",
        App(BuildTests.member("a", "[[bin]]\nname = \"app\"\npath = \"src/main.rs\"\n"))
          .with(BuildTests.member("b", "[[bin]]\nname = \"app\"\npath = \"src/main.rs\"\n"))
          .with(["Cargo.toml": "[workspace]\nmembers = [\"a\", \"b\"]\n", "Cargo.lock": App.lockFile(["a", "b"])]),
        "\"app\" is built by a and by b"
      ),
      ("a script in the way", App.package().with(["bin/hello": "#!/bin/sh\n"]), "bin/hello is part of the app"),
      (
        "a manifest that is no TOML", App.package().with(["Cargo.toml": "[package\n"]),
        "cargo can't read the app's manif"
      ),
      ("a package that is not there", App.package(), "There is no package \"missing\""),
    ] as [(String, App, String)]
  )
  func whatCanNotBeBuiltIsExplained(name: String, app: App, words: String) throws {
    let env = name == "a package that is not there" ? ["RUST_INSTALL_PACKAGES": "missing"] : [:]
    let deployment = try Platform.installed().deploy(app, env: env)
    #expect(deployment.exitCode == 1, "\(name)")
    #expect(deployment.log.contains(" !     Error: "))
    #expect(deployment.log.contains(words), "\(name): \(deployment.log)")
    #expect(!deployment.log.contains("Compiling"), "known before anything is built")
  }

  @Test func otherFilesInBinStay() throws {
    let app = App(
      App.package().files.merging(["bin/start": "#!/bin/sh\necho own\n"]) { $1 },
      executables: ["bin/start"]
    )
    let deployment = try Platform.installed().deploy(app)
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.names("bin") == ["hello", "start"])
    #expect(deployment.output(of: "start") == "own\n")
  }

  @Test func cargosFailureFailsTheDeploymentAndTheNextOneWorks() throws {
    let platform = try Platform.installed()
    #expect(try platform.deploy(.package()).exitCode == 0)
    let broken = try platform.deploy(App.package().with(["src/main.rs": "fn main() { missing() }\n"]))
    #expect(broken.exitCode == 1)
    #expect(broken.log.contains("       error[E0425]"), "cargo's own words, indented: \(broken.log)")
    let end = broken.log.components(separatedBy: " !     Error: ").last ?? ""
    #expect(end.hasPrefix("The package hello could not be built.\n"))
    #expect(end.contains("\"cargo install --path \(platform.link)/app --locked "))
    #expect(end.contains("exit code 101"), "\(end)")
    #expect(!broken.has("bin/hello"))
    #expect(!broken.release.output.contains("default_process_types"))
    let mended = try platform.deploy(.package(printing: "mended"))
    #expect(mended.output(of: "hello") == "mended\n", "\(mended.log)")
  }

  @Test func theAppsOwnConfigurationCounts() throws {
    let platform = try Platform.installed()
    let app = App.package().with([
      ".cargo/config.toml": """
      [build]
      target-dir = "/invalid/target"
      build-dir = "/invalid/build"
      rustflags = ["--cfg", "of_the_app"]
      [env]
      GREETING = "from the configuration"
      [install]
      root = "/invalid/root"
      """,
      "src/main.rs": """
      #[cfg(not(of_the_app))]
      compile_error!("build.rustflags of the app does not count");
      fn main() { println!(env!("GREETING")); }
      """,
    ])
    for _ in 1...2 {
      let deployment = try platform.deploy(app)
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.output(of: "hello") == "from the configuration\n")
      #expect(!deployment.has("target"))
      #expect(deployment.names(".cargo") == ["config.toml"], "no home of cargo's in the app")
    }
    #expect(try platform.archived(.own).contains { $0.hasPrefix("target/release/") })
    #expect(!FileManager.default.fileExists(atPath: "/invalid"))
  }

  @Test func aTargetThatIsNamedHasItsOwnFolderInTheCache() throws {
    let platform = try Platform.installed()
    let triple = "x86_64-unknown-linux-gnu"
    for run in ["cold", "warm"] {
      let deployment = try platform.deploy(.package(), env: ["CARGO_BUILD_TARGET": triple])
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.compiled == (run == "cold" ? ["hello"] : []), "\(deployment.log)")
      #expect(deployment.output(of: "hello") == "hello\n")
    }
    #expect(try platform.archived(.own).contains { $0.hasPrefix("target/\(triple)/release/") })
    let without = try platform.deploy(.package(printing: "without"))
    #expect(without.log.contains("- CARGO_BUILD_TARGET is no longer set\n"), "\(without.log)")
    #expect(without.output(of: "hello") == "without\n")
  }
}
