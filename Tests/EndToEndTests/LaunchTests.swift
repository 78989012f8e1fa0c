import Foundation
import StandIns
import Testing

/// What compile leaves for the app's start and for later buildpacks, used by a real bash.
@Suite(.needsRust) struct LaunchTests {
  private func bash(_ options: String, _ script: String, _ arguments: String..., variables: [String: String] = [:])
    throws -> ToolRun
  {
    try ToolRun(["/bin/bash", options, script, "bash"] + arguments, environment: variables, timeout: 30)
  }

  @Test func theProfileScriptIsQuietAndSafe() throws {
    let platform = try Platform.installed()
    let deployment = try platform.deploy(App.package().with([".profile.d/own.sh": "export OWN=own\n"]))
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.names(".profile.d") == ["own.sh", "rust.sh"])
    #expect(deployment.contents(".profile.d/own.sh") == "export OWN=own\n")
    // The app is moved once it is built.
    let app = platform.folder + "/an app"
    try FileManager.default.moveItem(atPath: deployment.directory, toPath: app)
    let script = app + "/.profile.d/rust.sh"
    #expect(!(try String(contentsOfFile: script, encoding: .utf8).contains(platform.folder)))

    let run = try bash("-euc", ". \"$1\"; hello; echo \"$PATH\"", script, variables: ["HOME": app, "PATH": "/usr/bin"])
    #expect(run.status == 0)
    #expect(run.output == "hello\n\(app)/bin:/usr/bin\n")
    #expect(run.errors == "")

    let twice = try bash(
      "-euc",
      ". \"$1\"; . \"$1\"; echo \"$PATH\"",
      script,
      variables: ["HOME": app, "PATH": "/bin"]
    )
    #expect(twice.output == "\(app)/bin:/bin\n")

    let none = try bash("-euc", "unset HOME PATH; . \"$1\"; echo \"$PATH ${HOME-unset}\"", script)
    #expect(none.status == 0, "\(none.errors)")
    #expect(none.output == "/app/bin unset\n")
    #expect(none.errors == "")

    // A shell other than bash, in which the variables and options stay as they were.
    let before = "set -o > \"$HOME/1\"; . \"$1\"; set -o > \"$HOME/2\"; cmp \"$HOME/1\" \"$HOME/2\""
    let plain = try ToolRun(
      ["sh", "-c", before, "sh", script],
      environment: ["HOME": app, "PATH": "/usr/bin:/bin"],
      timeout: 30
    )
    #expect(plain.status == 0)
    #expect(plain.output + plain.errors == "")
  }

  @Test func theExportFileGivesLaterBuildpacksCargoAndRustc() throws {
    let platform = try Platform.installed()
    let odd = platform.builds + "/a cache's \"odd\" $name"
    try FileManager.default.moveItem(atPath: platform.cache, toPath: odd)
    let build = try platform.place(.package())
    let run = try platform.run("compile", [build, odd, platform.env])
    #expect(run.exitCode == 0, "\(run.output)")
    let export = platform.buildpack + "/export"
    var variables = ["PATH": "/usr/bin:/bin", "HOME": build, "CARGO_HOME": "/invalid", "RUSTUP_TOOLCHAIN": "invalid"]
    let script = "cd /; . \"$1\"; echo \"sourced: $?\"; command -v cargo; rustc --version; cargo --version"
    let later = try bash("-euc", script, export, variables: variables)
    #expect(later.status == 0, "\(later.errors)")
    let lines = later.output.split(separator: "\n")
    try #require(lines.count == 4, "\(later.output)")
    #expect(lines[0] == "sourced: 0")
    #expect(lines[1] == "\(platform.link)/cargo/bin/cargo")
    #expect(lines[2].hasPrefix("rustc 1."))
    #expect(lines[3].hasPrefix("cargo 1."))

    variables["PATH"] = nil
    let bare = try bash("-euc", "unset PATH; . \"$1\"; echo \"$PATH\"", export, variables: variables)
    #expect(bare.output == "\(platform.link)/cargo/bin\n", "\(bare.errors)")
  }

  @Test func anExportFileThatCanNotBeWrittenDoesNotMatter() throws {
    let platform = try Platform.installed()
    try makeFolder(platform.buildpack + "/export/in-the-way")
    let deployment = try platform.deploy(.package())
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(FileManager.default.fileExists(atPath: platform.buildpack + "/export/in-the-way"))
  }

  @Test func whatIsInTheWayOfOurFilesIsReplaced() throws {
    let platform = try Platform.installed()
    let build = try platform.place(App.package().with([".profile.d": "a file", ".scalingo/rust": "a file"]))
    let run = try platform.run("compile", [build, platform.cache, platform.env])
    #expect(run.exitCode == 0, "\(run.output)")
    #expect(try platform.run("release", [build]).output.contains("web: /app/bin/hello"))
    #expect(FileManager.default.fileExists(atPath: build + "/.profile.d/rust.sh"))
  }

  @Test func onlyTheToolchainIsInstalledIfTheAppWantsThat() throws {
    let platform = try Platform.installed()
    let deployment = try platform.deploy(.package(), env: ["RUST_SKIP_BUILD": "1"])
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.names() == ["Cargo.lock", "Cargo.toml", "src"])
    #expect(FileManager.default.fileExists(atPath: platform.buildpack + "/export"))
    #expect(!deployment.release.output.contains("default_process_types"))
  }
}
