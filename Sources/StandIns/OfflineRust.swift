import Foundation

/// Everything that rustup and cargo ask the internet for, on one loopback server.
package struct OfflineRust: Sendable {
  /// rust-lang.org's releases.
  package let mirror: RustMirror
  /// crates.io.
  package let registry: CrateRegistry
  /// What serves both.
  package let server: LoopbackServer
  /// The toolchain that both were made from.
  package let toolchain: InstalledToolchain

  /// Offers the release of `toolchain`, the machine's newest stable one unless another is given, as `stable` too, and an
  /// empty registry; serves both at once.
  ///
  /// Everything is kept in `directory`, but the archives of full releases in `cache` if that is given.
  package init(
    directory: String,
    toolchain: InstalledToolchain? = nil,
    preferredPort: Int = 0,
    kind: RustMirror.Kind = .thin,
    cache: String? = nil
  ) throws {
    let toolchain = try toolchain ?? InstalledToolchain.find()
    self.toolchain = toolchain
    mirror = try RustMirror(directory: directory, rustupFrom: toolchain, cache: cache)
    try mirror.addRelease(from: toolchain, kind: kind)
    try mirror.setChannel("stable", to: toolchain.version)
    registry = try CrateRegistry(directory: directory, toolchain: toolchain)
    server = try LoopbackServer(root: directory, preferredPort: preferredPort, handler: CrateRegistry.handler)
  }

  /// The variables that send rustup to the server.
  package var variables: [String: String] { mirror.variables(base: server.url) }

  /// The configuration that sends cargo to the server; its place is a parent folder of the apps.
  package var cargoConfiguration: String { CrateRegistry.configuration(url: server.url) }
}
