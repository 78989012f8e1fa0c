/// The app's own choice of processes: read to warn, never changed.
package struct Procfile: Sendable {
  /// Process types with their commands, in order.
  package private(set) var processes: [(name: String, command: String)] = []

  /// What editors of Windows put before a text.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Reads the file at the top of the app; nil when there is none.
  package init?(_ app: FilePath) {
    let file = app.appending("Procfile")
    guard file.exists else { return nil }
    var content = (try? file.contents(limit: 1 << 20)) ?? []
    if content.starts(with: Self.byteOrderMark) { content.removeFirst(Self.byteOrderMark.count) }
    for line in String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("#") else { continue }
      let command = line[line.index(after: colon)...].drop { $0.isWhitespace }
      processes.append((name: String(line[..<colon]), command: String(command)))
    }
  }

  /// Executables that commands name by a path below the app.
  struct Reference: Equatable {
    let process: String
    /// As written: "./target/release/server".
    let written: String
    /// Relative to the app's folder: "target/release/server".
    let path: String
  }

  /// All words of all commands that name a file in `bin/`, or in a profile's folder of a `target/`, of the app.
  var references: [Reference] {
    processes.flatMap { process in
      process.command.split { $0.isWhitespace || $0 == ";" || $0 == "&" || $0 == "|" || $0 == "\"" || $0 == "'" }
        .compactMap { word in
          Self.path(of: String(word)).map { Reference(process: process.name, written: String(word), path: $0) }
        }
    }
  }

  /// The path below the app's folder that a word means, if that is in `bin/` or in a profile's folder of a `target/`.
  static func path(of word: String) -> String? {
    var path = word[...]
    for prefix in ["/app/", "$HOME/", "${HOME}/", "./"] where path.hasPrefix(prefix) {
      path = path.dropFirst(prefix.count)
      break
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0 != ".." && !$0.contains("$") && !$0.contains("=") }) else { return nil }
    let isInBin = parts.count == 2 && parts[0] == "bin"
    return isInBin || placeOfTarget(parts) != nil ? String(path) : nil
  }

  /// Where "target" stands in "target/release/server", "target/TRIPLE/release/server", "backend/target/release/server".
  private static func placeOfTarget(_ parts: [Substring]) -> Int? {
    guard let place = parts.firstIndex(of: "target"), [3, 4].contains(parts.count - place) else { return nil }
    let profile = parts[parts.count - 2]
    return profile == "release" || profile == "debug" ? place : nil
  }

  /// Makes `target/release/NAME` a link to `bin/NAME` for every such executable that a command names and the build
  /// installed: the buildpack that apps come from left them there, for apps in a subfolder below that.
  ///
  /// Returns the links made, relative to the app.
  package func linkOldPlaces(_ app: FilePath, installed: [String]) throws(FileError) -> [String] {
    var links: [String] = []
    for reference in references where !links.contains(reference.path) {
      let parts = reference.path.split(separator: "/")
      guard Self.placeOfTarget(parts) != nil, let name = parts.last.map(String.init), installed.contains(name) else {
        continue
      }
      let place = app.appending(reference.path)
      guard !place.exists, Self.isBelow(place.parent, app) else { continue }
      try place.parent.makeDirectories()
      let up = Array(repeating: "..", count: parts.count - 1).joined(separator: "/")
      try place.makeLink(to: FilePath("\(up)/bin/\(name)"))
      links.append(reference.path)
    }
    return links
  }

  /// Whether every folder from the app down to this one is a real one or missing: a link could lead outside.
  private static func isBelow(_ folder: FilePath, _ app: FilePath) -> Bool {
    var folder = folder
    while folder != app {
      if folder.exists && !folder.isRealDirectory { return false }
      if folder.parent == folder { return false }
      folder = folder.parent
    }
    return true
  }
}
