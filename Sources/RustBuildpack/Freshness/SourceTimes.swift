/// Gives new times to what has changed.
enum SourceTimes {
  /// Assigns a time to every changed entry of `scan`, and to what must count as changed with it: whole second `start`,
  /// nanoseconds counting up. `all`: everything counts as changed.
  static func assign(
    to scan: inout SourceScan,
    root: FilePath,
    all: Bool,
    from start: Int64
  ) -> (count: Int, files: Int, changedFiles: Int, manifests: Int) {
    let isNew = all ? Array(repeating: true, count: scan.entries.count) : marks(scan, root)
    var count = 0
    var files = 0
    var changedFiles = 0
    var manifests = 0
    for position in 0..<scan.entries.count {
      let isFile = scan.entries[position].kind == .file
      if isFile { files += 1 }
      guard isNew[position] else { continue }
      if isFile, all || scan.changed[position] { changedFiles += 1 }
      if decidesDependencies(scan.entries.path(position)) { manifests += 1 }
      // A second holds a billion entries, and the next second belongs to the artefacts.
      let time = Timestamp(seconds: start, nanoseconds: UInt32(clamping: min(count, 999_999_999)))
      scan.setModified(position, time)
      count += 1
    }
    // All names of one file show one time: the latest, so that the order in which they are set does not matter.
    for names in scan.sharedFiles.values where names.count > 1 {
      if let latest = names.map({ scan.entries.modified($0) }).max() {
        for name in names { scan.setModified(name, latest) }
      }
    }
    return (count, files, changedFiles, manifests)
  }

  /// Whether cargo reads an entry of this name to choose dependencies: a manifest, a lock file, a configuration.
  private static func decidesDependencies(_ path: ArraySlice<UInt8>) -> Bool {
    let name = path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex)...]
    return ["Cargo.toml", "Cargo.lock", "config.toml", "config"].contains { name.elementsEqual($0.utf8) }
  }

  /// Which entries need a new time: the changed ones and those that must count as changed with them.
  private static func marks(_ scan: SourceScan, _ root: FilePath) -> [Bool] {
    var isNew = scan.changed
    let index = PathIndex(scan.entries)
    var links = scan.redirected
    for folder in scan.thinned {
      guard let manifest = index.manifest(above: folder) else { continue }
      isNew[manifest] = true
      if scan.entries[manifest].kind == .link { links.append(manifest) }
    }
    for end in scan.formerEnds {
      for position in index.subtree(of: end.bytes[...]) {
        isNew[position] = true
        if scan.entries[position].kind == .link { links.append(position) }
      }
    }
    markEnds(of: links, root, index, scan.entries, &isNew)
    for names in scan.sharedFiles.values where names.contains(where: { isNew[$0] }) {
      for name in names { isNew[name] = true }
    }
    return isNew
  }

  /// Marks what links lead to, all that lies in a directory at a link's end, and so on for the links in there.
  private static func markEnds(
    of links: [Int],
    _ root: FilePath,
    _ index: PathIndex,
    _ entries: SourceEntries,
    _ isNew: inout [Bool]
  ) {
    guard let realRoot = root.resolved else { return }
    var waiting = links
    var followed: Set<Int> = []
    while let link = waiting.popLast() {
      guard followed.insert(link).inserted, let end = root.appending(bytes: entries.path(link)).resolved,
        end.isInside(realRoot)
      else { continue }
      let relative = end.bytes.dropFirst(realRoot.bytes.count).drop { $0 == UInt8(ascii: "/") }
      for position in index.subtree(of: relative) {
        isNew[position] = true
        if entries[position].kind == .link { waiting.append(position) }
      }
    }
  }
}

/// Finds entries by their path.
struct PathIndex {
  private let entries: SourceEntries

  init(_ entries: SourceEntries) { self.entries = entries }

  /// The entry and, for a directory, all below it; none when there is no such entry.
  func subtree(of path: ArraySlice<UInt8>) -> Range<Int> {
    let first = position(of: path)
    guard first < entries.count, entries.path(first).elementsEqual(path) else { return 0..<0 }
    var end = first + 1
    let prefix = path.isEmpty ? [] : path + [UInt8(ascii: "/")]
    while end < entries.count, entries.path(end).starts(with: prefix) { end += 1 }
    return first..<end
  }

  /// The manifest in `folder` or in the nearest directory above it; none when there is none.
  func manifest(above folder: FilePath) -> Int? {
    var folder = folder.bytes[...]
    while true {
      let path = (folder.isEmpty ? [] : folder + [UInt8(ascii: "/")]) + Array("Cargo.toml".utf8)
      let first = position(of: path[...])
      if first < entries.count, entries.path(first).elementsEqual(path) { return first }
      if folder.isEmpty { return nil }
      folder = folder[..<(folder.lastIndex(of: UInt8(ascii: "/")) ?? folder.startIndex)]
    }
  }

  /// Where `path` stands, or would stand, in the order of the walk.
  private func position(of path: ArraySlice<UInt8>) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = low + (high - low) / 2
      if SourceEntries.isOrderedBefore(entries.path(middle), path) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
