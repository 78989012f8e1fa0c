import Foundation

/// A stand-in for static.rust-lang.org, made from a toolchain that this machine's rustup has installed.
///
/// Its folder works as it is (`file://…`) and behind a `LoopbackServer`.
package struct RustMirror: Sendable {
  /// What the components of a release hold.
  package enum Kind: String, Sendable {
    /// Scripts that run the installed toolchain: built and installed in an instant; bound to this machine and user.
    case thin
    /// Copies of the installed toolchain's rustc, cargo and standard library.
    case full
  }

  /// The folder that holds `dist/` and `rustup/`.
  package let directory: String
  private let cache: String?

  /// The targets beside the host that every release has a standard library for: a marker file.
  package static let extraTargets = ["wasm32-unknown-unknown", "x86_64-unknown-linux-musl"]

  /// The path, below an installed toolchain, of the file that marks the standard library of an extra target.
  package static func marker(for target: String) -> String { "lib/rustlib/\(target)/lib/stand-in.txt" }

  /// A mirror in `directory` that offers rustup itself as this machine has it.
  ///
  /// The archives of full releases are kept in the folder `cache`, to be used again.
  package init(directory: String, rustupFrom toolchain: InstalledToolchain, cache: String? = nil) throws {
    self.directory = directory
    self.cache = cache
    try setRustup(toolchain.rustup, version: toolchain.rustupVersion, host: toolchain.host)
  }

  /// The variables that send rustup to this mirror: below `base`, by default the folder itself.
  package func variables(base: String? = nil) -> [String: String] {
    let base = base ?? "file://" + directory
    return ["RUSTUP_DIST_SERVER": base, "RUSTUP_UPDATE_ROOT": base + "/rustup"]
  }

  /// Where the rustup-init of a version is, relative to the root.
  package func rustupInitPath(version: String, host: String) -> String {
    "rustup/archive/\(version)/\(host)/rustup-init"
  }

  /// Offers an executable as the newest rustup.
  package func setRustup(_ executable: String, version: String, host: String) throws {
    let content = try Data(contentsOf: URL(fileURLWithPath: executable), options: .mappedIfSafe)
    let digest = try sha256(ofFiles: [executable])[0]
    for path in [rustupInitPath(version: version, host: host), "rustup/dist/\(host)/rustup-init"] {
      try write(content, to: "\(directory)/\(path)", isExecutable: true)
      try write("\(digest) *\(path)\n", to: "\(directory)/\(path).sha256")
    }
    try write("schema-version = '1'\nversion = '\(version)'\n", to: directory + "/rustup/release-stable.toml")
  }

  /// Adds a release and the channel of its own name (`1.95.0`).
  ///
  /// A thin release may have any version: its rustc and cargo call themselves so. A full one keeps its own version in
  /// whatever they say.
  package func addRelease(
    _ version: String? = nil,
    from toolchain: InstalledToolchain,
    kind: Kind = .thin,
    date: String = "2026-04-16"
  ) throws {
    let release = Release(version: version ?? toolchain.version, toolchain: toolchain, kind: kind)
    let folder = "dist/\(date)"
    var paths: [String] = []
    for archive in try release.archives() {
      if archive.isLarge, let cache {
        let cached = try archive.component.write(to: "\(cache)/\(toolchain.rustcVersion)", isLarge: true)
        paths.append("\(folder)/\(URL(fileURLWithPath: cached).lastPathComponent)")
        try link(cached, to: "\(directory)/\(paths[paths.count - 1])")
      } else {
        let path = try archive.component.write(to: "\(directory)/\(folder)", isLarge: archive.isLarge)
        paths.append("\(folder)/\(URL(fileURLWithPath: path).lastPathComponent)")
      }
    }
    let digests = try sha256(ofFiles: paths.map { "\(directory)/\($0)" })
    var components: [ChannelFile.Component] = []
    for (index, archive) in try release.archives().enumerated() {
      components.append(
        ChannelFile.Component(
          name: archive.component.name,
          target: archive.component.target,
          path: paths[index],
          sha256: digests[index]
        )
      )
    }
    let file = ChannelFile(
      date: date,
      versions: ["cargo": release.cargoVersion],
      rustVersion: release.rustcVersion,
      host: toolchain.host,
      components: components
    )
    try write(file.text, to: recordPath(of: release.version))
    try setChannel(release.version, to: release.version)
  }

  /// Lets a channel (`stable`, `beta`, `1.85`, `nightly-2026-05-01`) name a release that was added.
  package func setChannel(_ channel: String, to version: String) throws {
    let record = recordPath(of: version)
    guard let text = try? String(contentsOfFile: record, encoding: .utf8) else {
      throw StandInError("the mirror has no release \(version)")
    }
    let path = channelPath(channel)
    try write(text, to: path)
    let name = URL(fileURLWithPath: path).lastPathComponent
    try write("\(try sha256(ofFiles: [path])[0])  \(name)\n", to: path + ".sha256")
  }

  /// Takes a channel away.
  package func removeChannel(_ channel: String) throws {
    for suffix in ["", ".sha256"] { try FileManager.default.removeItem(atPath: channelPath(channel) + suffix) }
  }

  private func recordPath(of version: String) -> String { "\(directory)/releases/\(version).toml" }

  /// `nightly-2026-05-01` is the file of the channel `nightly` in the folder of that day.
  private func channelPath(_ channel: String) -> String {
    let parts = channel.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, parts[1].count == 10, parts[1].first?.isNumber == true else {
      return "\(directory)/dist/channel-rust-\(channel).toml"
    }
    return "\(directory)/dist/\(parts[1])/channel-rust-\(parts[0]).toml"
  }

  private func link(_ source: String, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? FileManager.default.removeItem(at: url)
    if (try? FileManager.default.linkItem(atPath: source, toPath: path)) == nil {
      try FileManager.default.copyItem(atPath: source, toPath: path)
    }
  }
}
