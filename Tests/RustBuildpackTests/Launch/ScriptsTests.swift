// The profile script and the export file, run by the shells of this machine.
import Testing

@testable import RustBuildpack

@Suite(.serialized) struct ScriptsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The shells that may source our scripts, as far as this machine has them; `bash --posix` is what `sh` is elsewhere.
  private static let shells = [["sh"], ["bash"], ["bash", "--posix"], ["dash"], ["busybox", "sh"]].filter { shell in
    let isHere = plainEnvironment.executable(named: shell[0]) != nil
    if !isHere { print("SKIPPED: the scripts under \(shell[0]), which is not on this machine") }
    return isHere
  }

  private func run(_ shell: [String], _ script: String, _ variables: [String: String]) throws -> String {
    let program = try #require(plainEnvironment.executable(named: shell[0]))
    let environment = Environment(variables.mapValues { Array($0.utf8) })
    let arguments = shell.dropFirst() + ["-euc", script]
    let result = try Command(program.description, Array(arguments), environment: environment, directory: folder.path)
      .capture()
    return "\(result.status.words): \(result.output)\(result.errors)"
  }

  @Test(arguments: shells)
  func theProfileScriptPutsOurFolderOnPathOnce(shell: [String]) throws {
    try ProfileScript.write(into: folder.path, [], nil, linking: nil)
    let cases: [(variables: [String: String], expected: String)] = [
      (["HOME": "/app", "PATH": "/bin"], "/app/bin:/bin"),
      (["HOME": "/app", "PATH": "/bin:/app/bin"], "/bin:/app/bin"),
      (["HOME": "/app", "PATH": "/app/bin"], "/app/bin"),
      (["HOME": "/app", "PATH": "/app/bin2:/bin"], "/app/bin:/app/bin2:/bin"),
      (["HOME": "/app", "PATH": ""], "/app/bin"),
      (["PATH": "/bin"], "/app/bin:/bin"),
      (["HOME": "/my *[a] home", "PATH": "/bin"], "/my *[a] home/bin:/bin"),
    ]
    for (variables, expected) in cases {
      let script = #". ./.profile.d/rust.sh; . ./.profile.d/rust.sh; echo "$PATH""#
      let found = try run(shell, script, variables)
      #expect(found == "ended with exit code 0: \(expected)\n", "\(shell) \(variables)")
    }
    let unset = try run(shell, #"unset PATH HOME; . ./.profile.d/rust.sh; echo "$PATH""#, [:])
    #expect(unset == "ended with exit code 0: /app/bin\n", "\(shell)")
  }

  @Test(arguments: [".profile.d", ".profile.d/rust.sh"])
  func theProfileScriptIsNeverWrittenThroughALink(name: String) throws {
    let outside = try TemporaryFolder()
    try outside.write("kept", to: "file")
    try folder.link(name, to: name.hasSuffix("sh") ? outside["file"] : outside.path)
    try ProfileScript.write(into: folder.path, [], nil, linking: nil)
    #expect(try folder[".profile.d/rust.sh"].text() == ProfileScript.text)
    #expect(try outside.listing() == ["file"])
    #expect(try outside["file"].text() == "kept")
  }

  @Test(arguments: shells)
  func theExportFileGivesTheToolchain(shell: [String]) throws {
    for name in ["cache", "my cache's $HOME \"x\""] {
      let work = WorkLayout(folder[name])
      #expect(ExportFile.write(into: folder.path, work, channel: "nightly-2026-05-01"))
      let script = #". ./export; for v in "$RUSTUP_HOME" "$CARGO_HOME" "$RUSTUP_TOOLCHAIN" "$PATH"; do echo "$v"; done"#
      let root = work.link
      for (path, rest) in [("/bin", ":/bin"), ("", "")] {
        let found = try run(shell, script, ["PATH": path])
        let expected = "\(root)/rustup\n\(root)/cargo\nnightly-2026-05-01\n\(root)/cargo/bin\(rest)\n"
        #expect(found == "ended with exit code 0: \(expected)", "\(shell)")
      }
    }
  }

  @Test func theExportFileIsOptional() throws {
    let work = WorkLayout(folder["cache"])
    #expect(!ExportFile.write(into: nil, work, channel: "stable"))
    #expect(!ExportFile.write(into: folder["missing"], work, channel: "stable"))
    try folder.makeFolder("buildpack/export")
    #expect(!ExportFile.write(into: folder["buildpack"], work, channel: "stable"))
    #expect(try folder.listing("buildpack") == ["export/"])
  }
}
