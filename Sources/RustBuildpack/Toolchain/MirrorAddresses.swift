/// The addresses of mirrors that the app's variables name: values of variables, which may hold a password, and which
/// rustup and curl repeat in their messages.
struct MirrorAddresses {
  /// What is replaced, the longest first, and by what.
  private let replacements: [(address: [UInt8], name: [UInt8])]

  init(_ environment: Environment) {
    var found: [(address: [UInt8], name: [UInt8])] = []
    for name in ["RUSTUP_UPDATE_ROOT", "RUSTUP_DIST_SERVER"] {
      var address = environment.values[name] ?? []
      while address.last == UInt8(ascii: "/") { address.removeLast() }
      let shown = Array("$\(name)".utf8)
      for form in [address, Self.withoutUser(address)] where !form.isEmpty { found.append((form, shown)) }
    }
    replacements = found.sorted { $0.address.count > $1.address.count }
  }

  /// A line of a tool's output with the names of variables in the place of their values.
  func redacted(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    for (address, name) in replacements {
      var start = line.startIndex
      while line.endIndex - start >= address.count {
        if line[start...].starts(with: address) {
          line.replaceSubrange(start..<(start + address.count), with: name)
          start += name.count
        } else {
          start += 1
        }
      }
    }
    return line
  }

  /// A text with the names of variables in the place of their values.
  func redacted(_ text: String) -> String {
    String(decoding: redacted(Array(text.utf8)[...]), as: UTF8.self)
  }

  /// `scheme://user:password@host` as `scheme://host`: a client that takes the user out shows the rest.
  private static func withoutUser(_ address: [UInt8]) -> [UInt8] {
    guard let at = address.lastIndex(of: UInt8(ascii: "@")), let colon = address.firstIndex(of: UInt8(ascii: ":")),
      colon + 3 < at, address[colon...].starts(with: Array("://".utf8))
    else { return [] }
    return Array(address[..<(colon + 3)] + address[(at + 1)...])
  }
}
