/// The circumstances under which a target directory was filled: when one changes, what it holds is of no use.
package struct CacheKey: Equatable, Sendable {
  /// One circumstance, with what the log calls it.
  struct Circumstance: Equatable, Sendable {
    let name: String
    let value: String
    /// Whether the value may be shown: values of variables never are.
    let isShown: Bool
  }

  let circumstances: [Circumstance]

  /// Collects the circumstances of this deployment.
  ///
  /// `profile`: cargo's; nil before the app's settings are known, and then it does not count. `processor`: this machine's,
  /// for an app that is compiled for it alone.
  package init(
    stack: String?,
    link: FilePath,
    toolchain: Toolchain,
    profile: String?,
    processor: String? = nil,
    environment: Environment
  ) {
    var found = [
      Circumstance(name: "the stack", value: stack ?? "unknown", isShown: true),
      Circumstance(name: "Rust", value: toolchain.version, isShown: true),
      Circumstance(name: "the compiler", value: Self.fingerprint(toolchain.identity), isShown: false),
      Circumstance(name: "the path of the work directory", value: link.description, isShown: true),
    ]
    if let profile { found.append(Circumstance(name: "the profile", value: profile, isShown: true)) }
    if let processor {
      found.append(Circumstance(name: "the processor", value: Self.fingerprint(processor), isShown: false))
    }
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

  /// What differs from the key that was kept, in words, old and new. Before the profile is known, it is as it was.
  func reasons(since kept: CacheKey) -> [String] {
    var reasons: [String] = []
    for new in circumstances {
      guard let before = kept.circumstances.first(where: { $0.name == new.name }) else {
        reasons.append("\(new.name) is set now")
        continue
      }
      guard before.value != new.value else { continue }
      reasons.append(
        new.isShown ? "\(new.name) changed from \(before.value) to \(new.value)" : "\(new.name) changed"
      )
    }
    let names = Set(circumstances.map { $0.name })
    for before in kept.circumstances where !names.contains(before.name) && before.name != "the profile" {
      reasons.append("\(before.name) is no longer set")
    }
    // Rust's version says it already.
    if reasons.contains(where: { $0.hasPrefix("Rust changed") }) { reasons.removeAll { $0 == "the compiler changed" } }
    return reasons
  }

  /// Reads a key back; nil when it is not of this form.
  init?(_ json: JSON) {
    guard let rows = json.array else { return nil }
    var found: [Circumstance] = []
    for row in rows {
      guard let name = row["name"]?.string, let value = row["value"]?.string else { return nil }
      found.append(Circumstance(name: name, value: value, isShown: row["shown"]?.bool ?? false))
    }
    circumstances = found
  }

  var json: JSON {
    .array(
      circumstances.map { circumstance -> JSON in
        [
          "name": .string(circumstance.name), "value": .string(circumstance.value),
          "shown": .bool(circumstance.isShown),
        ]
      }
    )
  }

  /// The key of a cache without a build.
  init() { circumstances = [] }
}
