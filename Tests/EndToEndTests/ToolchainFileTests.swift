import Foundation
import StandIns
import Testing

/// Which toolchain is taken, and why, in all the forms in which an app can ask for one.
@Suite(.needsStandIns) struct ToolchainFileTests {
  private func toolchains(_ platform: Platform) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: platform.link + "/rustup/toolchains").sorted()
  }

  /// An app that needs nothing but the toolchain: it is not built.
  private func install(_ platform: Platform, _ files: [String: String], _ process: [String: String] = [:]) throws
    -> Deployment
  {
    try platform.deploy(
      App.package().with(files),
      process: process.merging(["RUST_SKIP_BUILD": "1"]) { $1 }.mapValues { $0 }
    )
  }

  @Test func theFileNamesChannelTargetsComponentsAndProfile() throws {
    let platform = try Platform.installed()
    let host = try #require(platform.rust?.toolchain.host)
    let file = """
      # what developers want
      [toolchain]
      channel = "1.94.0"
      components = ["rustfmt", "clippy", "rust-src", "llvm-tools-preview"]
      targets = ["\(RustMirror.extraTargets[0])"]
      profile = "default"
      """
    let deployment = try platform.deploy(App.package().with(["rust-toolchain.toml": file]))
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.lines.contains("Using the toolchain \"1.94.0\", from rust-toolchain.toml"))
    #expect(deployment.lines.contains("With targets: \(RustMirror.extraTargets[0])"))
    #expect(deployment.lines.contains("With components: rust-src, llvm-tools-preview"))
    #expect(deployment.lines.contains("Note: not installed, since no build needs them: rustfmt, clippy"))
    #expect(deployment.lines.contains("Installed Rust 1.94.0"))
    #expect(deployment.output(of: "hello") == "hello\n")
    #expect(try toolchains(platform) == ["1.94.0-\(host)"], "the toolchain used before is removed")
    let folder = "\(platform.link)/rustup/toolchains/1.94.0-\(host)"
    let installed = try FileManager.default.contentsOfDirectory(atPath: folder + "/bin").sorted()
    #expect(installed == ["cargo", "rustc", "rustdoc"], "neither the file's profile nor its tools")
    #expect(FileManager.default.fileExists(atPath: "\(folder)/\(RustMirror.marker(for: RustMirror.extraTargets[0]))"))
    #expect(FileManager.default.fileExists(atPath: folder + "/lib/rustlib/src/rust/library/stand-in.txt"))

    // Nothing is asked of the network for a version that can't move.
    let again = try platform.deploy(
      App.package().with(["rust-toolchain.toml": file]),
      process: ["RUSTUP_DIST_SERVER": "http://127.0.0.1:9"]
    )
    #expect(again.exitCode == 0, "\(again.log)")
    #expect(again.lines.contains("Using Rust 1.94.0 from the cache"))

    // A target that is added later is added to what is installed.
    let more = try install(
      platform,
      [
        "rust-toolchain.toml": file.replacingOccurrences(
          of: "targets = [",
          with: "targets = [\"\(RustMirror.extraTargets[1])\", "
        )
      ]
    )
    #expect(more.exitCode == 0, "\(more.log)")
    #expect(FileManager.default.fileExists(atPath: "\(folder)/\(RustMirror.marker(for: RustMirror.extraTargets[1]))"))
  }

  @Test(
    arguments: [
      ("nothing", [:], [:], "stable", "the default"),
      ("a bare channel", ["rust-toolchain": "1.94.0\n"], [:], "1.94.0", "rust-toolchain"),
      ("a bare channel with blanks", ["rust-toolchain": "  1.94.0  \r\n"], [:], "1.94.0", "rust-toolchain"),
      (
        "a table in the legacy file", ["rust-toolchain": "[toolchain]\nchannel = \"1.94.0\"\n"], [:], "1.94.0",
        "rust-toolchain"
      ),
      (
        "both files", ["rust-toolchain": "1.94.0", "rust-toolchain.toml": "[toolchain]\nchannel = \"beta\"\n"], [:],
        "1.94.0", "rust-toolchain"
      ),
      (
        "a file without a channel", ["rust-toolchain.toml": "[toolchain]\nprofile = \"complete\"\n"], [:], "stable",
        "the default, since rust-toolchain.toml names no channel"
      ),
      (
        "the variable over all",
        ["rust-toolchain": "no-such", "rust-toolchain.toml": "[toolchain]\nchannel = \"beta\"\n"],
        ["RUSTUP_TOOLCHAIN": "1.94.0"], "1.94.0", "RUSTUP_TOOLCHAIN"
      ),
      ("an empty variable", ["rust-toolchain": "1.94.0"], ["RUSTUP_TOOLCHAIN": ""], "1.94.0", "rust-toolchain"),
      (
        "a dated nightly", ["rust-toolchain.toml": "toolchain.channel = 'nightly-2026-05-01'"], [:],
        "nightly-2026-05-01", "rust-toolchain.toml"
      ),
      (
        "a channel with the host's triple", ["rust-toolchain": "1.94.0-x86_64-unknown-linux-gnu"], [:],
        "1.94.0-x86_64-unknown-linux-gnu", "rust-toolchain"
      ),
    ] as [(String, [String: String], [String: String], String, String)]
  )
  func theChannelAndItsOriginAreTold(
    name: String,
    files: [String: String],
    process: [String: String],
    channel: String,
    origin: String
  ) throws {
    let deployment = try install(try Platform.installed(), files, process)
    #expect(deployment.exitCode == 0, "\(name): \(deployment.log)")
    #expect(deployment.lines.contains("Using the toolchain \"\(channel)\", from \(origin)"), "\(deployment.log)")
    #expect(deployment.log.contains("The app has both rust-toolchain") == (files.count == 2))
  }

  @Test(
    arguments: [
      ("a path", ["rust-toolchain.toml": "[toolchain]\npath = \"/opt/mine\"\n"], [:], "/opt/mine"),
      ("a path in the legacy file", ["rust-toolchain": "/opt/mine"], [:], "/opt/mine"),
      ("a path in the variable", [:], ["RUSTUP_TOOLCHAIN": "/opt/mine"], "A toolchain from a path can't be used here"),
      ("TOML that ends early", ["rust-toolchain.toml": "[toolchain]\nchannel = \"1.9"], [:], "can't be understood"),
      ("a bare channel in the TOML file", ["rust-toolchain.toml": "stable\n"], [:], "can't be understood"),
      ("no section", ["rust-toolchain.toml": "channel = \"stable\"\n"], [:], "no [toolchain] section"),
      ("a number", ["rust-toolchain.toml": "[toolchain]\nchannel = 1.95\n"], [:], "not a text in quotes"),
      ("an empty file", ["rust-toolchain": ""], [:], "no [toolchain] section"),
      ("an option for a name", ["rust-toolchain": "--force"], [:], "not the name of a toolchain"),
      (
        "components of a wrong type",
        ["rust-toolchain.toml": "[toolchain]\nchannel = \"stable\"\ncomponents = \"x\"\n"],
        [:], "\"components\" is not a list"
      ),
    ] as [(String, [String: String], [String: String], String)]
  )
  func whatCanNotBeUsedIsRefusedBeforeAnythingIsDone(
    name: String,
    files: [String: String],
    process: [String: String],
    words: String
  ) throws {
    let platform = try Platform()
    let deployment = try install(platform, files, process)
    #expect(deployment.exitCode == 1, "\(name)")
    #expect(deployment.log.contains(" !     Error: "))
    #expect(deployment.log.contains(words), "\(name): \(deployment.log)")
    #expect(!FileManager.default.fileExists(atPath: platform.rustCache + "/rustup"))
  }

  @Test func aChannelThatDoesNotExistIsExplained() throws {
    let deployment = try install(try Platform.installed(), ["rust-toolchain": "1.12.34\n"])
    #expect(deployment.exitCode == 1)
    #expect(deployment.lines.contains("Error: The toolchain 1.12.34 could not be installed."), "\(deployment.log)")
    #expect(deployment.log.contains("It was asked for by rust-toolchain."))
  }
}
