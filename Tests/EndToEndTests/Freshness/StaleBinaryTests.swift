import Foundation
import StandIns
import Testing

/// A changed source whose time is older than the artefact made of the source before it.
@Suite(.needsStandIns) struct StaleBinaryTests {
  /// Deploys as the platform's documentation has it: "cargo install" with a target directory that is kept.
  private func deployByTheReference(_ app: App, _ platform: Platform, times: App.Times) throws -> (String, Int32) {
    let toolchain = try InstalledToolchain.find()
    let build = try platform.place(app, times: times)
    let cache = platform.folder + "/reference"
    let run = try ToolRun(
      ["cargo", "install", "--path", build, "--target-dir", cache + "/target", "--root", build],
      environment: [
        "PATH": "\(toolchain.directory)/bin:/usr/local/bin:/usr/bin:/bin", "HOME": build,
        "CARGO_HOME": cache + "/cargo",
      ],
      directory: build,
      timeout: 120
    )
    return (try ToolRun(["\(build)/bin/hello"], timeout: 20).output, run.status)
  }

  @Test func theReferenceShipsTheOldBinaryAndThisBuildpackTheNewOne() throws {
    let platform = try Platform()
    let old = App.package(printing: "old")
    let new = App.package(printing: "new")
    #expect(try deployByTheReference(old, platform, times: .y1980) == ("old\n", 0))
    #expect(try deployByTheReference(new, platform, times: .y1980) == ("old\n", 0), "the fault this buildpack is for")

    for times in [App.Times.y1980, .now, .future, .at(Int(Date().timeIntervalSince1970) - 60)] {
      #expect(try platform.deploy(old, times: .y1980).output(of: "hello") == "old\n")
      let deployment = try platform.deploy(new, times: times)
      #expect(deployment.output(of: "hello") == "new\n")
      #expect(deployment.lines.contains("1 of 3 files changed since the last deployment"))
    }
  }

  /// A crate that includes a file from outside its package, and a build script that writes the app's absolute path.
  private let workspace: App = [
    "Cargo.toml": "[workspace]\nmembers = [\"web\"]\nresolver = \"2\"\n",
    "Cargo.lock": App.lockFile(["web"]),
    "data/text.txt": "one",
    "web/Cargo.toml": "[package]\nname = \"web\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    "web/src/main.rs": "fn main() { println!(\"{}\", include_str!(\"../../data/text.txt\")); }\n",
  ]

  @Test func aFileOutsideThePackageIsFollowedWhileTheOldBuildDirectoryIsStillThere() throws {
    let platform = try Platform()
    #expect(try platform.deploy(workspace).output(of: "web") == "one\n")
    let changed = try platform.deploy(workspace.with(["data/text.txt": "two"]))
    #expect(changed.output(of: "web") == "two\n")
    #expect(changed.compiled == ["web"])
  }

  @Test func aFileOutsideThePackageCompilesNothingWhenTheOldBuildDirectoryIsGone() throws {
    let platform = try Platform()
    for round in 1...3 {
      let deployment = try platform.deploy(workspace)
      #expect(deployment.output(of: "web") == "one\n")
      #expect(deployment.compiled == (round == 1 ? ["web"] : []))
      try FileManager.default.removeItem(atPath: deployment.directory)
    }
  }

  @Test func aVendoredCrateThatWasEditedIsCompiledAgain() throws {
    let platform = try Platform()
    let sum = String(repeating: "0", count: 64)
    let source = "registry+https://github.com/rust-lang/crates.io-index"
    let dependency = "name = \"dep\"\nversion = \"1.0.0\"\nsource = \"\(source)\"\nchecksum = \"\(sum)\"\n"
    let own = "name = \"hello\"\nversion = \"0.1.0\"\ndependencies = [\n \"dep\",\n]\n"
    var app = App.package(manifest: "[dependencies]\ndep = \"1\"\n").with([
      "Cargo.lock": "version = 4\n\n[[package]]\n\(dependency)\n[[package]]\n\(own)",
      ".cargo/config.toml":
        "[source.crates-io]\nreplace-with = \"vendored\"\n[source.vendored]\ndirectory = \"vendor\"\n",
      "vendor/dep/.cargo-checksum.json": "{\"files\":{},\"package\":\"\(sum)\"}",
      "vendor/dep/Cargo.toml": "[package]\nname = \"dep\"\nversion = \"1.0.0\"\nedition = \"2021\"\n",
      "src/main.rs": "fn main() { println!(\"{}\", dep::TEXT); }\n",
    ])
    for text in ["one", "two", "one"] {
      app["vendor/dep/src/lib.rs"] = "pub const TEXT: &str = \"\(text)\";\n"
      let deployment = try platform.deploy(app)
      #expect(deployment.output(of: "hello") == text + "\n", "\(deployment.log)")
      #expect(try platform.deploy(app).compiled == [])
    }
    // What a deployment that fails made of it is not kept.
    let broken = app.with(["vendor/dep/src/lib.rs": "pub const TEXT: &str = \"two\";", "src/main.rs": "nonsense"])
    #expect(try platform.deploy(broken).exitCode == 1)
    let last = try platform.deploy(app)
    #expect(last.output(of: "hello") == "one\n" && last.compiled == [], "\(last.log)")
  }

  @Test func aBuildScriptThatPrintedAPathOfTheAppIsRightAtANewPath() throws {
    let platform = try Platform()
    var app = App.package()
    app["build.rs"] = """
      fn main() {
        println!("cargo:rerun-if-changed=build.rs");
        println!("cargo:rustc-env=PLACE={}/place.txt", std::env::var("CARGO_MANIFEST_DIR").unwrap());
      }
      """
    app["place.txt"] = "one"
    app["src/main.rs"] = "fn main() { println!(\"{}\", include_str!(env!(\"PLACE\"))); }\n"
    for (index, text) in ["one", "one", "two"].enumerated() {
      app["place.txt"] = text
      let deployment = try platform.deploy(app)
      #expect(deployment.output(of: "hello") == text + "\n")
      #expect(deployment.compiled == (index == 1 ? [] : ["hello"]))
      try FileManager.default.removeItem(atPath: deployment.directory)
    }
  }

  @Test func aLinkThatLeadsElsewhereIsSeen() throws {
    let platform = try Platform()
    func deploy(_ end: String) throws -> Deployment {
      var app = App.package()
      app["a.txt"] = "a"
      app["b.txt"] = "b"
      app["src/main.rs"] = "fn main() { println!(\"{}\", include_str!(\"../link.txt\")); }\n"
      let build = try platform.place(app)
      try FileManager.default.createSymbolicLink(atPath: build + "/link.txt", withDestinationPath: end)
      let run = try platform.run("compile", [build, platform.cache], home: build)
      return Deployment(
        platform: platform,
        directory: build,
        cache: platform.cache,
        detection: run,
        compilation: run,
        release: run
      )
    }
    for end in ["a.txt", "b.txt", "a.txt"] {
      #expect(try deploy(end).output(of: "hello") == end.prefix(1) + "\n")
    }
    #expect(try deploy("a.txt").compiled == [])
  }
}
