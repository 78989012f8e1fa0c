/// What the units in a target directory said of their inputs, in the two forms that do not depend on cargo's layout:
/// rustc's lists (`*.d`) and the lines that build scripts print.
package struct DeclaredInputs: Sendable {
  /// A crate's list: its root and everything that it was compiled from, relative to the build directory.
  private var crates: [Set<FilePath>] = []
  /// What a package's build script asked cargo to watch, by the package's name; nil for "all of the package".
  private var scripts: [String: [FilePath]?] = [:]
  private let relative: @Sendable (FilePath) -> FilePath?

  /// `relative`: turns a path into one relative to the build directory; nil for paths elsewhere.
  package init(relative: @escaping @Sendable (FilePath) -> FilePath?) { self.relative = relative }

  /// Reads all lists below `target`. `base`: the folder that rustc ran in for the app's crates, their workspace's.
  package mutating func read(_ target: FilePath, base: FilePath) throws(FileError) {
    guard target.isRealDirectory else { return }
    var found = self
    try target.walk { (path, status) throws(FileError) in
      let name = path.lastComponent
      if status.kind == .directory { return name != "incremental" }
      guard status.kind == .file, status.size < 4 << 20 else { return true }
      let relative = path.bytes.dropFirst(target.bytes.count + 1)
      if name.hasSuffix(".d") {
        // Beside a program, cargo puts a list of its own, of what all crates in there were compiled from.
        let isOfCrate = UnitHash.find(in: relative) != nil || path.parent.lastComponent == "deps"
        if isOfCrate { found.addList(try path.contents(), base: base) }
      } else if name == "output" || name == "stdout" {
        // A build script may write a file of that name.
        let isWritten = relative.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("out".utf8) }
        if !isWritten { found.addScript(try path.contents(), relative) }
      }
      return true
    }
    self = found
  }

  private mutating func addList(_ bytes: [UInt8], base: FilePath) {
    var files: Set<FilePath> = []
    for word in MakeRule.prerequisites(bytes) {
      let path = FilePath(bytes: word)
      // A crate of a registry lists its files by their full paths.
      if let inside = relative((path.isAbsolute ? path : base.appending(bytes: word)).normalized) {
        files.insert(inside)
      }
    }
    if !files.isEmpty { crates.append(files) }
  }

  private mutating func addScript(_ bytes: [UInt8], _ path: ArraySlice<UInt8>) {
    guard let name = UnitHash.find(in: path)?.name else { return }
    var watched: [FilePath] = []
    var saysSomething = false
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard line.starts(with: "cargo:".utf8) else { continue }
      let rest = line.dropFirst(6).drop { $0 == UInt8(ascii: ":") }
      if rest.starts(with: "rerun-if-".utf8) { saysSomething = true }
      let mark = Array("rerun-if-changed=".utf8)
      if rest.starts(with: mark) { watched.append(FilePath(bytes: rest.dropFirst(mark.count))) }
    }
    guard saysSomething else {
      scripts[name] = .some(nil)
      return
    }
    // Several runs of one package's script, for several sets of features, watch what each of them watches.
    if case .some(nil) = scripts[name] { return }
    scripts[name] = .some(((scripts[name] ?? nil) ?? []) + watched)
  }

  /// What one package declared.
  struct Declaration: Equatable {
    /// What its crates were compiled from.
    var files: Set<FilePath> = []
    /// What its build script asked cargo to watch: files, and folders with all that they hold.
    var watched: [FilePath] = []
    /// Whether its build script named nothing, so that cargo watches the whole package.
    var watchesPackage = false
  }

  /// What a package declared, whose crates have these roots.
  func of(package: String, folder: FilePath, roots: [FilePath]) -> Declaration {
    var found = Declaration()
    for list in crates where roots.contains(where: { list.contains($0) }) { found.files.formUnion(list) }
    guard let script = scripts[UnitHash.plain(package[...])] else { return found }
    guard let watched = script else {
      found.watchesPackage = true
      return found
    }
    found.watched = watched.compactMap { path in
      path.isAbsolute ? relative(path.normalized) : folder.appending(bytes: path.bytes).normalizedRelative
    }
    return found
  }

  /// Every Rust source that any crate of the app was compiled from.
  var rustSources: Set<FilePath> {
    var found: Set<FilePath> = []
    for list in crates { for path in list where path.lastComponent.hasSuffix(".rs") { found.insert(path) } }
    return found
  }
}

/// The rules of `make` that rustc writes: `target: prerequisite prerequisite`, spaces in names escaped by a backslash.
enum MakeRule {
  /// The prerequisites of the first rule.
  static func prerequisites(_ bytes: [UInt8]) -> [[UInt8]] {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    var isEscaped = false
    var colon: Int?
    for byte in line {
      if isEscaped {
        isEscaped = false
        if byte != UInt8(ascii: " ") { word.append(UInt8(ascii: "\\")) }
        word.append(byte)
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: " ") {
        if !word.isEmpty { words.append(word) }
        if word.last == UInt8(ascii: ":"), colon == nil { colon = words.count }
        word = []
      } else {
        word.append(byte)
      }
    }
    if !word.isEmpty { words.append(word) }
    return colon.map { Array(words[$0...]) } ?? []
  }
}

extension FilePath {
  /// A relative path without `.` and `..`, by its text alone; nil when it leads out of where it starts.
  var normalizedRelative: FilePath? {
    let plain = normalized
    return plain.isInside("..") ? nil : plain
  }
}
