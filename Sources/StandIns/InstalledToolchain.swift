import Foundation

/// A toolchain that rustup has installed on this machine, and that rustup.
package struct InstalledToolchain: Sendable {
  /// `stable-x86_64-unknown-linux-gnu`.
  package let name: String
  /// Where it is installed.
  package let directory: String
  /// `x86_64-unknown-linux-gnu`.
  package let host: String
  /// `1.95.0`.
  package let version: String
  /// `1.95.0 (59807616e 2026-04-14)`.
  package let rustcVersion: String
  /// cargo's, in the same form.
  package let cargoVersion: String
  /// The machine's `rustup`, which installs when it is called `rustup-init`.
  package let rustup: String
  /// `1.29.0`.
  package let rustupVersion: String

  /// The SHA-256 of the official rustup-init 1.29.0 for x86_64-unknown-linux-gnu.
  package static let officialRustupInit = "4acc9acc76d5079515b46346a485974457b5a79893cfb01112423c89aeb5aa10"

  /// The SHA-256 of this machine's `rustup`, and so of the rustup-init that a mirror offers.
  package func rustupDigest() throws -> String {
    try sha256(ofFiles: [rustup])[0]
  }

  /// The toolchain that stands in for releases: the newest stable one, or else any; throws the reason if there is none.
  package static func find() throws -> InstalledToolchain {
    let toolchains = try all()
    let stable = toolchains.filter { !$0.version.contains("-") }
    let newest = (stable.isEmpty ? toolchains : stable).max { first, second in
      first.version.compare(second.version, options: .numeric) == .orderedAscending
    }
    guard let newest else { throw StandInError("rustup has no toolchain installed on this machine") }
    return newest
  }

  /// Every toolchain that this machine's rustup has installed for this machine.
  package static func all() throws -> [InstalledToolchain] {
    let rustup = try findRustup()
    let environment = machineEnvironment()
    let home = try ToolRun.output(of: [rustup, "show", "home"], environment: environment)
    let toolchains = home.trimmingCharacters(in: .whitespacesAndNewlines) + "/toolchains/"
    let list = try ToolRun.output(of: [rustup, "toolchain", "list", "-q"], environment: environment)
    let names = list.split(separator: "\n").map(String.init)
    return try names.compactMap { name in
      guard FileManager.default.fileExists(atPath: "\(toolchains)\(name)/lib/rustlib/multirust-channel-manifest.toml")
      else { return nil }
      return try InstalledToolchain(name: name, directory: toolchains + name, rustup: rustup)
    }
  }

  /// The files of a component, relative to the toolchain's folder.
  func files(of component: String) throws -> [String] {
    let list = "\(directory)/lib/rustlib/manifest-\(component)-\(host)"
    let text = try String(contentsOfFile: list, encoding: .utf8)
    return text.split(separator: "\n").filter { $0.hasPrefix("file:") }.map { String($0.dropFirst(5)) }
  }

  private init(name: String, directory: String, rustup: String) throws {
    self.name = name
    self.directory = directory
    self.rustup = rustup
    let verbose = try ToolRun.output(of: [directory + "/bin/rustc", "-vV"])
    func field(_ key: String) throws -> String {
      guard let line = verbose.split(separator: "\n").first(where: { $0.hasPrefix(key + " ") }) else {
        throw StandInError("'rustc -vV' of \(name) says nothing of '\(key)'")
      }
      return String(line.dropFirst(key.utf8.count + 1))
    }
    rustcVersion = try field("rustc")
    version = try field("release:")
    host = try field("host:")
    let cargo = try ToolRun.output(of: [directory + "/bin/cargo", "-V"])
    cargoVersion = String(cargo.dropFirst(6).prefix { $0 != "\n" })
    let words = try ToolRun.output(of: [rustup, "-V"], environment: Self.machineEnvironment()).split(separator: " ")
    guard words.count > 1 else { throw StandInError("'rustup -V' says nothing") }
    rustupVersion = String(words[1])
  }

  private static func findRustup() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    var folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    if let home = environment["HOME"] { folders.append(home + "/.cargo/bin") }
    let candidates = folders.map { $0 + "/rustup" }
    guard let path = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw StandInError("rustup is not on this machine")
    }
    return path
  }

  private static func machineEnvironment() -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["RUSTUP_TOOLCHAIN"] = nil
    return environment
  }
}
