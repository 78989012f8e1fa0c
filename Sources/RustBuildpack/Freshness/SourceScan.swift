/// Reads every entry below the build directory and says what differs from the record of the deployment before.
///
/// Digests: a file's is the BLAKE2b of its content; a directory's, of its names and their kinds; a link's, of its text
/// and, where it leads to a file outside the build directory, of that file. The build directory moves, so a link's text
/// that begins with it counts without it. FIFOs, sockets and devices are never opened.
struct SourceScan {
  private(set) var entries = SourceEntries()
  /// For each entry, whether it is new or differs from the record.
  private(set) var changed: [Bool] = []
  /// Directories below which something was removed or took another kind's place, relative to the build directory.
  private(set) var thinned: Set<FilePath> = []
  /// Links that are new or lead elsewhere now.
  private(set) var redirected: [Int] = []
  /// Where links led that are gone or lead elsewhere now: cargo keeps the path of the end, not the link's.
  private(set) var formerEnds: [FilePath] = []
  /// A link to the outside whose end differs now, if any: what depends on it can't be told.
  private(set) var changedOutside: FilePath?
  /// Names of files that have more than one, by device and inode.
  private(set) var sharedFiles: [[UInt64]: [Int]] = [:]
  /// Files that could not be read, which count as changed every time.
  private(set) var unreadable: [FilePath] = []

  /// Entries that the record has and the build directory no longer has, relative to it.
  private(set) var removed: [FilePath] = []

  private let root: FilePath
  /// `root` and the place it really is.
  private let rootNames: [FilePath]
  private let excluded: FileStatus?
  private var previous: SourceEntries?
  /// Whether there is something to compare with.
  var hasRecord: Bool { previous != nil }
  private var position = 0
  /// What was read shortly before, and when the times that follow from it had been set: a file that still has its time,
  /// and whose status nobody has changed since, is not read again.
  private let known: (entries: SourceEntries, settled: Timestamp)?
  private var knownPosition = 0

  /// Walks `root`, leaving out the directory `excluding` should it lie below.
  init(
    _ root: FilePath,
    excluding: FilePath,
    previous: SourceEntries?,
    known: (entries: SourceEntries, settled: Timestamp)? = nil
  ) throws(FileError) {
    self.known = known
    self.root = root
    rootNames = [root, root.resolved].compactMap { $0 }.filter { $0.bytes != [UInt8(ascii: "/")] }
    excluded = try excluding.status()
    self.previous = previous
    entries = SourceEntries(room: previous)
    guard let status = try root.targetStatus() else { throw FileError("list", root, .noSuchFile) }
    try visit(root, [], status)
    while let previous, position < previous.count { notePassedOver(previous) }
  }

  private mutating func visit(_ path: FilePath, _ relative: [UInt8], _ status: FileStatus) throws(FileError) {
    if let excluded, status.device == excluded.device, status.inode == excluded.inode { return }
    var names: [[UInt8]] = []
    var children: [FileStatus?] = []
    var digest = Digest.zero
    var readable = true
    switch status.kind {
    case .file:
      do throws(FileError) {
        let found = knownDigest(relative[...], status)
        digest = if let found { found } else { try BLAKE2b.hash(file: path, followingLinks: false) }
      } catch {
        readable = false
        unreadable.append(FilePath(bytes: relative))
      }
    case .directory:
      names = try path.names()
      children.reserveCapacity(names.count)
      var listing = BLAKE2b()
      for name in names {
        let child = try path.appending(bytes: name).status()
        children.append(child)
        listing.update([child?.kind.rawValue ?? 0] + name + [0])
      }
      digest = listing.finalize()
    case .link: digest = try linkDigest(path)
    case .special: break
    }
    note(
      SourceEntry(
        kind: status.kind,
        permissions: status.kind == .file ? status.permissions : 0,
        digest: digest,
        number: 0,
        path: relative[...],
        end: status.kind == .link ? end(of: path) : nil
      ),
      readable: readable
    )
    if status.kind == .file, status.linkCount > 1 {
      sharedFiles[[status.device, status.inode], default: []].append(entries.count - 1)
    }
    for (name, child) in zip(names, children) {
      guard let child else { continue }
      let below = relative.isEmpty ? name : relative + [UInt8(ascii: "/")] + name
      try visit(path.appending(bytes: name), below, child)
    }
  }

