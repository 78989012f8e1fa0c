import Foundation
import StandIns
import Testing

/// The stand-ins for rust-lang.org and crates.io that the tests of this process share.
///
/// A test that moves channels or plays faults makes its own.
enum Rust {
  /// Served as long as the tests run; nothing when this machine has no toolchain to make them of.
  static let shared: OfflineRust? = {
    guard reason == nil else { return nil }
    do {
      let rust = try OfflineRust(directory: processFolder + "/rust")
      for (channel, version) in otherChannels {
        try rust.mirror.addRelease(version, from: rust.toolchain, date: "2026-03-05")
        try rust.mirror.setChannel(channel, to: version)
      }
      return rust
    } catch {
      print("SKIPPED: the stand-ins: \(error)")
      return nil
    }
  }()

  /// What the shared stand-ins offer beside the machine's own version: versions that call themselves so.
  static let otherChannels = [
    ("1.94", "1.94.0"), ("beta", "1.96.0-beta.2"), ("nightly-2026-05-01", "1.97.0-nightly"),
  ]

  /// Stand-ins of a test's own; its folder is removed with the shared ones.
  static func own(
    toolchain: InstalledToolchain? = nil,
    kind: RustMirror.Kind = .thin,
    cache: String? = nil
  ) throws -> OfflineRust {
    let directory = "\(processFolder)/\(UUID().uuidString)"
    return try OfflineRust(directory: directory, toolchain: toolchain, kind: kind, cache: cache)
  }

  /// The machine's nightly toolchain, whose cargo takes options that are not stable; nil where there is none.
  static let nightly: InstalledToolchain? = (try? InstalledToolchain.all())?.first { $0.version.hasSuffix("-nightly") }

  /// Why there can be no stand-ins on this machine; nothing when there can.
  static let reason: String? = {
    do {
      let toolchain = try InstalledToolchain.find()
      guard try toolchain.rustupDigest() == InstalledToolchain.officialRustupInit else {
        return "this machine's rustup is not the one that the buildpack pins"
      }
      return nil
    } catch { return "\(error)" }
  }()

  /// Whether something can be deployed at all: with stand-ins, or with the real servers.
  static let isReachable: Bool = {
    if reason == nil { return true }
    let url = "https://static.rust-lang.org/rustup/release-stable.toml"
    return (try? shell("curl -fsS -o /dev/null --max-time 10 \"$1\"", url)) != nil
  }()

  /// A folder for what the tests of this process share; removed when the process ends.
  static let processFolder: String = {
    let folder = (try? temporaryFolder("shared")) ?? NSTemporaryDirectory() + "/stand-ins-shared"
    folderToRemove = folder
    atexit { if let folder = Rust.folderToRemove { try? FileManager.default.removeItem(atPath: folder) } }
    return folder
  }()
  nonisolated(unsafe) private static var folderToRemove: String?
}

extension Trait where Self == ConditionTrait {
  /// For tests that deploy with stand-ins, or with the real servers where there can be none.
  static var needsRust: Self {
    .enabled(if: Rust.isReachable, "no toolchain for stand-ins (\(Rust.reason ?? "")), and no rust-lang.org")
  }

  /// For tests that need cargo's options that are not stable.
  static var needsNightly: Self {
    .enabled(if: Rust.nightly != nil, "no nightly toolchain on this machine")
  }

  /// For tests that need a server of their own making.
  static var needsStandIns: Self {
    .enabled(if: Rust.reason == nil, "no stand-ins: \(Rust.reason ?? "")")
  }
}
