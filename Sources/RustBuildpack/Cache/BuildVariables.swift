/// The variables that cargo and compilers take settings from, as fingerprints: to name the one that changed.
enum BuildVariables {
  private static let prefixes = ["CARGO_", "RUST"]
  private static let names: Set<String> = ["CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS", "AR", "SQLX_OFFLINE"]
  /// Secrets are not kept, not even as fingerprints.
  private static let secrets = ["TOKEN", "SECRET", "PASSW", "CREDENTIAL", "KEY", "URL"]

  static func fingerprints(_ environment: Environment) -> [String: String] {
    var found: [String: String] = [:]
    for (name, value) in environment.values {
      guard names.contains(name) || prefixes.contains(where: { name.hasPrefix($0) }),
        !secrets.contains(where: { word in name.indices.contains { name[$0...].hasPrefix(word) } })
      else { continue }
      found[name] = String(SHA256.hash(value).hex.prefix(16))
    }
    return found
  }

  /// The names of those that were set, unset or changed, sorted.
  static func changed(from old: [String: String], to new: [String: String]) -> [String] {
    Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
  }
}
