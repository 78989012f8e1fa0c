import Foundation
import StandIns
import Testing

/// A channel that moves, a mirror that fails, and toolchains that are not whole.
@Suite(.needsStandIns) struct ChannelTests {
  private func toolchain(_ platform: Platform, _ channel: String = "stable") -> String {
    "\(platform.rustCache)/rustup/toolchains/\(channel)-\(platform.rust?.toolchain.host ?? "")"
  }

  @Test func aFloatingChannelMovesBothWays() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    let platform = try Platform(rust: rust)
    let current = rust.toolchain.version
    try rust.mirror.addRelease("1.94.0", from: rust.toolchain, date: "2026-03-05")
    let cold = try platform.deploy(.package())
    #expect(cold.lines.contains("Installed Rust \(current)"), "\(cold.log)")

    var last = current
    for version in ["1.94.0", current] {
      try rust.mirror.setChannel("stable", to: version)
      let moved = try platform.deploy(.package())
      #expect(moved.exitCode == 0, "\(moved.log)")
      #expect(moved.lines.contains("Updated Rust from \(last) to \(version)"), "\(moved.log)")
      #expect(moved.log.contains("       Discarding cache since:\n       - Rust changed from \(last) to \(version)\n"))
      #expect(moved.compiled == ["hello"])
      #expect(moved.output(of: "hello") == "hello\n")
      last = version
    }
    let unmoved = try platform.deploy(.package())
    #expect(unmoved.lines.contains("Rust \(current) is up to date"))
    #expect(unmoved.compiled == [])
  }

  @Test func aToolchainNoLongerUsedIsRemoved() throws {
    let platform = try Platform.installed()
    let manager = FileManager.default
    for channel in ["1.94.0", "beta"] {
      let deployment = try platform.deploy(.package(), env: ["RUSTUP_TOOLCHAIN": channel])
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      let names = try manager.contentsOfDirectory(atPath: platform.rustCache + "/rustup/toolchains")
      #expect(names == [URL(fileURLWithPath: toolchain(platform, channel)).lastPathComponent])
      #expect(deployment.log.contains("Removing the toolchain "))
    }
    let deployment = try platform.deploy(.package())
    #expect(deployment.log.contains("- Rust changed from 1.96.0-beta.2 to "), "\(deployment.log)")
    #expect(deployment.output(of: "hello") == "hello\n")
  }

  @Test func withADeadMirrorTheCachedToolchainIsUsed() throws {
    let rust = try Rust.own()
    let platform = try Platform(rust: rust)
    #expect(try platform.deploy(.package()).exitCode == 0)
    rust.server.stop()
    let address = "http://user:canary@127.0.0.1:\(rust.server.port)"
    let deployment = try platform.deploy(
      .package(printing: "without a mirror"),
      process: ["RUSTUP_DIST_SERVER": address + "/", "RUSTUP_UPDATE_ROOT": address + "/rustup"]
    )
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.log.contains("'$RUSTUP_DIST_SERVER/"), "rustup's words, without the address: \(deployment.log)")
    #expect(!deployment.log.contains("canary"), "\(deployment.log)")
    #expect(!deployment.log.contains("127.0.0.1:\(rust.server.port)"), "\(deployment.log)")
    #expect(deployment.log.contains(" !     Warning: The toolchain \"stable\" could not be brought up to date."))
    #expect(deployment.log.contains("The deployment goes on with Rust \(rust.toolchain.version) from the cache."))
    #expect(deployment.output(of: "hello") == "without a mirror\n")

    // The cached one is of no use to an app that wants another.
    let other = try platform.deploy(.package(), env: ["RUSTUP_TOOLCHAIN": "1.94.0"])
    #expect(other.exitCode == 1)
    #expect(other.lines.contains("Error: The toolchain 1.94.0 could not be installed."), "\(other.log)")
    #expect(!other.has("bin"))
  }

  @Test func aMirrorMayBeAFolderThatOnlyTheEnvDirectoryNames() throws {
    let platform = try Platform()
    let rust = try #require(platform.rust)
    let dead = "http://127.0.0.1:9"
    let deployment = try platform.deploy(
      .package(),
      env: rust.mirror.variables(),
      process: ["RUSTUP_DIST_SERVER": dead, "RUSTUP_UPDATE_ROOT": dead]
    )
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(
      deployment.lines.contains { $0.hasPrefix("Downloading rustup 1.29.0 from the mirror in RUSTUP_UPDATE_ROOT,") }
    )
    #expect(deployment.output(of: "hello") == "hello\n")
    #expect(!deployment.log.contains(rust.mirror.directory), "\(deployment.log)")
  }

  @Test func withADeadMirrorAndNothingCachedTheDeploymentFails() throws {
    let rust = try Rust.own()
    rust.server.stop()
    let platform = try Platform(rust: rust)
    let start = Date()
    let deployment = try platform.deploy(.package())
    #expect(Date().timeIntervalSince(start) < 30)
    #expect(deployment.exitCode == 1)
    #expect(deployment.lines.contains("Error: The installer of Rust could not be downloaded."), "\(deployment.log)")
    #expect(!deployment.log.contains("127.0.0.1:\(rust.server.port)"), "an address may hold a password")
  }

  @Test func anInstallerWithAnotherSumIsNotRun() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    let platform = try Platform(rust: rust)
    let mark = platform.folder + "/it-ran"
    let impostor = platform.folder + "/impostor"
    try Data("#!/bin/sh\ntouch \(mark)\n".utf8).write(to: URL(fileURLWithPath: impostor))
    try rust.mirror.setRustup(impostor, version: "1.29.0", host: rust.toolchain.host)
    let found = try shell("sha256sum \"$1\" | cut -c1-64", impostor).trimmingCharacters(in: .newlines)
    let deployment = try platform.deploy(.package())
    #expect(deployment.exitCode == 1)
    #expect(deployment.log.contains("Error: The installer of Rust is not the one this buildpack knows."))
    #expect(deployment.log.contains(InstalledToolchain.officialRustupInit), "\(deployment.log)")
    #expect(deployment.log.contains(found), "\(deployment.log)")
    #expect(!FileManager.default.fileExists(atPath: mark))

    // A page of a captive portal is no better; the mirror mended, the next deployment works.
    try rust.mirror.setRustup(rust.toolchain.rustup, version: "1.29.0", host: rust.toolchain.host)
    rust.server.inject(.html, at: "/rustup/archive")
    let portal = try platform.deploy(.package())
    #expect(portal.exitCode == 1)
    #expect(portal.log.contains("is not the one this buildpack knows"))
    rust.server.clearFaults()
    #expect(try platform.deploy(.package()).exitCode == 0)
  }

  @Test func anotherRustupInTheCacheIsReplaced() throws {
    let platform = try Platform.installed()
    let mark = platform.folder + "/it-ran"
    let impostor = Data("#!/bin/sh\ntouch \(mark)\n".utf8)
    try impostor.write(to: URL(fileURLWithPath: platform.rustCache + "/cargo/bin/rustup"))
    let deployment = try platform.deploy(.package())
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.log.contains("Discarding rustup from the cache"))
    #expect(deployment.log.contains("Downloading rustup 1.29.0"))
    #expect(!FileManager.default.fileExists(atPath: mark))
  }

  @Test(arguments: [
    ("an interrupted installation", "rm \"$1/lib/rustlib/multirust-channel-manifest.toml\"", "was not finished"),
    ("no compiler", "rm \"$1/bin/rustc\"", "its compiler does not run"),
    ("a compiler that fails", "printf '#!/bin/sh\\nexit 1\\n' > \"$1/bin/rustc\"", "its compiler does not run"),
    ("a compiler that is not executable", "chmod 644 \"$1/bin/rustc\"", "its compiler does not run"),
    ("a compiler that is no program", "printf 'x' > \"$1/bin/rustc\"", "its compiler does not run"),
  ])
  func aBrokenToolchainIsInstalledAgain(name: String, damage: String, words: String) throws {
    let platform = try Platform.installed()
    try shell(damage, toolchain(platform))
    // As after a deployment that was killed: else the damage is found before the toolchain is tried.
    try FileManager.default.removeItem(atPath: platform.rustCache + "/inventory")
    try makeFolder(platform.rustCache + "/rustup/tmp")
    let rest = platform.rustCache + "/rustup/tmp/rest"
    try Data("a left-over".utf8).write(to: URL(fileURLWithPath: rest))
    let deployment = try platform.deploy(.package())
    #expect(deployment.exitCode == 0, "\(name): \(deployment.log)")
    #expect(deployment.log.contains(words), "\(name): \(deployment.log)")
    #expect(deployment.log.contains("Installed Rust "), "\(name): \(deployment.log)")
    #expect(deployment.output(of: "hello") == "hello\n")
    #expect(!FileManager.default.fileExists(atPath: rest))
    let tools = try FileManager.default.contentsOfDirectory(atPath: toolchain(platform) + "/bin").sorted()
    #expect(tools == ["cargo", "rustc", "rustdoc"], "the minimal profile")
  }

  @Test(arguments: ["", "version = \"1", "profile = \"minimal\"\n"])
  func settingsThatRustupWroteInPartAreMadeAnew(content: String) throws {
    let platform = try Platform.installed()
    try FileManager.default.removeItem(atPath: platform.rustCache + "/inventory")
    try Data(content.utf8).write(to: URL(fileURLWithPath: platform.rustCache + "/rustup/settings.toml"))
    let deployment = try platform.deploy(.package())
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.log.contains("Discarding rustup's settings from the cache"), "\(deployment.log)")
    #expect(deployment.output(of: "hello") == "hello\n")
  }
}
