import Foundation
import StandIns
import Testing

/// A channel that moves, a mirror that fails, and toolchains that are not whole.
@Suite(.needsStandIns) struct ChannelTests {
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

  @Test func aToolchainNoLongerUsedIsGone() throws {
    let platform = try Platform.installed()
    let host = try #require(platform.rust?.toolchain.host)
    for channel in ["1.94.0", "beta"] {
      let deployment = try platform.deploy(.package(), env: ["RUSTUP_TOOLCHAIN": channel])
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      let names = try platform.archived(.toolchain).filter { $0.hasPrefix("rustup/") && $0.hasSuffix("/bin/rustc") }
      #expect(names == ["rustup/toolchains/\(channel)-\(host)/bin/rustc"])
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

  @Test func anotherRustupInTheCacheIsNeverRun() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    let platform = try Platform(rust: rust)
    #expect(try platform.deploy(.package()).exitCode == 0)
    let mark = platform.folder + "/it-ran"
    try platform.repack(.toolchain, "printf '#!/bin/sh\\ntouch %s\\n' \(mark) >cargo/bin/rustup")
    try rust.mirror.addRelease("1.94.0", from: rust.toolchain, date: "2026-03-05")
    try rust.mirror.setChannel("stable", to: "1.94.0")
    let deployment = try platform.deploy(.package())
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.log.contains("Discarding rustup from the cache"), "\(deployment.log)")
    #expect(deployment.log.contains("Downloading rustup 1.29.0"))
    #expect(!FileManager.default.fileExists(atPath: mark))
  }

  @Test func anUnchangedChannelCostsOneSmallRequest() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    let platform = try Platform(rust: rust)
    #expect(try platform.deploy(.package()).exitCode == 0)
    rust.server.clearRequests()
    let warm = try platform.deploy(.package())
    #expect(warm.lines.contains("Rust \(rust.toolchain.version) is up to date"), "\(warm.log)")
    #expect(!warm.log.contains("rustup"), "it is not run: \(warm.log)")
    #expect(rust.server.requests == ["GET /dist/channel-rust-stable.toml.sha256"])
  }

  @Test func aTargetThatIsAddedIsInstalledWithTheRest() throws {
    let platform = try Platform.installed()
    let target = RustMirror.extraTargets[0]
    let file = "[toolchain]\nchannel = \"stable\"\ntargets = [\"\(target)\"]\n"
    let deployment = try platform.deploy(App.package().with(["rust-toolchain.toml": file]))
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(try platform.archived(.toolchain).contains { $0.hasSuffix("lib/rustlib/\(target)/lib/") })
    let again = try platform.deploy(App.package().with(["rust-toolchain.toml": file]))
    #expect(!again.log.contains("Running \"rustup"), "\(again.log)")
  }
}
