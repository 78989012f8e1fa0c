import Foundation
import Testing

/// `bin/release`: one YAML map, whatever went before.
@Suite struct ReleaseTests {
  private static let common = """
    addons:
      - scalingo-postgresql
    config_vars:
      PATH: /app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

    """

  /// An app with these binaries.
  private func app(_ binaries: [String], manifest: String = "", with files: [String: String] = [:]) -> App {
    let sections = binaries.map { "[[bin]]\nname = \"\($0)\"\npath = \"main.rs\"\n" }.joined()
    return App.package(manifest: manifest + sections).without("src/main.rs")
      .with(["main.rs": "fn main() {}\n"]).with(files)
  }

  @Test(
    .needsRust,
    arguments: [
      ("the only one", ["server"], "", "default_process_types:\n  web: /app/bin/server\n"),
      ("web", ["other", "web"], "", "default_process_types:\n  web: /app/bin/web\n  other: /app/bin/other\n"),
      (
        "default-run", ["first", "second"], "default-run = \"second\"\n",
        "default_process_types:\n  web: /app/bin/second\n  first: /app/bin/first\n"
      ),
      (
        "web before default-run", ["web", "second"], "default-run = \"second\"\n",
        "default_process_types:\n  web: /app/bin/web\n  second: /app/bin/second\n"
      ),
      ("no clear choice", ["first", "second"], "", ""),
      ("a name that is no process type", ["web", "my-tool"], "", "default_process_types:\n  web: /app/bin/web\n"),
    ]
  )
  func theWebProcessIsNamedIfTheChoiceIsClear(name: String, binaries: [String], manifest: String, types: String) throws
  {
    let deployment = try Platform.installed().deploy(app(binaries, manifest: manifest))
    #expect(deployment.exitCode == 0, "\(name): \(deployment.log)")
    #expect(deployment.release.exitCode == 0)
    #expect(deployment.release.errors == "")
    #expect(deployment.release.output == Self.common + types, "\(name)")
  }

  @Test(.needsRust) func namesThatMeanSomethingElseInYAMLAreQuoted() throws {
    let deployment = try Platform.installed().deploy(app(["web", "true", "null", "no", "y", "e1"]))
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    let yaml = deployment.release.output
    for line in ["true", "null", "no", "y"].map({ "  \"\($0)\": /app/bin/\($0)\n" }) {
      #expect(yaml.contains(line) || yaml.contains(line.replacingOccurrences(of: "\"", with: "'")), "\(yaml)")
    }
    #expect(yaml.contains("  web: /app/bin/web\n"))
  }

  @Test(.needsRust) func besideAProcfileNoProcessIsNamed() throws {
    let platform = try Platform.installed()
    let deployment = try platform.deploy(app(["web"], with: ["Procfile": "web: web --port $PORT\n"]))
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.lines.contains("Processes are started as the app's Procfile says"))
    #expect(deployment.release.output == Self.common)
  }

  @Test(.needsRust) func theAppMayWantNoAddon() throws {
    let deployment = try Platform.installed().deploy(
      app(["web"], with: [:]).with([
        "Cargo.toml": app(["web"])["Cargo.toml"]! + "[package.metadata.scalingo]\naddons = []\n"
      ])
    )
    #expect(deployment.release.output.hasPrefix("addons: []\nconfig_vars:\n"), "\(deployment.release.output)")
  }

  @Test func withoutCompileTheMapIsValidToo() throws {
    let platform = try Platform(rust: nil)
    for app in [App.package(), [:], ["Procfile": "web: x\n"], ["Cargo.toml/x": "", ".scalingo": "a file"]] {
      let run = try platform.run("release", [try platform.place(app)])
      #expect(run.exitCode == 0)
      #expect(run.output == Self.common)
      #expect(run.errors == "")
    }
    #expect(try platform.run("release", [platform.folder + "/missing"]).output == Self.common)
  }

  @Test func aDamagedRecordIsAsNone() throws {
    let platform = try Platform(rust: nil)
    for text in ["", "{", "[]", "{\"process_types\": 7}", "null", "\u{0}"] {
      let run = try platform.run("release", [try platform.place([".scalingo/rust/launch.json": text])])
      #expect(run.exitCode == 0)
      #expect(run.output == Self.common, "\(text)")
    }
  }

  @Test func aSecondArgumentIsIgnored() throws {
    let platform = try Platform(rust: nil)
    let build = try platform.place(.package())
    #expect(try platform.run("release", [build, platform.cache]).output == Self.common)
    #expect(try platform.run("release", [build, "/missing", "more"]).output == Self.common)
    #expect(try platform.run("release", [".//"], home: build, directory: build).output == Self.common)
  }

  @Test func withoutAnArgumentNothingIsPrinted() throws {
    let platform = try Platform(rust: nil)
    for arguments in [[], [""]] {
      let run = try platform.run("release", arguments, home: platform.folder)
      #expect(run.exitCode == 2)
      #expect(run.output == "")
      #expect(run.errors == "usage: bin/release BUILD_DIR\n")
    }
  }
}
