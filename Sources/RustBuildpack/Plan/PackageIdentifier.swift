/// How cargo names a package in its messages, taken apart.
///
/// "registry+https://…#name@1.2.3", "path+file:///app/name#1.2.3" or "…#name:1.2.3"; before 1.77 cargo wrote
/// "name 1.2.3 (registry+https://…)".
package struct PackageIdentifier: Sendable, Hashable {
  package let name: String
  package let version: String
  /// The folder of a package that a path leads to; nil for packages of registries and repositories.
  package let folder: FilePath?

  /// Reads an identifier; nil when it is of no form known here.
  package init?(_ identifier: String) {
    let words = identifier.split(separator: " ")
    if words.count == 3, words[2].hasPrefix("("), words[2].hasSuffix(")") {
      name = String(words[0])
      version = String(words[1])
      folder = Self.folder(words[2].dropFirst().dropLast())
      return
    }
    guard let mark = identifier.lastIndex(of: "#") else { return nil }
    let place = identifier[..<mark].prefix { $0 != "?" }
    let tail = identifier[identifier.index(after: mark)...]
    folder = Self.folder(place)
    if let at = tail.lastIndex(where: { $0 == "@" || $0 == ":" }) {
      name = String(tail[..<at])
      version = String(tail[tail.index(after: at)...])
    } else {
      guard let slash = place.lastIndex(of: "/") else { return nil }
      name = String(place[place.index(after: slash)...])
      version = String(tail)
    }
  }

  private static func folder(_ place: Substring) -> FilePath? {
    let prefix = "path+file://"
    return place.hasPrefix(prefix) ? FilePath(String(place.dropFirst(prefix.utf8.count))) : nil
  }
}
