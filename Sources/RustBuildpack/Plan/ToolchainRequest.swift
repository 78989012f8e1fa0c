/// Which toolchain the app asks for, and by what.
package struct ToolchainRequest: Equatable, Sendable {
  /// As rustup takes it: "stable", "1.95.0", "nightly-2026-05-01".
  package var channel: String
  /// Where the channel was named, for the log: "rust-toolchain.toml", "RUSTUP_TOOLCHAIN", "the default".
  package var origin: String
  /// Target triples whose standard library is needed besides the machine's own.
  package var targets: [String] = []
  /// Components beyond the minimal profile that a build can need ("rust-src").
  package var components: [String] = []
  /// Components of the toolchain file that only developers need, which are not installed.
  package var leftOut: [String] = []
  /// What the app's owner should know about the choice.
  package var remarks: [String] = []

  /// Components that no build needs. Source: rustup's documentation, "Components".
  private static let developerComponents: Set<String> = [
    "rustfmt", "clippy", "rust-analyzer", "rls", "rust-docs", "rust-docs-json", "rust-analysis", "miri",
  ]
  /// Components of the minimal profile, which are installed anyway.
  private static let minimalComponents: Set<String> = ["rustc", "cargo", "rust-std"]

  /// Reads the app's wish: `RUSTUP_TOOLCHAIN`, else `VERSION` in RustConfig, else the toolchain file beside the app's
  /// manifest or in a folder above it up to `top`, else "stable".
  ///
  /// The file's targets count whoever named the channel; so do what `--target` of `RUST_INSTALL_FLAGS` names, or else
  /// `CARGO_BUILD_TARGET`, or else `build.target` of the app's cargo configuration.
  /// - Throws: when the file or the name can't be used.
  package static func read(
    _ app: FilePath,
    top: FilePath,
    _ environment: Environment,
    _ legacy: RustConfig? = nil
  ) throws(BuildpackError) -> ToolchainRequest {
    let folders = folders(from: app, to: top)
    var file: ToolchainRequest?
    for folder in folders where file == nil { file = try readFile(folder) }
    var request = file ?? ToolchainRequest(channel: "stable", origin: "the default")
    if let channel = legacy?.channel {
      request.channel = channel
      request.origin = "RustConfig"
    }
    if let name = environment["RUSTUP_TOOLCHAIN"], !name.isEmpty {
      request.channel = name.hasPrefix("+") ? String(name.dropFirst()) : name
      request.origin = "RUSTUP_TOOLCHAIN"
    }
    if request.channel.contains("/") { throw .toolchainPath(file: request.origin, path: request.channel) }
    guard isName(request.channel) else { throw .toolchainName(request.channel, origin: request.origin) }
    var chosen = flagTargets(folders, environment, legacy)
    if chosen.isEmpty {
      chosen = CargoConfiguration(from: app, top: top, environment: environment).strings("build", "target")
    }
    // A file is a target of the app's own making, for which no standard library is published.
    for target in chosen where isTriple(target) && !request.targets.contains(target) {
      request.targets.append(target)
    }
    return request
  }

  private static func folders(from app: FilePath, to top: FilePath) -> [FilePath] {
    var folders = [app]
    while let last = folders.last, last != top, last.isInside(top) { folders.append(last.parent) }
    return folders
  }

  /// What `--target` names in the setting for cargo's flags. The toolchain comes before cargo can be asked, so the
  /// manifests are read here; a mistake in them or in the setting is told when all settings are read.
  private static func flagTargets(_ folders: [FilePath], _ environment: Environment, _ legacy: RustConfig?) -> [String]
  {
    let manifests = folders.map { folder -> JSON? in
      guard let content = try? folder.appending("Cargo.toml").contents(limit: 1 << 22) else { return nil }
      return try? TOML.parse(content)
    }
    let workspace = manifests.lazy.compactMap { $0?["workspace"] }.first
    let reader = SettingsReader(
      environment: environment,
      sections: [
        (manifests.first??["package"]?["metadata"]?["scalingo"], ""), (workspace?["metadata"]?["scalingo"], ""),
        (legacy?.section, ""),
      ]
    )
    let flags = try? reader.flags("RUST_INSTALL_FLAGS", "flags")
    return flags?.value.targets ?? []
  }

  /// Whether the channel moves on: "stable", "1.95", "nightly"; not "1.95.0" and nothing with a date.
  package var isFloating: Bool {
    let parts = channel.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count >= 4, parts[1].count == 4, parts[1].allSatisfy(\.isNumber) { return false }
    return parts[0].split(separator: ".").count < 3
  }

  private static func readFile(_ app: FilePath) throws(BuildpackError) -> ToolchainRequest? {
    let legacy = app.appending("rust-toolchain")
    let modern = app.appending("rust-toolchain.toml")
    guard let file = [legacy, modern].first(where: \.isFile) else { return nil }
    let name = file.lastComponent
    let content: [UInt8]
    do throws(FileError) { content = try file.contents(limit: 1 << 20) } catch { throw .file(error) }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw .toolchainFile(name, problem: "It is not UTF-8 text.")
    }
    var request: ToolchainRequest
    let lines = text.split(whereSeparator: \.isNewline)
    if file == legacy, lines.count == 1, let line = lines.first {
      // One line in the file without an ending is a bare channel name, as rustup has it.
      request = ToolchainRequest(channel: trimmed(line), origin: name)
    } else {
      request = try parse(content, name)
    }
    if file == legacy, modern.isFile {
      request.remarks.append(
        "The app has both rust-toolchain and rust-toolchain.toml; rust-toolchain counts, as it does for rustup."
      )
    }
    return request
  }

  private static func parse(_ content: [UInt8], _ name: String) throws(BuildpackError) -> ToolchainRequest {
    let document: JSON
    do throws(TOMLError) {
      document = try TOML.parse(content)
    } catch { throw .toolchainFile(name, problem: "\(error).") }
    guard let table = document["toolchain"], table.object?.isEmpty == false else {
      throw .toolchainFile(name, problem: "It has no [toolchain] section with a channel.")
    }
    if let path = table["path"]?.string { throw .toolchainPath(file: name, path: path) }
    var request = ToolchainRequest(channel: "stable", origin: "the default, since \(name) names no channel")
    if let channel = table["channel"] {
      guard let text = channel.string else {
        throw .toolchainFile(name, problem: "The value of \"channel\" is not a text in quotes.")
      }
      request.channel = text
      request.origin = name
    }
    request.targets = try names(table["targets"], "targets", name)
    for component in try names(table["components"], "components", name) {
      let plain = component.hasSuffix("-preview") ? String(component.dropLast("-preview".count)) : component
      if developerComponents.contains(plain) {
        request.leftOut.append(component)
      } else if !minimalComponents.contains(plain) {
        request.components.append(component)
      }
    }
    return request
  }

  private static func names(_ value: JSON?, _ key: String, _ file: String) throws(BuildpackError) -> [String] {
    guard let value else { return [] }
    guard let items = value.array, items.allSatisfy({ $0.string.map(isName) == true }) else {
      throw .toolchainFile(file, problem: "The value of \"\(key)\" is not a list of names in quotes.")
    }
    return items.compactMap(\.string)
  }

  /// Whether cargo's `--target` value names something that rustup has: not the word for this machine, nor the file of
  /// a target of the app's own.
  private static func isTriple(_ text: String) -> Bool {
    isName(text) && text != "host-tuple" && !text.hasSuffix(".json")
  }

  /// What may stand as a word on rustup's command line and as a folder's name.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100 && !text.hasPrefix("-") && !text.hasPrefix(".")
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
