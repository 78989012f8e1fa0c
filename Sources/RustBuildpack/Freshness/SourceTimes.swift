/// Gives the number of this deployment to what has changed.
enum SourceTimes {
  /// How many entries, files among them, and files that decide dependencies got a new number.
  struct Outcome {
    var count = 0
    var files = 0
    var changedFiles = 0
    var manifests = 0
    /// Files and links that are new, differ or are gone, relative to the build directory; none without a record.
    var changed: [FilePath] = []
  }

  /// Gives every changed entry of `scan`, and what must count as changed with it, the number of this deployment.
  /// `all`: everything counts as changed.
  static func assign(to scan: inout SourceScan, root: FilePath, all: Bool, number: UInt32) -> Outcome {
    let isNew = all ? Array(repeating: true, count: scan.entries.count) : marks(scan, root)
    var outcome = Outcome()
    outcome.changed = scan.removed
    for position in 0..<scan.entries.count {
      let kind = scan.entries[position].kind
      if kind == .file { outcome.files += 1 }
      guard isNew[position] else { continue }
      let isChanged = all || scan.changed[position]
      if kind == .file, isChanged { outcome.changedFiles += 1 }
      if kind != .directory, scan.changed[position], scan.hasRecord {
        outcome.changed.append(FilePath(bytes: scan.entries.path(position)))
      }
      if decidesDependencies(scan.entries.path(position)) { outcome.manifests += 1 }
      scan.setNumber(position, number)
      outcome.count += 1
    }
    // All names of one file show one time: the latest, so that the order in which they are set does not matter.
    for names in scan.sharedFiles.values where names.count > 1 {
      if let latest = names.map({ scan.entries.number($0) }).max() {
        for name in names { scan.setNumber(name, latest) }
      }
    }
    return outcome
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
