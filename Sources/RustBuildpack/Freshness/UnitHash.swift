/// The hash by which cargo tells units apart, in a path below the target directory.
enum UnitHash {
  /// The first component that carries a hash, and the name that stands before it, be it in the same component or the one
  /// above.
  static func find(in path: ArraySlice<UInt8>) -> (hash: String, name: String)? {
    var before: ArraySlice<UInt8> = []
    for component in path.split(separator: UInt8(ascii: "/")) {
      let stem = component.prefix { $0 != UInt8(ascii: ".") }
      if isHash(stem) { return (text(stem), plain(text(before)[...])) }
      if let hyphen = stem.lastIndex(of: UInt8(ascii: "-")), isHash(stem[(hyphen + 1)...]) {
        return (text(stem[(hyphen + 1)...]), plain(text(stem[..<hyphen])[...]))
      }
      before = component
    }
    return nil
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func isHash(_ text: ArraySlice<UInt8>) -> Bool {
    text.count == 16
      && text.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      }
  }

  /// A crate's or package's name in one spelling.
  static func plain(_ name: Substring) -> String {
    let name = name.hasPrefix("lib") ? name.dropFirst(3) : name
    return String(name.map { $0 == "_" ? "-" : $0 })
  }
}
