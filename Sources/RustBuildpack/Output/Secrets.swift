// What the log never shows, whoever says it.

/// A text with `…` in the place of the user and the password of each address in it: `https://…@example.com/`.
///
/// What stands before the host of an `http` address counts as a secret, since tokens stand there alone; in others
/// (`ssh://git@`, `postgres://user:password@`) only what has a password. A password with a slash in it is no address's,
/// and is not known for one.
func withoutCredentials(_ text: [UInt8]) -> [UInt8] {
  // Most lines hold no such character; the search for it is all that they cost.
  guard text.contains(UInt8(ascii: "@")) else { return text }
  var result: [UInt8] = []
  result.reserveCapacity(text.count)
  var rest = text[...]
  while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
    let start = colon + 3
    guard start < rest.endIndex, rest[colon...].starts(with: Array("://".utf8)) else {
      result += rest[...colon]
      rest = rest[(colon + 1)...]
      continue
    }
    let authority = rest[start...].prefix { !endsAuthority($0) }
    result += rest[..<start]
    rest = rest[start...]
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")), at > start else { continue }
    let scheme = text[..<colon].suffix(while: isOfScheme)
    if scheme.isOfTheWeb || authority[..<at].contains(UInt8(ascii: ":")) {
      result += Array("…".utf8)
      rest = rest[at...]
    }
  }
  return result + rest
}

/// The words of a command for the log: what `--config` gives to a variable, or to a key that is named like a secret,
/// is `…`.
package func withoutSecrets(_ words: [String]) -> [String] {
  var isConfiguration = false
  return words.map { word in
    let takesNext = word == "--config"
    defer { isConfiguration = takesNext }
    if isConfiguration { return withoutSecretValue(word) }
    let prefix = "--config="
    return word.hasPrefix(prefix) ? prefix + withoutSecretValue(String(word.dropFirst(prefix.count))) : word
  }
}

private func withoutSecretValue(_ assignment: String) -> String {
  guard let sign = assignment.firstIndex(of: "=") else { return assignment }
  let names = ["token", "secret", "passw", "credential", "key"]
  let lowered = assignment.lowercased()[...]
  let isSecret =
    lowered.hasPrefix("env") || lowered.indices.contains { start in names.contains(where: lowered[start...].hasPrefix) }
  return isSecret ? "\(assignment[..<sign])=…" : assignment
}

private let delimiters = Array("/?#\"'`<>\\".utf8)

private func endsAuthority(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7F || delimiters.contains(byte) }

private func isOfScheme(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "-"):
    true
  default: false
  }
}

extension ArraySlice<UInt8> {
  /// The last elements for which `condition` holds.
  fileprivate func suffix(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    self[(lastIndex { !condition($0) }.map { $0 + 1 } ?? startIndex)...]
  }

  /// Whether a scheme is `http`, `https` or cargo's `registry+https` and the like.
  fileprivate var isOfTheWeb: Bool {
    let name = String(decoding: self, as: UTF8.self).lowercased()
    return name.hasSuffix("http") || name.hasSuffix("https")
  }
}
