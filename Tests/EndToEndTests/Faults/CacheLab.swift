import Foundation
import StandIns
import Testing

@testable import RustBuildpack

/// A platform whose cache holds all parts, with what must never be written beside it.
final class CacheLab {
  let rust: OfflineRust
  let app: FaultApp
  let platform: Platform
  /// A folder of somebody else, with files that nothing may change.
  let outside: String
  private let canaries: String
  private let whole: String
  private var number = 0

  init() throws {
    rust = try Rust.own()
    try FaultApp.publish(to: rust)
    app = try FaultApp(rust)
    platform = try Platform(rust: rust)
    // "cargo install CRATE" reads the configuration of the folders above cargo's home.
    try CrateRegistry.configure(platform.folder, url: rust.server.url)
    platform.settings["RUST_INSTALL_TOOLS"] = "caller@1.0.0"
    outside = platform.folder + "/outside"
    try makeFolder(outside + "/bin")
    try makeFolder(outside + "/release/deps")
    for name in ["a", "b.crate", "bin/cargo", "release/deps/c.rlib"] {
      try Data("canary".utf8).write(to: URL(fileURLWithPath: "\(outside)/\(name)"))
    }
    // Another buildpack's part of the cache.
    try makeFolder(platform.cache + "/node/modules")
    try Data("canary".utf8).write(to: URL(fileURLWithPath: platform.cache + "/node/modules/index.js"))
    whole = platform.folder + "/whole"
    canaries = try Self.state(outside, platform)
    let first = try platform.deploy(app.withScript("whole"))
    if let trouble = first.trouble(printing: "whole") { throw Failure(trouble) }
    for part in CachePart.allCases { _ = try SealedCache.name(part, in: platform.rustCache) }
    try shell("cp -a \"$1\" \"$2\"", platform.cache, whole)
  }

  deinit { rust.server.stop() }

  private static func state(_ outside: String, _ platform: Platform) throws -> String {
    try contentState(of: outside) + contentState(of: platform.cache + "/node")
  }

  /// The name of a part's archive in the whole cache.
  func archiveName(_ part: CachePart) throws -> String { try SealedCache.name(part, in: whole + "/rust") }

  /// Puts the whole cache back, and nothing in the link's place.
  func reset() throws {
    try shell("rm -rf \"$1\" \"$3\" && cp -a \"$2\" \"$1\"", platform.cache, whole, platform.link)
  }

  /// Deploys after `damage`, which is given our part of the cache, and says what is wrong with the outcome.
  ///
  /// `reason`: what the log must say; nil for nothing. `compiles`: whether anything may be compiled but what changed.
  func trouble(
    reason: String?,
    without unwanted: String? = nil,
    compiles: Bool = true,
    after damage: (String) throws -> Void
  ) throws -> String? {
    try reset()
    try damage(platform.rustCache)
    number += 1
    let text = "after \(number)"
    let next = try platform.deploy(app.withScript(text))
    if let trouble = next.trouble(printing: text) { return trouble }
    if next.output(of: "caller") != "called\n" { return "the tool does not run: \(next.log)" }
    if try Self.state(outside, platform) != canaries { return "what is outside was changed: \(next.log)" }
    if let reason, !next.log.contains(reason) { return "it does not say \"\(reason)\": \(next.log)" }
    if let unwanted, next.log.contains(unwanted) { return "it says \"\(unwanted)\": \(next.log)" }
    if !compiles, next.compiled.contains("dep") { return "it compiled dep: \(next.log)" }
    if next.log.contains("could not be saved") { return "the cache was not saved: \(next.log)" }
    if let trouble = try SealedCache(platform.rustCache).trouble { return trouble }
    let strays = try strayNames(in: platform.rustCache)
    if !strays.isEmpty { return "the cache holds \(strays): \(next.log)" }
    let again = try platform.deploy(app.withScript(text))
    if !again.compiled.isEmpty { return "the deployment after it compiled \(again.compiled): \(again.log)" }
    return again.trouble(printing: text)
  }
}
