import Foundation
import StandIns
import Testing

/// Failures of the real tools in whole deployments: the log ends with the tool's own words, the cause, and what to do.
@Suite(.needsStandIns) struct HintDeploymentTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let app: App
    var env: [String: String] = [:]
    /// What the tool itself says.
    let tool: String
    let cause: String
    let advice: String

    var testDescription: String { name }
  }

  private static let linker = ".cargo/config.toml"

  static let cases: [Case] = [
    Case(
      name: "a manifest that is no TOML",
      app: App.package().with(["Cargo.toml": "[package\n"]),
      tool: "error: unclosed table",
      cause: "cargo can't read a Cargo.toml",
      advice: "Fix that line"
    ),
    Case(
      name: "a lock file with the marks of a merge",
      app: App.package().with(["Cargo.lock": "<<<<<<< HEAD\nversion = 4\n"]),
      tool: "error: failed to parse lock file at",
      cause: "Cargo.lock is damaged",
      advice: "git checkout --theirs Cargo.lock"
    ),
    Case(
      name: "a crate that does not exist",
      app: App.package(manifest: "[dependencies]\nno-such-crate = \"1\"\n").without("Cargo.lock"),
      tool: "error: no matching package named `no-such-crate` found",
      cause: "There is no package \"no-such-crate\"",
      advice: "Check how its name is written"
    ),
    Case(
      name: "an empty submodule",
      app: App.package(manifest: "[dependencies]\nother = { path = \"vendor/other\" }\n").without("Cargo.lock")
        .with(["vendor/other/.keep": ""]),
      tool: "failed to read `",
      cause: "points into the app's own folder, at vendor/other/",
      advice: "If it is a submodule"
    ),
    Case(
      name: "a linker that is not there",
      app: App.package().with([linker: "[target.x86_64-unknown-linux-gnu]\nlinker = \"special-linker\"\n"]),
      tool: "error: linker `special-linker` not found",
      cause: "asks for the linker \"special-linker\"",
      advice: "Remove the line linker = \"special-linker\""
    ),
    Case(
      name: "a library that is not there",
      app: App.package().with(["build.rs": "fn main() { println!(\"cargo:rustc-link-lib=fancy\"); }\n"]),
      tool: "fancy",
      cause: "did not find the system library \"fancy\"",
      advice: "with the line \"libfancy-dev\""
    ),
    Case(
      name: "a build script that panics",
      app: App.package().with(["build.rs": "fn main() { panic!(\"templates/ is empty\"); }\n"]),
      tool: "templates/ is empty",
      cause: "The build script of hello v0.1.0",
      advice: "If it works on your machine"
    ),
    Case(
      name: "a build script that asks git",
      app: App.package().with([
        "build.rs": """
        fn main() {
          let run = std::process::Command::new("git").arg("describe").output().unwrap();
          assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        }
        """
      ]),
      tool: "not a git repository",
      cause: "what is built here has no .git folder",
      advice: "read the variable SOURCE_VERSION"
    ),
    Case(
      name: "a script of the app whose program is killed",
      app: App.package().with(["bin/pre_compile": "#!/bin/bash\nbash -c 'kill -9 $$'\n"]),
      tool: "Killed",
      cause: "Nearly always the machine had no memory left",
      advice: "CARGO_BUILD_JOBS=2"
    ),
    Case(
      name: "a script of the app that lacks a program's library",
      app: App.package().with(["bin/post_compile": "#!/bin/sh\necho 'cannot find -lfancy' >&2\nexit 1\n"]),
      tool: "cannot find -lfancy",
      cause: "did not find the system library \"fancy\"",
      advice: "with the line \"libfancy-dev\""
    ),
    Case(
      name: "a compiler that is killed",
      app: App.package().with([
        "wrapper": "#!/bin/sh\ncase \"$*\" in *--crate-name\\ hello*) kill -9 $$;; esac\nexec \"$@\"\n",
        linker: "[build]\nrustc-wrapper = \"./wrapper\"\n",
      ]).executable("wrapper"),
      tool: "signal: 9",
      cause: "Something killed a program of the build (SIGKILL)",
      advice: "CARGO_BUILD_JOBS=2"
    ),
    Case(
      name: "a toolchain that does not exist",
      app: .package(),
      env: ["RUSTUP_TOOLCHAIN": "1.999.0"],
      tool: "error: could not download nonexistent rust version",
      cause: "There is no release of Rust called \"1.999.0",
      advice: "Correct the channel"
    ),
    Case(
      name: "a target that does not exist",
      app: App.package().with([
        "rust-toolchain.toml": "[toolchain]\nchannel = \"stable\"\ntargets = [\"x86_64-unknown-nonsense\"]\n"
      ]),
      tool: "error: component 'rust-std' for target 'x86_64-unknown-nonsense' is unavailable",
      cause: "no standard library for the target x86_64-unknown-nonsense",
      advice: "Correct targets in rust-toolchain.toml"
    ),
  ]

  @Test(arguments: cases)
  func aFailureEndsWithItsCauseAndWhatToDo(_ expected: Case) throws {
    let deployment = try Platform.installed().deploy(expected.app, env: expected.env)
    #expect(deployment.exitCode == 1, "\(deployment.log)")
    let parts = deployment.log.components(separatedBy: " !     Error: ")
    #expect(parts.count == 2, "\(deployment.log)")
    #expect(parts[0].contains(expected.tool), "\(deployment.log)")
    let end = parts[1].replacingOccurrences(of: "\n !     ", with: " ").replacingOccurrences(
      of: "  +",
      with: " ",
      options: .regularExpression
    )
    #expect(end.contains(expected.cause), "\(deployment.log)")
    #expect(end.contains(expected.advice), "\(deployment.log)")
  }

  @Test(arguments: [
    ("403", Fault.status(403), "The server refused the request"),
    ("404", .status(404), "The server does not have the file"),
    ("429", .status(429), "too many requests"),
    ("500", .status(500), "The server is in trouble (500)"),
    ("reset", .reset, "The connection to the server broke off"),
  ])
  func aRegistryThatFailsIsExplained(name: String, fault: Fault, cause: String) throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try rust.registry.add(CrateRegistry.Crate("greeting", "1.0.0"))
    let platform = try Platform(rust: rust)
    rust.server.inject(fault, at: "/crates/greeting")
    let app = App.package(manifest: "[dependencies]\ngreeting = \"1\"\n").without("Cargo.lock")
    let deployment = try platform.deploy(app)
    #expect(deployment.exitCode == 1, "\(name)")
    let end = deployment.log.components(separatedBy: " !     Error: ").last ?? ""
    #expect(end.contains(cause), "\(name): \(deployment.log)")
    #expect(!end.contains("127.0.0.1"), "\(name): \(end)")
    rust.server.clearFaults()
    #expect(try platform.deploy(app).exitCode == 0, "the next deployment works")
  }

  @Test func anUnknownFailureKeepsTheGeneralWords() throws {
    let deployment = try Platform.installed().deploy(
      App.package().with(["src/main.rs": "fn main() { let x: u8 = \"error: linker `cc` not found\"; }\n"])
    )
    #expect(deployment.exitCode == 1)
    let end = deployment.log.components(separatedBy: " !     Error: ").last ?? ""
    #expect(end.contains(" !     1. Fix what cargo names above.\n"), "\(end)")
    #expect(end.contains("Here it has: Rust"), "\(end)")
    #expect(end.contains("no .git folder.\n"), "\(end)")
  }
}

extension App {
  fileprivate func executable(_ path: String) -> App {
    var app = self
    app.executables.insert(path)
    return app
  }
}
