/// The circumstances under which a target directory was filled: when one changes, what it holds is of no use.
package struct CacheKey: Equatable, Sendable {
  /// Raised when the meaning of anything below `rust/` in the cache directory changes.
  static let layout = 1

  /// One circumstance, with what the log calls it.
  struct Circumstance: Equatable, Sendable {
    let name: String
    let value: String
    /// Whether the value may be shown: values of variables never are.
    let isShown: Bool
  }

  let circumstances: [Circumstance]

  /// Collects the circumstances of this deployment.
  package init(stack: String?, toolchain: Toolchain, profile: String?, environment: Environment) {
    var found = [
      Circumstance(name: "the cache's layout", value: "\(Self.layout)", isShown: true),
      Circumstance(name: "the stack", value: stack ?? "unknown", isShown: true),
      Circumstance(name: "Rust", value: toolchain.version, isShown: true),
      Circumstance(name: "the compiler", value: Self.fingerprint(toolchain.identity), isShown: false),
      Circumstance(name: "the profile", value: profile ?? "release", isShown: true),
    ]
    // Every way cargo has of taking compiler flags from the environment. Source: cargo's reference, "build.rustflags".
    let names = environment.values.keys.filter { name in
      name == "RUSTFLAGS" || name == "CARGO_ENCODED_RUSTFLAGS" || name == "CARGO_BUILD_RUSTFLAGS"
        || name == "CARGO_BUILD_TARGET" || name.hasPrefix("CARGO_TARGET_") && name.hasSuffix("_RUSTFLAGS")
    }
    for name in names.sorted() {
      found.append(Circumstance(name: name, value: Self.fingerprint(environment[name] ?? ""), isShown: false))
    }
    circumstances = found
  }

  private static func fingerprint(_ text: String) -> String { String(SHA256.hash(Array(text.utf8)).hex.prefix(16)) }

  /// What differs from the key that was kept, in words, old and new.
  func reasons(since kept: CacheKey) -> [String] {
    let old = Dictionary(kept.circumstances.map { ($0.name, $0) }) { first, _ in first }
    var reasons: [String] = []
    for new in circumstances {
      guard let before = old[new.name] else {
        reasons.append("\(new.name) is set now")
        continue
      }
      guard before.value != new.value else { continue }
      reasons.append(
        new.isShown ? "\(new.name) changed from \(before.value) to \(new.value)" : "\(new.name) changed"
      )
    }
    let names = Set(circumstances.map(\.name))
    for before in kept.circumstances where !names.contains(before.name) {
      reasons.append("\(before.name) is no longer set")
    }
    // Rust's version says it already.
    if reasons.contains(where: { $0.hasPrefix("Rust changed") }) { reasons.removeAll { $0 == "the compiler changed" } }
    return reasons
  }

  /// Reads the key that a cache was left with; nothing when there is none that can be read.
  static func read(_ path: FilePath) -> CacheKey? {
    guard path.exists, let bytes = try? path.contents(limit: 1 << 20), let document = try? JSON.parse(bytes),
      let rows = document["circumstances"]?.array
    else { return nil }
    let found = rows.compactMap { row -> Circumstance? in
      guard let name = row["name"]?.string, let value = row["value"]?.string else { return nil }
      return Circumstance(name: name, value: value, isShown: row["shown"]?.bool ?? false)
    }
    return found.count == rows.count ? CacheKey(circumstances: found) : nil
  }

  func write(_ path: FilePath) throws(FileError) {
    let rows = circumstances.map { circumstance -> JSON in
      ["name": .string(circumstance.name), "value": .string(circumstance.value), "shown": .bool(circumstance.isShown)]
    }
    let document: JSON = ["circumstances": .array(rows)]
    try path.write(Array((document.serialized(indented: true) + "\n").utf8))
  }

  private init(circumstances: [Circumstance]) { self.circumstances = circumstances }
}
