/// How the cache was found.
package enum CacheState: Sendable {
  /// Nothing of ours was there.
  case empty
  /// The target directory is used as it is.
  case restored
  /// The target directory was removed, for these reasons.
  case discarded([String])
}

/// Our part of the cache directory, locked for this deployment.
package struct BuildCache: ~Copyable {
  private let layout: CacheLayout
  private let log: Log
  private let lock: FileLock
  /// What was there when the deployment began.
  private let found: CacheListing?
  /// Bytes on disk, once the cache is closed.
  private var size: Int64?

  /// How long to wait for another deployment that uses the same cache, in seconds: it may take half an hour, and so
  /// may this one, which needs time of its own.
  static let longestWait = 900.0

  /// Makes our folder, waits for its lock, and removes whatever there is not of the kind it must be.
  package static func open(_ context: BuildContext, _ log: Log) throws(BuildpackError) -> BuildCache {
    let layout = context.cache
    do throws(FileError) {
      // A link in the place of our folder would make us write and delete where it leads.
      if layout.root.exists, !layout.root.isRealDirectory { try layout.root.removeTree() }
      try layout.root.makeDirectories()
    } catch { throw .cacheUnusable(error) }
    let lock = try takeLock(layout, log)
    lock.shareWithChildren()
    let found: CacheListing?
    do throws(FileError) {
      try removeStrangers(layout, log)
      if Settings.isCacheOff(context.appEnvironment) {
        log.detail("Deploying as if the build cache were empty, as RUST_CACHE says")
        for entry in layout.root.entries where entry != layout.lock { try entry.removeTree() }
      }
      found = try CacheInventory.discardDamaged(layout, log)
    } catch { throw .cacheUnusable(error) }
    return BuildCache(layout: layout, log: log, lock: lock, found: found)
  }

  private init(layout: CacheLayout, log: Log, lock: consuming FileLock, found: CacheListing?) {
    self.layout = layout
    self.log = log
    self.lock = lock
    self.found = found
  }

  private static func takeLock(_ layout: CacheLayout, _ log: Log) throws(BuildpackError) -> FileLock {
    let limit = Clock.seconds + longestWait
    var isWaiting = false
    while true {
      do throws(FileError) {
        if layout.lock.exists, ((try? layout.lock.status()) ?? nil)?.kind != .file { try layout.lock.removeTree() }
        if let lock = try FileLock(layout.lock, waiting: false) { return lock }
      } catch { throw .cacheUnusable(error) }
      guard Clock.seconds < limit else {
        throw .cacheBusy(layout.lock, waitedSeconds: Int(longestWait))
      }
      if !isWaiting {
        log.detail("Waiting for another deployment that uses the same build cache")
        isWaiting = true
      }
      Clock.sleep(seconds: 0.2)
    }
  }

  /// Removes what does not belong into our folder, and what is a link or file where a directory must be.
  private static func removeStrangers(_ layout: CacheLayout, _ log: Log) throws(FileError) {
    let directories = [
      layout.rustup, layout.cargo, layout.target, layout.tools, layout.toolsTarget, layout.vendored, layout.downloads,
    ]
    for entry in layout.root.entries {
      let status = try entry.status()
      let isRight = layout.known.contains(entry) && status?.kind == (directories.contains(entry) ? .directory : .file)
      if isRight { continue }
      log.detail("Discarding \(entry.lastComponent) from the build cache: it does not belong there")
      try entry.removeTree()
    }
    // cargo's notes and locks: it would wait for ever, fail, or write where a link leads.
    for entry in layout.cargo.entries where !["bin", "registry", "git"].contains(entry.lastComponent) {
      if try entry.status()?.kind == .file { continue }
      log.detail("Discarding \(entry.lastComponent) from the build cache: it is not a file")
      try entry.removeTree()
    }
    // Folders whose entries are removed when they are not used: behind a link they are not ours.
    for entry in layout.emptied where entry.exists && !entry.isRealDirectory {
      log.detail("Discarding \(entry.lastComponent) from the build cache: it is not a directory")
      try entry.removeTree()
    }
  }

  /// Decides whether the target directory is of use under `key`, removes it if not, and keeps `key` from here on.
  package func restore(under key: CacheKey) throws(BuildpackError) -> CacheState {
    do throws(FileError) {
      let hadTarget = layout.target.isRealDirectory
      let kept = CacheKey.read(layout.key)
      var state = CacheState.restored
      if !hadTarget {
        try layout.sources.removeTree()
        state = .empty
      } else if let kept, case let reasons = key.reasons(since: kept), !reasons.isEmpty {
        try discardTarget(reasons)
        state = .discarded(reasons)
      } else if kept == nil {
        let reasons = ["the note on how it was built is missing or damaged"]
        try discardTarget(reasons)
        state = .discarded(reasons)
      }
      if kept != key { try key.write(layout.key) }
      try waitForLeftOverCargo()
      return state
    } catch { throw .cacheUnusable(error) }
  }

  /// Removes the target directory and the record that goes with it, and says why.
  package func discardTarget(_ reasons: [String]) throws(FileError) {
    log.detail("Discarding cache since:")
    for reason in reasons { log.detail("- \(reason)") }
    // The record goes first: without it nothing is taken for unchanged, should this be interrupted.
    try layout.sources.removeTree()
    try layout.target.removeTree()
  }

  /// Waits until no cargo of a deployment that was killed writes to the target directory any more: it would make
  /// artefacts of its sources that look newer than ours. cargo holds these locks while it builds.
  private func waitForLeftOverCargo() throws(FileError) {
    let names = [".cargo-lock", ".cargo-build-lock", ".cargo-artifact-lock"]
    let profiles = layout.target.entries.filter(\.isRealDirectory)
    let triples = profiles.flatMap(\.entries).filter(\.isRealDirectory)
    for folder in profiles + triples {
      for name in names {
        let path = folder.appending(name)
        guard let status = try path.status() else { continue }
        guard status.kind == .file else {
          log.detail("Discarding \(name) from the build cache: it is not a file")
          try path.removeTree()
          continue
        }
        if try FileLock(path, waiting: false) == nil {
          log.detail("Waiting for a cargo that a stopped deployment left behind")
          _ = try FileLock(path, waiting: true)
        }
      }
    }
  }

  /// Writes down what this deployment leaves in the cache, once, and returns its size on disk in bytes. Nothing may
  /// change there afterwards. Where it can't be written down, the next deployment takes it unseen.
  @discardableResult
  package mutating func close() -> Int64 {
    if let size { return size }
    do throws(FileError) {
      size = try CacheInventory.write(layout, since: found)
    } catch { log.debug("\(error)") }
    return size ?? layout.root.allocatedSize()
  }
}
