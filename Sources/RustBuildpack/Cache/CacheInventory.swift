/// What a deployment left in the cache, so that the next one finds what was damaged on the way: a file or folder that is
/// missing, of another kind or size, or of other content; `CacheListing` says what counts. What has been added doesn't.
///
/// rustup and cargo take what stands in their folders for what they put there, and fail, or worse, when it is not.
///
/// The inventory is removed before a deployment changes anything, and written at its end, be it a failure. After a
/// deployment that was killed there is none, and the cache is taken as it is.
enum CacheInventory {
  /// Removes what differs from the inventory, as little of it as makes a whole, and the inventory itself; returns what
  /// it saw, so that the files that nobody touches need not be read a second time.
  static func discardDamaged(_ layout: CacheLayout, _ log: Log) throws(FileError) -> CacheListing? {
    guard layout.inventory.exists else { return nil }
    let noted = (try? layout.inventory.contents()) ?? []
    try layout.inventory.removeTree()
    let mark = 0 as UInt8
    let entries = noted.dropLast(ContentHash.digits)
    guard noted == sealed(entries) else {
      log.detail("Discarding inventory from the build cache: it is damaged")
      return nil
    }
    let listing = try listRemovingUnreadable(layout, log)
    guard !entries.elementsEqual(listing.entries) else { return listing }
    let present = Set(listing.entries.split(separator: mark))
    var removed: Set<FilePath> = []
    for entry in entries.split(separator: mark) where !present.contains(entry) {
      guard let space = entry.firstIndex(of: UInt8(ascii: " ")) else { continue }
      let path = layout.root.appending(bytes: entry[(space + 1)...])
      let (part, name) = part(of: path, layout)
      guard removed.insert(part).inserted else { continue }
      let shown = String(decoding: entry[(space + 1)...], as: UTF8.self)
      log.detail("Discarding \(name) from the build cache: \(shown) is \(path.exists ? "damaged" : "missing")")
      // Without the record nothing is taken for unchanged, should this be interrupted.
      if part == layout.target { try layout.sources.removeTree() }
      try part.removeTree()
    }
    return listing
  }

  /// The list, without parts that can't be looked at, which are removed: a tree that is deeper than a path can be long.
  private static func listRemovingUnreadable(_ layout: CacheLayout, _ log: Log) throws(FileError) -> CacheListing {
    var lastPart: FilePath?
    while true {
      do throws(FileError) {
        return try CacheListing(layout)
      } catch {
        let (part, name) = part(of: error.path, layout)
        guard error.path.isInside(layout.root), part != lastPart else { throw error }
        lastPart = part
        log.detail("Discarding \(name) from the build cache: part of it can't be read")
        if part == layout.target { try layout.sources.removeTree() }
        try part.removeTree()
      }
    }
  }

  /// Writes the inventory of what is there now, and returns the bytes that all of it takes on disk; `earlier` is what
  /// `discardDamaged` saw.
  static func write(_ layout: CacheLayout, since earlier: CacheListing?) throws(FileError) -> Int64 {
    let listing = try CacheListing(layout, since: earlier)
    let content = sealed(listing.entries[...])
    try layout.inventory.write(content)
    return listing.allocated
  }

  /// The entries with a sum of their own behind them.
  private static func sealed(_ entries: ArraySlice<UInt8>) -> [UInt8] {
    var content = Array(entries)
    content.append(hexadecimal: ContentHash.of(entries))
    return content
  }

  /// The smallest part that rustup or cargo can replace as a whole, and its name for the log.
  private static func part(of path: FilePath, _ layout: CacheLayout) -> (FilePath, String) {
    if path.isInside(layout.target) { return (layout.target, "what was compiled") }
    if path.isInside(layout.rustup) { return (layout.rustup, "Rust") }
    let registry = layout.cargo.appending("registry")
    guard path.isInside(registry) else { return (layout.cargo.appending("git"), "git repositories") }
    // registry/src/REGISTRY/CRATE, registry/cache/REGISTRY/CRATE.crate, registry/index/REGISTRY.
    for (folder, depth, name) in [("src", 2, "a crate's sources"), ("cache", 2, "a crate"), ("index", 1, "the index")] {
      let top = registry.appending(folder)
      guard path.isInside(top), path != top else { continue }
      let components = path.bytes.dropFirst(top.bytes.count + 1).split(separator: UInt8(ascii: "/"))
      let part = components.prefix(depth).reduce(top) { $0.appending(bytes: $1) }
      return (part, name)
    }
    return (registry, "crates")
  }
}
