/// What a deployment left in the cache, so that the next one finds what was damaged on the way: a file or folder that is
/// missing, of another kind or size, or of other content.
///
/// rustup and cargo take what stands in their folders for what they put there, and fail, or worse, when it is not.
///
/// Content is read whole up to 48 KiB; of larger files the beginning, middle and end count, 16 KiB each, so that a
/// toolchain of a gigabyte costs no more than a look. A few bytes that change elsewhere in a large file are not found.
/// Times don't count, since copies and archives change them, and neither does what has been added.
///
/// The inventory is removed before a deployment changes anything, and written at its end, be it a failure. After a
/// deployment that was killed there is none, and the cache is taken as it is.
enum CacheInventory {
  /// What is judged elsewhere, or made anew: rustup's program and its links have a checksum, and so have tools; the key
  /// and the record of sources can't be misread; cargo makes its own notes and locks again.
  private static func isLeftOut(_ path: FilePath, _ layout: CacheLayout) -> Bool {
    if path.parent == layout.root { return ![layout.rustup, layout.cargo, layout.target].contains(path) }
    if path.parent == layout.cargo { return !["registry", "git"].contains(path.lastComponent) }
    return false
  }

  /// Removes what differs from the inventory, as little of it as makes a whole, and the inventory itself.
  static func discardDamaged(_ layout: CacheLayout, _ log: Log) throws(FileError) {
    guard layout.inventory.exists else { return }
    let noted = (try? layout.inventory.contents()) ?? []
    try layout.inventory.removeTree()
    let mark = 0 as UInt8
    guard noted.count > digits, noted.suffix(digits).elementsEqual(hex(hash(noted.dropLast(digits)))) else {
      log.detail("Discarding inventory from the build cache: it is damaged")
      return
    }
    let found = try listRemovingUnreadable(layout, log)
    guard !noted.dropLast(digits).elementsEqual(found) else { return }
    let present = Set(found.split(separator: mark))
    var removed: Set<FilePath> = []
    for entry in noted.dropLast(digits).split(separator: mark) where !present.contains(entry) {
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
  }

  /// The list, without parts that can't be looked at, which are removed: a tree that is deeper than a path can be long.
  private static func listRemovingUnreadable(_ layout: CacheLayout, _ log: Log) throws(FileError) -> [UInt8] {
    var lastPart: FilePath?
    while true {
      do throws(FileError) {
        return try list(layout)
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

  /// Writes the inventory of what is there now.
  static func write(_ layout: CacheLayout) throws(FileError) {
    let content = try list(layout)
    try layout.inventory.write(content + hex(hash(content[...])))
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

  /// Every entry as "KIND-AND-CONTENT PATH" and a NUL, in the order of a walk.
  private static func list(_ layout: CacheLayout) throws(FileError) -> [UInt8] {
    var list: [UInt8] = []
    let prefix = layout.root.bytes.count + 1
    try layout.root.walk { (path, status) throws(FileError) in
      guard !isLeftOut(path, layout) else { return false }
      // Locks and notes of cargo's that it changes, and makes again.
      let name = path.lastComponent
      if name.hasPrefix(".cargo-") && name.hasSuffix("lock") || name == ".package-cache" { return false }
      switch status.kind {
      case .directory: list.append(UInt8(ascii: "d"))
      case .link: list += [UInt8(ascii: "l")] + hex(hash(try path.linkText().bytes[...]))
      case .file: list += [UInt8(ascii: "f")] + hex(try hash(path, size: status.size))
      case .special: list.append(UInt8(ascii: "s"))
      }
      list.append(UInt8(ascii: " "))
      list += path.bytes[prefix...]
      list.append(0)
      return true
    }
    return list
  }

  /// How many digits a hash has.
  private static let digits = 16
  private static let sample = 16 << 10

  /// A hash of size and content; a file that can't be read has one of its own.
  private static func hash(_ path: FilePath, size: Int64) throws(FileError) -> UInt64 {
    guard let file = try? FileHandle(reading: path, followingLinks: false) else { return 0 }
    var result = Hash()
    result.add(UInt64(clamping: size))
    var failure: FileError?
    withUnsafeTemporaryAllocation(byteCount: 3 * sample, alignment: 16) { buffer in
      do throws(FileError) {
        if size <= 3 * sample {
          result.add(UnsafeRawBufferPointer(rebasing: buffer[..<(try file.read(into: buffer, at: 0))]))
        } else {
          let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<sample])
          for offset in [0, size / 2, size - Int64(sample)] {
            result.add(UnsafeRawBufferPointer(rebasing: part[..<(try file.read(into: part, at: offset))]))
          }
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return result.value
  }

  private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var result = Hash()
    bytes.withUnsafeBytes { result.add($0) }
    return result.value
  }

  private static func hex(_ value: UInt64) -> [UInt8] {
    let text = Array("0123456789abcdef".utf8)
    return (0..<digits).map { text[Int(truncatingIfNeeded: value >> UInt64(60 - 4 * $0)) & 15] }
  }
}

/// A fast hash against accidents, not against intent: eight bytes at a time are mixed in with one multiplication.
private struct Hash {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x2127_599B_F432_5C37
    value ^= value >> 29
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(UInt64(bytes.count))
    var place = 0
    while place + 8 <= bytes.count {
      add(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      place += 8
    }
    while place < bytes.count {
      add(UInt64(bytes[place]))
      place += 1
    }
  }
}
