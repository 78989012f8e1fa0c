/// A crate whose programs the app wants at run time, such as `diesel_cli`.
package struct ToolRequest: Equatable, Sendable {
  package let name: String
  package let version: String?
  package let features: [String]
  package let usesDefaultFeatures: Bool
  /// Where its sources are, if not on crates.io: "registry", or "git" with "branch", "tag" or "rev", and their values.
  package let source: [String: String]

  /// Why a value names no tool, as the end of a sentence that begins with the setting.
  struct Refusal: Error { let reason: String }

  /// Reads `name` or `name@version`.
  init(_ text: String) throws(Refusal) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, Self.isCrateName(name), parts.count == 1 || !parts[1].isEmpty else {
      throw Refusal(reason: "holds \"\(text)\", which is not of the form name or name@version")
    }
    self.init(name, version: parts.count == 2 ? parts[1] : nil)
  }

  /// The keys that say where the sources are, as cargo's options are called, too.
  private static let places = ["git", "branch", "tag", "rev", "registry"]
  private static let keys = ["name", "version", "features", "default-features"] + places

  /// Reads a manifest's value: a text, or a table with `name` (which the key of a table of tools stands for).
  init(_ value: JSON, name key: String? = nil) throws(Refusal) {
    if let text = value.string {
      guard let key else {
        try self.init(text)
        return
      }
      guard Self.isCrateName(key), !text.isEmpty else { throw Refusal(reason: "has no version for \"\(key)\"") }
      self.init(key, version: text)
      return
    }
    guard let table = value.object else { throw Refusal(reason: "holds something that is neither a text nor a table") }
    guard let name = key ?? value["name"]?.string, Self.isCrateName(name) else {
      throw Refusal(reason: "holds a table without a crate's name")
    }
    for member in table where !Self.keys.contains(member.key) {
      let hint = nearest(member.key, among: Self.keys).map { "; did you mean \"\($0)\"?" } ?? ""
      throw Refusal(
        reason: "has the key \"\(member.key)\" for \(name), which means nothing there\(hint) (known: "
          + "\(Self.keys.joined(separator: ", ")))"
      )
    }
    var texts: [String: String] = [:]
    for place in ["version"] + Self.places where value[place] != nil {
      guard let text = value[place]?.string, !text.isEmpty else {
        throw Refusal(reason: "has a \"\(place)\" for \(name) that is not a text")
      }
      texts[place] = text
    }
    let version = texts.removeValue(forKey: "version")
    guard texts.isEmpty || texts["git"] != nil || texts["registry"] != nil else {
      throw Refusal(reason: "has a branch, tag or rev for \(name), and no \"git\"")
    }
    guard texts.filter({ $0.key != "git" }).count <= 1, texts["registry"] == nil || texts.count == 1 else {
      throw Refusal(
        reason: "has more than one of branch, tag, rev and registry for \(name), or a registry beside \"git\""
      )
    }
    // cargo knows no other names; it becomes part of a configuration key, too.
    guard texts["registry"].map({ ToolchainRequest.isName($0) && !$0.contains(".") }) != false else {
      throw Refusal(reason: "has a \"registry\" for \(name) that is not the name of a registry")
    }
    let features = value["features"]?.array ?? []
    guard value["features"] == nil || value["features"]?.array != nil, features.allSatisfy({ $0.string != nil }) else {
      throw Refusal(reason: "has \"features\" for \(name) that are not a list of texts")
    }
    guard value["default-features"] == nil || value["default-features"]?.bool != nil else {
      throw Refusal(reason: "has \"default-features\" for \(name) that is neither true nor false")
    }
    self.init(
      name,
      version: version,
      features: features.compactMap(\.string),
      usesDefaultFeatures: value["default-features"]?.bool ?? true,
      source: texts
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

  /// "2.2" means what it means in a manifest: 2.2 or newer without a change that breaks. cargo wants to be told so.
  private static func requirement(_ version: String) -> String {
    let parts = version.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count < 3 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) } ? "^\(version)" : version
  }

  /// The words of "cargo install" that say what to install.
  package var arguments: [String] {
    var words = [name]
    if let version { words += ["--version", Self.requirement(version)] }
    for place in Self.places { if let value = source[place] { words += ["--\(place)", value] } }
    if !usesDefaultFeatures { words.append("--no-default-features") }
    if !features.isEmpty { words += ["--features", features.joined(separator: ",")] }
    return words
  }

  /// For the log: "diesel_cli 2.2.0", "sqlx-cli (newest)".
  package var shown: String {
    version.map { "\(name) \($0)" } ?? "\(name) (\(source["git"] == nil ? "newest" : "from git"))"
  }
}