  /// The digest that a file had shortly before, if its times say that nobody has written to it.
  ///
  /// The modification time alone would not: `mv` and `cp -p` bring that of another file, and many sources share one.
  private mutating func knownDigest(_ path: ArraySlice<UInt8>, _ status: FileStatus) -> Digest? {
    guard let (known, settled) = known, status.changed < settled else { return nil }
    while knownPosition < known.count, SourceEntries.isOrderedBefore(known.path(knownPosition), path) {
      knownPosition += 1
    }
    guard knownPosition < known.count else { return nil }
    let entry = known[knownPosition]
    guard entry.path.elementsEqual(path), entry.kind == status.kind,
      status.modified == DeploymentClock.source(entry.number)
    else { return nil }
    return entry.digest
  }

  /// Adds the entry with its recorded number if the record has the same content for it.
  private mutating func note(_ entry: SourceEntry, readable: Bool) {
    var entry = entry
    var isSame = false
    while let previous, position < previous.count {
      let old = previous[position]
      if SourceEntries.isOrderedBefore(old.path, entry.path) {
        notePassedOver(previous)
        continue
      }
      if old.path.elementsEqual(entry.path) {
        position += 1
        isSame = readable && old.hasSameContent(as: entry)
        if isSame { entry.number = old.number }
        if !isSame, let end = old.end { formerEnds.append(FilePath(bytes: end)) }
        if old.kind != entry.kind { thinned.insert(Self.folder(of: entry.path)) }
      }
      break
    }
    // A new link counts too: what stood in its place before a build that failed may still be what cargo compares with.
    if !isSame, previous != nil, entry.kind == .link {
      redirected.append(entries.count)
      if let end = root.appending(bytes: entry.path).resolved, !rootNames.contains(where: end.isInside) {
        changedOutside = FilePath(bytes: entry.path)
      }
    }
    entries.append(entry)
    changed.append(!isSame)
  }

  /// Changes the number of an entry.
  mutating func setNumber(_ index: Int, _ number: UInt32) { entries.setNumber(index, number) }

  /// Hands the entries on without a copy; the scan is of no use afterwards.
  mutating func takeEntries() -> SourceEntries {
    defer { entries = SourceEntries() }
    previous = nil
    return entries
  }

  private mutating func notePassedOver(_ previous: SourceEntries) {
    thinned.insert(Self.folder(of: previous.path(position)))
    removed.append(FilePath(bytes: previous.path(position)))
    if let end = previous[position].end { formerEnds.append(FilePath(bytes: end)) }
    position += 1
  }

  /// The directory that holds a relative path; the empty path is the build directory.
  static func folder(of path: ArraySlice<UInt8>) -> FilePath {
    FilePath(bytes: path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex)])
  }

  private func end(of link: FilePath) -> ArraySlice<UInt8>? {
    guard let end = link.resolved, let base = rootNames.last(where: end.isInside) else { return nil }
    return end.bytes.dropFirst(base.bytes.count).drop { $0 == UInt8(ascii: "/") }
  }

  private func linkDigest(_ path: FilePath) throws(FileError) -> Digest {
    let text = try path.linkText()
    var sum = BLAKE2b()
    if let base = rootNames.first(where: text.isInside) {
      sum.update([0] + text.bytes[base.bytes.count...])
    } else {
      sum.update(text.bytes)
      if let end = path.resolved, !rootNames.contains(where: end.isInside), end.isFile,
        let content = try? BLAKE2b.hash(file: end)
      {
        sum.update([0] + content.bytes)
      }
    }
    return sum.finalize()
  }
}
