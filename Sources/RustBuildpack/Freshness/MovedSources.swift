/// Follows the sources to the path they have in this deployment, where a target directory names the path they had.
///
/// cargo keeps most paths relative to their package. It keeps absolute what a crate includes from outside its own
/// package (`include_str!("../../data")`), and so do build scripts in what they print and write. At the old path such
/// a file is missing, and everything that uses it is compiled on every deployment; or the old path is still there, and
/// a changed file passes for unchanged.
enum MovedSources {
  /// What is larger than this is no text that a build script wrote.
  private static let limit = 32 << 20

  /// Makes `target` forget the paths in `old`: lists of inputs get the path in `new`, and build scripts whose results
  /// hold an old path lose their fingerprint, so that cargo runs them again.
  static func follow(from old: [FilePath], to new: FilePath, in target: FilePath) throws(FileError) {
    let gone = old.filter { $0 != new }
    guard !gone.isEmpty else { return }
    let folders = target.entries.filter(\.isRealDirectory)
    for profile in folders + folders.flatMap(\.entries) where profile.appending(".fingerprint").isRealDirectory {
      for unit in profile.appending(".fingerprint").entries {
        for file in unit.entries where file.lastComponent.hasPrefix("dep-") { try follow(file, gone, new) }
      }
      for folder in profile.appending("build").entries where try results(of: folder, in: profile, hold: gone) {
        try profile.appending(".fingerprint").appending(folder.lastComponent).removeTree()
      }
    }
  }

  private static func follow(_ file: FilePath, _ old: [FilePath], _ new: FilePath) throws(FileError) {
    guard let status = try file.status(), status.kind == .file else { return }
    let bytes = try file.contents()
    guard old.contains(where: { contains(bytes, $0.bytes) }) else { return }
    // Where one path lies in the other, it can't be told which of them is meant.
    let isClear = !old.contains { $0.isInside(new) || new.isInside($0) }
    guard isClear, let moved = DependencyList.replacing(old, with: new, in: bytes) else {
      try file.removeTree()
      return
    }
    if moved == bytes { return }
    // The file must never be seen with another time: it is what cargo compares the inputs with.
    let draft = FilePath(bytes: file.bytes + Array(".moved".utf8))
    try draft.write(moved)
    try draft.setModified(status.modified)
    try draft.rename(to: file)
  }

  /// Whether a build script printed an old path, wrote one into a source file, or watches one.
  private static func results(
    of folder: FilePath,
    in profile: FilePath,
    hold old: [FilePath]
  ) throws(FileError) -> Bool {
    let holds = { (bytes: ArraySlice<UInt8>) in old.contains { contains(bytes, $0.bytes) } }
    let printed = folder.appending("output")
    if printed.isFile {
      // Watched paths inside the package are kept relative; the fingerprint has the others as they are.
      for line in try printed.contents(limit: limit).split(separator: UInt8(ascii: "\n")) where holds(line) {
        let ignored = ["cargo:rerun-if-changed=", "cargo::rerun-if-changed=", "cargo:warning=", "cargo::warning="]
        if !ignored.contains(where: { line.starts(with: $0.utf8) }) { return true }
      }
    }
    for file in profile.appending(".fingerprint").appending(folder.lastComponent).entries
    where file.lastComponent.hasPrefix("run-build-script-") && file.lastComponent.hasSuffix(".json") {
      if holds(try file.contents(limit: limit)[...]) { return true }
    }
    var found = false
    let written = folder.appending("out")
    guard written.isRealDirectory else { return false }
    try written.walk { (path, status) throws(FileError) in
      if !found, status.kind == .file, path.lastComponent.hasSuffix(".rs"), status.size <= limit {
        found = holds(try path.contents(limit: limit)[...])
      }
      return !found
    }
    return found
  }

  /// Whether `bytes` hold `path`, and not as the beginning of a longer name.
  private static func contains(_ bytes: some RandomAccessCollection<UInt8>, _ path: [UInt8]) -> Bool {
    guard let first = path.first else { return false }
    var rest = bytes[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: path), !(rest.dropFirst(path.count).first.map(isInName) ?? false) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

/// cargo's list of a unit's inputs: `.fingerprint/NAME-HASH/dep-…`.
///
/// Source: cargo's `src/cargo/core/compiler/fingerprint/dep_info.rs`, `EncodedDepInfo`, version 1 (since 1.85).
enum DependencyList {
  private static let header: [UInt8] = [1, 0, 0, 0, 0xff, 1]

  /// The list with `new` in the place of each of `old` at the start of paths; nothing when it is of another form.
  static func replacing(_ old: [FilePath], with new: FilePath, in bytes: [UInt8]) -> [UInt8]? {
    guard bytes.starts(with: header), bytes.count >= header.count + 4 else { return nil }
    var position = header.count
    var result = header
    func integer() -> Int? {
      guard bytes.count - position >= 4 else { return nil }
      defer { position += 4 }
      return Int(ByteReader.integer(bytes[position..<(position + 4)]) as UInt32)
    }
    guard let count = integer() else { return nil }
    result += ByteWriter.bytes(UInt32(count))
    for _ in 0..<count {
      // The kind of path, its length and bytes, and whether a checksum follows: it does not on stable cargo.
      guard position < bytes.count else { return nil }
      result.append(bytes[position])
      position += 1
      guard let length = integer(), bytes.count - position > length else { return nil }
      let path = FilePath(bytes: bytes[position..<(position + length)])
      position += length
      guard bytes[position] == 0 else { return nil }
      position += 1
      var moved = path.bytes
      if let base = old.first(where: path.isInside) { moved = new.bytes + path.bytes.dropFirst(base.bytes.count) }
      result += ByteWriter.bytes(UInt32(moved.count)) + moved + [0]
    }
    // Variables follow, which cargo judges by their values.
    return result + bytes[position...]
  }
}
