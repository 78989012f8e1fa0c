import Foundation
import StandIns
import Testing

/// The stand-in for static.rust-lang.org, used by the real rustup.
@Suite struct RustMirrorTests {
  /// A home of rustup's and cargo's own, and the mirror that fills it.
  private struct Lab {
    let folder: String
    let mirror: RustMirror
    let toolchain: InstalledToolchain
    var base: String?

    init(_ toolchain: InstalledToolchain) throws {
      self.toolchain = toolchain
      folder = try temporaryFolder("mirror")
      mirror = try RustMirror(directory: folder + "/mirror", rustupFrom: toolchain)
      try mirror.addRelease(from: toolchain)
      try mirror.setChannel("stable", to: toolchain.version)
    }

    func run(_ arguments: [String], in directory: String? = nil) throws -> ToolRun {
      var environment = [
        "PATH": "\(folder)/cargo/bin:/usr/local/bin:/usr/bin:/bin", "HOME": folder,
        "CARGO_HOME": folder + "/cargo", "RUSTUP_HOME": folder + "/rustup",
      ]
      environment.merge(mirror.variables(base: base)) { $1 }
      return try ToolRun(arguments, environment: environment, directory: directory ?? folder, timeout: 120)
    }

    func installRustup() throws {
      let path = mirror.rustupInitPath(version: toolchain.rustupVersion, host: toolchain.host)
      let source = (base ?? "file://\(mirror.directory)") + "/" + path
      let download = try run(["curl", "-fsS", "--noproxy", "*", "-o", folder + "/rustup-init", source])
      #expect(download.status == 0, "\(download.errors)")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/rustup-init")
      let options = ["-y", "--no-modify-path", "--default-toolchain", "none", "--profile", "minimal"]
      let installation = try run([folder + "/rustup-init"] + options)
      #expect(installation.status == 0, "\(installation.errors)")
    }

    func install(_ toolchain: String, _ options: String...) throws -> ToolRun {
      try run(["rustup", "toolchain", "install", toolchain, "--profile", "minimal", "--no-self-update"] + options)
    }

    func remove() {
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  @Test func rustupInstallsAThinReleaseThatBuilds() throws {
    guard let toolchain = machineToolchain() else { return }
    let lab = try Lab(toolchain)
    defer { lab.remove() }
    try lab.installRustup()
    let installation = try lab.install("stable")
    #expect(installation.status == 0, "\(installation.errors)")
    #expect(try lab.run(["rustc", "--version"]).output == "rustc \(toolchain.rustcVersion)\n")
    try #require(try lab.run(["cargo", "new", "--vcs", "none", "hello"]).status == 0)
    let build = try lab.run(["cargo", "build"], in: lab.folder + "/hello")
    #expect(build.status == 0, "\(build.errors)")
    #expect(try lab.run([lab.folder + "/hello/target/debug/hello"]).output == "Hello, world!\n")
    #expect(!(try lab.run(["rustup", "component", "list"]).output.contains("clippy-\(toolchain.host) (installed)")))

    let more = try lab.run(["rustup", "target", "add", RustMirror.extraTargets[0]])
    #expect(more.status == 0, "\(more.errors)")
    let marker = RustMirror.marker(for: RustMirror.extraTargets[0])
    let installed = "\(lab.folder)/rustup/toolchains/stable-\(toolchain.host)/\(marker)"
    #expect(FileManager.default.fileExists(atPath: installed))
    let component = try lab.run(["rustup", "component", "add", "clippy", "rustfmt", "rust-src", "rust-analyzer"])
    #expect(component.status == 0, "\(component.errors)")
  }

  @Test func aChannelMovesToAnotherVersionAndCargoBuildsAgain() throws {
    guard let toolchain = machineToolchain() else { return }
    var lab = try Lab(toolchain)
    let server = try LoopbackServer(root: lab.mirror.directory)
    lab.base = server.url
    defer {
      server.stop()
      lab.remove()
    }
    try lab.mirror.addRelease("1.94.0", from: toolchain, date: "2026-03-05")
    try lab.mirror.setChannel("stable", to: "1.94.0")
    try lab.mirror.addRelease("1.96.0-beta.2", from: toolchain, date: "2026-04-20")
    try lab.mirror.setChannel("beta", to: "1.96.0-beta.2")
    try lab.mirror.addRelease("1.97.0-nightly", from: toolchain, date: "2026-05-01")
    try lab.mirror.setChannel("nightly-2026-05-01", to: "1.97.0-nightly")
    try lab.installRustup()
    #expect(try lab.install("stable").status == 0)
    try #require(try lab.run(["cargo", "+stable", "new", "--vcs", "none", "hello"]).status == 0)
    func build() throws -> String { try lab.run(["cargo", "+stable", "build"], in: lab.folder + "/hello").errors }
    #expect(try lab.run(["rustc", "+stable", "-vV"]).output.contains("release: 1.94.0\n"))
    #expect(try lab.run(["cargo", "+stable", "--version"]).output.hasPrefix("cargo 1.94.0 "))
    #expect(try build().contains("Compiling hello"))
    #expect(!(try build().contains("Compiling hello")))

    server.clearRequests()
    #expect(try lab.install("stable").status == 0)
    #expect(server.requests == ["GET /dist/channel-rust-stable.toml.sha256"], "nothing new")
    try lab.mirror.setChannel("stable", to: toolchain.version)
    #expect(try lab.install("stable").status == 0)
    #expect(try lab.run(["rustc", "+stable", "-V"]).output == "rustc \(toolchain.rustcVersion)\n")
    #expect(try build().contains("Compiling hello"))

    for (channel, version) in [
      ("beta", "1.96.0-beta.2"), ("nightly-2026-05-01", "1.97.0-nightly"), ("1.94.0", "1.94.0"),
    ] {
      let installation = try lab.install(channel)
      #expect(installation.status == 0, "\(installation.errors)")
      #expect(try lab.run(["rustc", "+" + channel, "-V"]).output.hasPrefix("rustc \(version) "))
    }
    server.inject(.wrongBytes, at: "/dist/2026-04-16/rust-std")
    #expect(try lab.install(toolchain.version).status == 1, "a wrong checksum")
  }

  @Test func aCommandRunsWhileTheStandInsAreServed() throws {
    guard machineToolchain() != nil else { return }
    let script = """
      grep -q "sparse+$RUSTUP_DIST_SERVER/index/" "$RUST_STAND_IN_CARGO_CONFIG" || exit 1
      curl -fsS --noproxy '*' -o /dev/null "$RUSTUP_DIST_SERVER/dist/channel-rust-stable.toml.sha256" || exit 2
      curl -fsS --noproxy '*' -o /dev/null "$RUSTUP_UPDATE_ROOT/release-stable.toml" || exit 3
      curl -fsS --noproxy '*' "$RUSTUP_DIST_SERVER/index/config.json" | grep -q "$RUSTUP_DIST_SERVER/crates" || exit 4
      exit 7
      """
    #expect(runWithStandIns(arguments: ["--", "sh", "-c", script]) == 7)
  }

  @Test(arguments: [
    [], ["--"], ["--port", "x", "--", "true"], ["--port", "70000", "--", "true"], ["--what", "--", "true"],
  ])
  func argumentsThatMeanNothingAreRefused(arguments: [String]) {
    #expect(runWithStandIns(arguments: arguments) == 2)
  }
}
