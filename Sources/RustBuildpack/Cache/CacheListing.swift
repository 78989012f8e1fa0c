/// Everything in our part of the cache at one moment, with what tells its content: the body of an inventory.
///
/// Content is read whole up to 48 KiB; of larger files the beginning, middle and end count, 16 KiB each, so that a
/// toolchain of a gigabyte costs no more than a look. A few bytes that change elsewhere in a large file are not found.
/// Times don't count, since copies and archives change them.
struct CacheListing {
  /// Every entry as "KIND-AND-CONTENT PATH" and a NUL, in the order of a walk.
  private(set) var entries: [UInt8] = []
  /// The bytes on disk of everything there, what is not listed included; each file once, however many names it has.
  private(set) var allocated: Int64 = 0

  /// What a file's content came to, and when its inode had last been changed in any way.
  private struct Known {
    let hash: UInt64
    let size: Int64
    let changed: Timestamp
  }

  private var known: [FileIdentity: Known] = [:]
  private var start = Clock.now

  /// Looks at everything. Files that were not touched since `earlier`, a listing by this process, are not read again.
  init(_ layout: CacheLayout, since earlier: CacheListing? = nil) throws(FileError) {
    let prefix = layout.root.bytes.count + 1
    var listing = self
    try layout.root.walk { (path, status) throws(FileError) in
      let isNew = listing.known[status.identity] == nil
      if status.kind == .file, isNew || status.linkCount == 1 { listing.allocated += status.allocated }
      guard !Self.isLeftOut(path.bytes[prefix...]) else {
        if status.kind == .directory { listing.allocated += path.allocatedSize() }
        return false
      }
      try listing.add(path, status, path.bytes[prefix...], earlier)
      return true
    }
    self = listing
  }

  /// What is judged elsewhere, or made anew: rustup's program and its links have a checksum, and so have tools; the key
  /// and the record of sources can't be misread; cargo makes its own notes and locks again.
  private static func isLeftOut(_ path: ArraySlice<UInt8>) -> Bool {
    let components = path.split(separator: UInt8(ascii: "/"), maxSplits: 2)
    let name = path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex)...]
    switch components.count {
    case 1: return !["rustup", "cargo", "target"].contains { name.elementsEqual($0.utf8) }
    case 2 where components[0].elementsEqual("cargo".utf8):
      return !["registry", "git"].contains { name.elementsEqual($0.utf8) }
    default:
      return name.elementsEqual(".package-cache".utf8)
        || name.starts(with: ".cargo-".utf8) && name.suffix(4).elementsEqual("lock".utf8)
    }
  }

  private mutating func add(
    _ path: FilePath,
    _ status: FileStatus,
    _ shown: ArraySlice<UInt8>,
    _ earlier: CacheListing?
  ) throws(FileError) {
    switch status.kind {
    case .directory: entries.append(UInt8(ascii: "d"))
    case .special: entries.append(UInt8(ascii: "s"))
    case .link:
      entries.append(UInt8(ascii: "l"))
      entries.append(hexadecimal: ContentHash.of(try path.linkText().bytes[...]))
    case .file:
      entries.append(UInt8(ascii: "f"))
      let hash: UInt64
      if let found = known[status.identity] ?? earlier?.stillTrue(of: status) {
        hash = found.hash
      } else {
        hash = try Self.hash(path, size: status.size)
      }
      known[status.identity] = Known(hash: hash, size: status.size, changed: status.changed)
      entries.append(hexadecimal: hash)
    }
    entries.append(UInt8(ascii: " "))
    entries += shown
    entries.append(0)
  }

  /// What is known of a file, if nothing can have happened to it since: a file system's clock is coarse, so that what
  /// had changed shortly before it was read may have changed once more without a trace.
  private func stillTrue(of status: FileStatus) -> Known? {
    guard let found = known[status.identity], found.size == status.size, found.changed == status.changed,
      found.changed.seconds + 2 < start.seconds
    else { return nil }
    return found
  }

  private static let sample = 16 << 10

  /// A hash of size and content; a file that can't be read has one of its own.
  private static func hash(_ path: FilePath, size: Int64) throws(FileError) -> UInt64 {
    guard let file = try? FileHandle(reading: path, followingLinks: false) else { return 0 }
    var result = ContentHash()
    result.add(UInt64(clamping: size))
    var failure: FileError?
    withUnsafeTemporaryAllocation(byteCount: 3 * sample, alignment: 16) { buffer in
      do throws(FileError) {
        let whole = size <= 3 * sample
        for offset in whole ? [0] : [0, size / 2, size - Int64(sample)] {
          let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(whole ? Int(size) : sample)])
          result.add(UnsafeRawBufferPointer(rebasing: part[..<(try file.read(into: part, at: offset))]))
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return result.value
  }
}

/// A fast hash against accidents, not against intent: eight bytes at a time are mixed in with one multiplication.
struct ContentHash {
  /// How many hexadecimal digits one has in writing.
  static let digits = 16
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The hash of one run of bytes.
  static func of(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var result = ContentHash()
    bytes.withUnsafeBytes { result.add($0) }
    return result.value
  }

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

extension [UInt8] {
  /// Adds the sixteen hexadecimal digits of a number.
  mutating func append(hexadecimal value: UInt64) {
    for shift in stride(from: 60, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
