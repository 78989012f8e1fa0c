/// A crate whose programs the app wants at run time, such as `diesel_cli`.
package struct ToolRequest: Equatable, Sendable {
  package let name: String
  package let version: String?
  package let features: [String]
  package let usesDefaultFeatures: Bool
  /// Where its sources are, if not in the registry: "git", "branch", "tag", "rev" with their values.
  package let source: [String: String]

  /// Reads `name` or `name@version`.
  package init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, Self.isCrateName(name), parts.count == 1 || !parts[1].isEmpty else { return nil }
    self.init(name, version: parts.count == 2 ? parts[1] : nil)
  }

  /// Reads a manifest's value: a text, or a table with `name` (which the key of a table of tools stands for).
  package init?(_ value: JSON, name key: String? = nil) {
    if let text = value.string {
      if let key {
        guard Self.isCrateName(key) else { return nil }
        self.init(key, version: text)
      } else {
        self.init(text)
      }
      return
    }
    guard let table = value.object, let name = key ?? value["name"]?.string, Self.isCrateName(name) else { return nil }
    let known: Set<String> = ["name", "version", "features", "default-features", "git", "branch", "tag", "rev"]
    guard table.allSatisfy({ known.contains($0.key) }) else { return nil }
    var source: [String: String] = [:]
    for place in ["git", "branch", "tag", "rev"] where value[place] != nil {
      guard let text = value[place]?.string, !text.isEmpty else { return nil }
      source[place] = text
    }
    guard source.isEmpty || source["git"] != nil else { return nil }
    if value["version"] != nil, value["version"]?.string?.isEmpty != false { return nil }
    let features = value["features"]?.array ?? []
    guard features.allSatisfy({ $0.string != nil }) else { return nil }
    self.init(
      name,
      version: value["version"]?.string,
      features: features.compactMap(\.string),
      usesDefaultFeatures: value["default-features"]?.bool ?? true,
      source: source
    )
  }

  private init(
    _ name: String,
    version: String?,
    features: [String] = [],
    usesDefaultFeatures: Bool = true,
    source: [String: String] = [:]
  ) {
    self.name = name
    self.version = version
    self.features = features
    self.usesDefaultFeatures = usesDefaultFeatures
    self.source = source
  }

  /// Letters, digits, `-` and `_`, a letter first: the registry's rule.
  private static func isCrateName(_ name: String) -> Bool {
    ToolchainRequest.isName(name) && !name.contains(".") && name.first?.isLetter == true
  }

  /// The words of "cargo install" that say what to install.
  package var arguments: [String] {
    var words = [name]
    if let version { words += ["--version", version] }
    for place in ["git", "branch", "tag", "rev"] { if let value = source[place] { words += ["--\(place)", value] } }
    if !usesDefaultFeatures { words.append("--no-default-features") }
    if !features.isEmpty { words += ["--features", features.joined(separator: ",")] }
    return words
  }

  /// For the log: "diesel_cli 2.2.0", "sqlx-cli (newest)".
  package var shown: String { version.map { "\(name) \($0)" } ?? "\(name) (\(source.isEmpty ? "newest" : "from git"))" }
}
