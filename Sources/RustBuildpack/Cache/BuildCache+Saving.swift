/// Why the cache could not be saved, as a sentence without its full stop.
package struct CacheError: Error, Sendable {
  package let reason: String
}

// Packing what changed, and the moment at which it becomes the cache's state.
extension BuildCache {
  /// An archive that is being made.
  final class Packing {
    let draft: FilePath
    let list: String
    var process: BackgroundProcess

    init(_ command: Command, draft: FilePath, list: String) throws(CommandError) {
      self.draft = draft
      self.list = list
      process = try BackgroundProcess(command, reading: .errors, endsBySignals: true)
    }
  }

  /// What of the work directory belongs to a part.
  struct Selection: Sendable {
    /// Relative to the work directory, sorted.
    var paths: [FilePath]
    /// Whether a directory stands for all that it holds.
    var wholeFolders = false
    /// Whether something of it is newer than the archive, which the list of paths does not show.
    var hasNew = true
    /// One time for everything, in seconds since 1970; nil for the files' own.
    var time: Int64?
  }

  /// Begins to pack a part, unless its archive holds the same already; an empty selection gives up the archive.
  func pack(_ part: CachePart, _ selection: Selection) throws(CacheError) {
    guard packing[part] == nil else { return }
    var names: [UInt8] = []
    for path in selection.paths { names += path.bytes + [0] }
    let list = BLAKE2b.hash(names).hex
    if let archive = usable[part], archive.list == list, !selection.hasNew { return }
    guard !selection.paths.isEmpty else {
      dropped.insert(part)
      return
    }
    let listFile = listFile(part)
    let draft = context.cache.root.appending("\(part.rawValue).draft\(archiver.ending)")
    try savingFiles { () throws(FileError) in
      try listFile.write(names)
      try draft.removeTree()
    }
    let command = archiver.packing(
      listFile,
      in: context.cache.work,
      to: draft,
      level: part.level,
      wholeFolders: selection.wholeFolders,
      time: selection.time
    )
    do throws(CommandError) {
      packing[part] = try Packing(command, draft: draft, list: list)
    } catch { throw CacheError(reason: "the buildpack \(error)") }
  }

  /// Holds the paths to pack, for tar.
  private func listFile(_ part: CachePart) -> FilePath { context.cache.work.appending(".\(part.rawValue)-list") }

  /// What the cache's next state is made of, beside the archives that were packed.
  enum Base: Sendable {
    /// What of the last state this deployment could use: for one that succeeded.
    case usable
    /// All of the last state: for one that failed.
    case lastState
  }

  /// Waits for what is being packed, and makes it the cache's state together with `change` of the note.
  ///
  /// Returns the parts that were packed, with their sizes.
  /// - Throws: when an archive could not be made; then the cache stays as it was.
  @discardableResult
  func commit(
    on base: Base,
    _ change: (inout CacheNote) -> Void
  ) throws(CacheError) -> [(part: CachePart, size: Int64)] {
    var note = onDisk
    if base == .usable { note.archives = usable.filter { !dropped.contains($0.key) } }
    var made: [(part: CachePart, size: Int64)] = []
    for part in CachePart.allCases {
      guard let running = packing[part] else { continue }
      let archive = try finish(running, part)
      made.append((part, archive.size))
      note.archives[part] = hasGrown(archive, part) ? nil : archive
    }
    packing = [:]
    change(&note)
    guard note != onDisk else { return made }
    try savingFiles { () throws(FileError) in
      try context.cache.note.write(note.serialized)
      onDisk = note
      try removeUnnamed()
    }
    return made
  }

  /// Removes what the note does not name: archives of the state before, and those that could not be finished.
  func removeUnnamed() throws(FileError) {
    let kept = [context.cache.note, context.cache.lock, context.cache.work]
    let named = onDisk.archives.values.map { context.cache.root.appending($0.name) }
    for entry in context.cache.root.entries where !kept.contains(entry) && !named.contains(entry) {
      try entry.removeTree()
    }
  }

  private func finish(_ running: Packing, _ part: CachePart) throws(CacheError) -> CacheArchive {
    let (status, lines) = running.process.finish()
    guard status.isSuccess else {
      let words = lines.first.map { ": \(String(decoding: $0, as: UTF8.self))" } ?? ""
      throw CacheError(reason: "tar, packing \(part.title), \(status.words)\(words)")
    }
    return try savingFiles { () throws(FileError) in
      try listFile(part).removeTree()
      let size = try running.draft.status()?.size ?? 0
      let digest = try BLAKE2b.hash(file: running.draft, followingLinks: false).hex
      let name = "\(part.rawValue)-\(digest.prefix(16))\(archiver.ending)"
      let path = context.cache.root.appending(name)
      // Another archive of the same content may be a folder by now.
      if path.isRealDirectory { try path.removeTree() }
      try running.draft.rename(to: path)
      let firstSize = usable[part]?.firstSize ?? size
      return CacheArchive(name: name, digest: digest, size: size, list: running.list, firstSize: firstSize)
    }
  }

  /// What is kept whole, and not chosen unit by unit, can grow with every deployment: it is dropped once it has doubled,
  /// but not for a few megabytes.
  private static let smallestLimit: Int64 = 8 << 20

  private func hasGrown(_ archive: CacheArchive, _ part: CachePart) -> Bool {
    let isWhole = part == .hooks || part == .own && !knowsLayout
    guard isWhole, archive.size > 2 * max(archive.firstSize, Self.smallestLimit) else { return false }
    log.detail(
      "Dropping from the build cache: \(part.title), which grew from \(sizeText(archive.firstSize)) to "
        + "\(sizeText(archive.size)); the next deployment compiles it again"
    )
    return true
  }

  /// The bytes that the cache's archives take.
  var size: Int64 { onDisk.archives.values.reduce(0) { $0 + $1.size } }

  private func savingFiles<Value>(_ body: () throws(FileError) -> Value) throws(CacheError) -> Value {
    do throws(FileError) { return try body() } catch { throw CacheError(reason: "the buildpack \(error)") }
  }
}
