/// The names of the variables by which a build is let into a git host or a registry.
enum GitCredential {
  /// The variable for the host of an address: `GIT_CRED__HTTPS__GIT__EXAMPLE__COM__8443` for
  /// "https://git.example.com:8443/x.git". Nil when the address has no host.
  ///
  /// A variable's name holds neither hyphens nor colons: see `SourceAccess`, which reads it. What stands for a user or
  /// a password is left out; an address of ssh gives the name for https, which is how the variable can be used.
  static func variable(for address: String) -> String? {
    let bytes = Array(address.utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: Array("://".utf8)) }) else { return nil }
    let scheme = String(decoding: bytes[..<start], as: UTF8.self).split(separator: "+").last ?? ""
    let rest = bytes[(start + 3)...]
    var authority = rest.prefix { byte in
      byte > 0x20 && ![UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "'")].contains(byte)
    }
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
    var name = ""
    for byte in authority {
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: ":"): name += "__"
      case UInt8(ascii: "-"): name += "_"
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      // An address of the sixth version, or a name in another script.
      default: return nil
      }
    }
    let isWeb = scheme == "http" || scheme == "https"
    // The port of ssh is not that of https.
    if !isWeb, let end = authority.firstIndex(of: UInt8(ascii: ":")) {
      return variable(for: "https://\(String(decoding: authority[..<end], as: UTF8.self))")
    }
    return name.isEmpty ? nil : "GIT_CRED__\(scheme == "http" ? "HTTP" : "HTTPS")__\(name.uppercased())"
  }

  /// The variable for the token of a registry: cargo's own.
  static func registryToken(_ registry: String) -> String {
    "CARGO_REGISTRIES_\(String(registry.map { $0 == "-" ? "_" : $0 }).uppercased())_TOKEN"
  }
}
