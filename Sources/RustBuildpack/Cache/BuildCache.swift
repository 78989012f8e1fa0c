// The build cache: a sealed value.
//
// What travels with the cache directory is a few archives and `cache.json`, which names them. A deployment unpacks what
// is of use into a work directory, works there by paths that are the same every time, and after success packs what
// changed under new names, replaces `cache.json` by a rename, and removes what that does not name.
//
// ## Invariants
// 1. At every moment `cache.json` and the archives that it names are one complete state: that of a deployment that
//    succeeded, with the Rust, crates and dependencies of one that failed later. Killing this process at any
//    instruction changes nothing of it.
// 2. An archive is whole or it is not used: its size and digest settle that, and the log gives the reason.
// 3. No path, time or layout of the platform reaches cargo.
// 4. cargo judges what is fresh; nothing here tells it that something is.
//
// ## Limits
// - Digests find accidents. Whoever may write to the cache directory can put anything there, and into `cache.json` what
//   fits it.
// - A process that a killed deployment left running keeps the cache's lock, and the next deployment waits for it.

/// How the compiled part of the cache was found.
package enum CacheState: Sendable, Equatable {
  /// There is none.
  case empty
  case restored
  /// It is of no use, for these reasons.
  case discarded([String])
}

/// Our part of the cache directory, locked for this deployment.
package final class BuildCache {
  let context: BuildContext
  let log: Log
  let archiver: Archiver
  let work: WorkDirectory
  private let lock: FileLock
  /// What `cache.json` says on disk.
  var onDisk: CacheNote
  /// The archives of `onDisk` that are whole and that this deployment may use.
  private(set) var usable: [CachePart: CacheArchive] = [:]
  private var unpacking: [CachePart: Unpacking] = [:]
  private var restored: Set<CachePart> = []
  var packing: [CachePart: Packing] = [:]
  /// Parts of which nothing is left to pack.
  var dropped: Set<CachePart> = []
  /// Whether units could be told apart in the target directory.
  var knowsLayout = true

  /// How long to wait for another deployment that uses the same cache, in seconds: it may take half an hour, and so
  /// may this one, which needs time of its own.
  static let longestWait = 900.0

  /// Makes our folder, waits for its lock, removes what a deployment left that was stopped, and begins to unpack
  /// `parts`.
  package static func open(
    _ context: BuildContext,
    _ log: Log,
    parts: [CachePart] = CachePart.allCases
  ) throws(BuildpackError) -> BuildCache {
    let layout = context.cache
    guard context.appEnvironment.executable(named: "tar") != nil else {
      throw .programMissing(CommandError(program: "tar", errno: .noSuchFile))
    }
    do throws(FileError) {
      // A link in the place of our folder would make us write and delete where it leads.
      if layout.root.exists, !layout.root.isRealDirectory { try layout.root.removeTree() }
      try layout.root.makeDirectories()
    } catch { throw .cacheUnusable(error) }
    let lock = try takeLock(layout, log)
    lock.shareWithChildren()
    let cache = BuildCache(context, log, lock)
    do throws(BuildpackError) {
      try cache.removeStrangers()
      try cache.work.make()
      if Settings.isCacheOff(context.appEnvironment) {
        log.detail("Deploying as if the build cache were empty, as RUST_CACHE says")
      } else {
        try cache.unpack(parts)
      }
    } catch {
      cache.close()
      throw error
    }
    return cache
  }

  private init(_ context: BuildContext, _ log: Log, _ lock: consuming FileLock) {
    self.context = context
    self.log = log
    self.lock = lock
    archiver = Archiver(context.appEnvironment)
    work = WorkDirectory(context, log)
    onDisk = Self.readNote(context.cache, log)
  }

  private static func takeLock(_ layout: CacheLayout, _ log: Log) throws(BuildpackError) -> FileLock {
    let limit = Clock.seconds + longestWait
    var isWaiting = false
    while true {
      do throws(FileError) {
        if layout.lock.exists, ((try? layout.lock.status()) ?? nil)?.kind != .file { try layout.lock.removeTree() }
        if let lock = try FileLock(layout.lock, waiting: false) { return lock }
      } catch { throw .cacheUnusable(error) }
      guard Clock.seconds < limit else { throw .cacheBusy(layout.lock, waitedSeconds: Int(longestWait)) }
      if !isWaiting { log.detail("Waiting for another deployment that uses the same build cache") }
      isWaiting = true
      Clock.sleep(seconds: 0.2)
    }
  }

  // MARK: What is there

  private static func readNote(_ layout: CacheLayout, _ log: Log) -> CacheNote {
    let isFile = ((try? layout.note.status()) ?? nil)?.kind == .file
    if isFile, let bytes = try? layout.note.contents(limit: 1 << 24), let note = CacheNote(bytes) { return note }
    let hasArchives = layout.root.entries.contains { $0.lastComponent.hasPrefix(CachePart.toolchain.rawValue + "-") }
    if layout.note.exists {
      log.detail("Discarding the build cache: cache.json is damaged, or of another version of this buildpack")
    } else if hasArchives {
      log.detail("Discarding the build cache: cache.json is missing")
    }
    return CacheNote()
  }

  /// What version 0.2.0 and older kept here.
  private static let formerEntries = ["key.json", "sources.record", "inventory", "rustup", "cargo", "target"]

  /// Removes all that the note does not name.
  private func removeStrangers() throws(BuildpackError) {
    let layout = context.cache
    let known = [layout.note, layout.lock] + onDisk.archives.values.map { layout.root.appending($0.name) }
    let strangers = layout.root.entries.filter { !known.contains($0) }
    do throws(FileError) {
      if strangers.contains(where: { Self.formerEntries.contains($0.lastComponent) }) {
        log.detail("Discarding the build cache: it is of version 0.2.0 of this buildpack or an older one")
      } else if strangers.contains(where: { $0 == layout.work }) {
        log.debug("Removing what a deployment left that was stopped")
      }
      for entry in strangers { try entry.removeTree() }
      if layout.note.exists, try layout.note.status()?.kind != .file { try layout.note.removeTree() }
    } catch { throw .cacheUnusable(error) }
  }

  /// Why an archive can't be used, as the end of a sentence; nil when it can.
  private func trouble(_ archive: CacheArchive) -> String? {
    let path = context.cache.root.appending(archive.name)
    guard let status = (try? path.status()) ?? nil else { return "\(archive.name) is missing" }
    guard status.kind == .file else { return "\(archive.name) is not a file" }
    guard status.size == archive.size else { return "\(archive.name) is damaged: its size is not the one noted" }
    guard archiver.opens(archive.name) else { return "zstd, which it needs, is not installed" }
    guard let digest = try? BLAKE2b.hash(file: path, followingLinks: false) else {
      return "\(archive.name) can't be read"
    }
    return digest.hex == archive.digest ? nil : "\(archive.name) is damaged: its digest is not the one noted"
  }

  // MARK: Restoring

  /// An archive that is being unpacked.
  private final class Unpacking {
    var process: BackgroundProcess

    init(_ command: Command) throws(CommandError) {
      process = try BackgroundProcess(command, reading: .errors, endsBySignals: true)
    }
  }

  /// Begins to unpack several parts at once. The largest is looked at while the others are unpacked, and removed if it
  /// is not whole, before anything of it is used.
  private func unpack(_ parts: [CachePart]) throws(BuildpackError) {
    let wanted = parts.filter { onDisk.archives[$0] != nil }
    if let archive = onDisk.archives[.toolchain], wanted.contains(.toolchain) {
      try startUnpacking(.toolchain, archive)
    }
    for part in wanted.filter({ $0 != .toolchain }) + wanted.filter({ $0 == .toolchain }) {
      guard let archive = onDisk.archives[part] else { continue }
      if let reason = trouble(archive) {
        try discard(part, since: reason)
      } else {
        usable[part] = archive
        if part != .toolchain { try startUnpacking(part, archive) }
      }
    }
    guard !usable.isEmpty else {
      log.detail("The build cache is empty")
      return
    }
    let size = usable.values.reduce(0) { $0 + $1.size }
    let titles = CachePart.allCases.filter { usable[$0] != nil }.map { $0.title }
    log.detail("Unpacking \(sizeText(size)): \(titles.joined(separator: ", "))")
  }

  private func unpacked(_ part: CachePart) -> UnpackedPart { UnpackedPart(part, in: context.work) }

  private func startUnpacking(_ part: CachePart, _ archive: CacheArchive) throws(BuildpackError) {
    let path = context.cache.root.appending(archive.name)
    // A link or a FIFO would be followed or waited for.
    guard ((try? path.status()) ?? nil)?.kind == .file, archiver.opens(archive.name) else { return }
    try guardingFiles(unpacked(part).folder.makeDirectories)
    let command = archiver.unpacking(path, into: unpacked(part).folder)
    unpacking[part] = try guardingCommands { () throws(CommandError) in try Unpacking(command) }
  }

  /// Gives up a part that was not put in its place.
  private func discard(_ part: CachePart, since reason: String) throws(BuildpackError) {
    log.detail("Discarding from the build cache: \(part.title), since \(reason)")
    unpacking[part] = nil
    usable[part] = nil
    try guardingFiles(unpacked(part).folder.removeTree)
  }

  /// Waits until a part is unpacked; false when there is none that can be used.
  package func has(_ part: CachePart) throws(BuildpackError) -> Bool {
    if restored.contains(part) { return true }
    guard usable[part] != nil, let running = unpacking[part] else { return false }
    let (status, lines) = running.process.finish()
    unpacking[part] = nil
    guard status.isSuccess else {
      let words = lines.first.map { ": \(String(decoding: $0, as: UTF8.self))" } ?? ""
      try discard(part, since: "it can't be unpacked (tar \(status.words)\(words))")
      return false
    }
    guard try guardingFiles(unpacked(part).place) else {
      try discard(part, since: "its archive holds what does not belong there")
      return false
    }
    restored.insert(part)
    return true
  }

  /// Decides whether what was compiled is of use under `key`, and removes it if not; `obstacle` is a reason why nothing
  /// can be.
  package func judge(_ key: CacheKey, obstacle: String? = nil) throws(BuildpackError) -> CacheState {
    // What comes next, scripts and cargo, must not see half of anything.
    for part in CachePart.allCases { _ = try has(part) }
    let parts: [CachePart] = [.dependencies, .own, .hooks]
    var found = false
    for part in parts where try has(part) { found = true }
    guard found else { return .empty }
    let reasons = key.reasons(since: onDisk.key) + (obstacle.map { [$0] } ?? [])
    if reasons.isEmpty { return .restored }
    log.detail("Discarding cache since:")
    for reason in reasons { log.detail("- \(reason)") }
    // Scripts choose a profile for themselves.
    let keepsHooks = reasons.allSatisfy { $0.hasPrefix("the profile ") }
    for part in parts where part != .hooks || !keepsHooks {
      usable[part] = nil
      restored.remove(part)
      for place in part.places(context.work) { try guardingFiles(place.removeTree) }
    }
    return .discarded(reasons)
  }

  /// The number of this deployment, should it succeed.
  package var number: UInt32 { UInt32(clamping: onDisk.deployments + 1) }

  /// Whether anything of what was compiled is being packed.
  var packsBuild: Bool { [CachePart.dependencies, .own, .hooks].contains { packing[$0] != nil } }

  /// Ends the deployment's hold on the cache: the work directory leaves it.
  package func close() {
    packing = [:]
    unpacking = [:]
    do throws(FileError) {
      try removeUnnamed()
      try work.leave { (folder) throws(FileError) in
        guard let archive = onDisk.archives[.toolchain] else { return }
        let path = context.cache.root.appending(archive.name)
        _ = try? archiver.unpacking(path, into: folder).capture()
      }
    } catch {
      log.debug("The work directory could not be moved: \(error)")
      try? context.cache.work.removeTree()
    }
  }
}
