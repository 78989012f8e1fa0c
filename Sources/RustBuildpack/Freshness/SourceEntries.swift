/// One entry below the build directory, as the source record keeps it.
struct SourceEntry {
  let kind: FileKind
  /// Permission bits of a file; 0 for everything else, whose permissions nothing that is compiled can depend on.
  let permissions: UInt16
  /// A file's content, a directory's listing, a link's text: see `SourceScan`.
  let digest: Digest
  /// The deployment that last changed it; 0 before that is known.
  var number: UInt32
  /// Relative to the build directory; empty for the build directory itself.
  let path: ArraySlice<UInt8>
  /// Where a link leads in the end, relative to the build directory; nil for other entries and other places.
  var end: ArraySlice<UInt8>?

  /// Whether cargo would read the same here as there.
  func hasSameContent(as other: SourceEntry) -> Bool {
    kind == other.kind && permissions == other.permissions && digest == other.digest
  }
}

/// Entries in the order in which a walk meets them, held as the bytes of the record itself: 100,000 of them
/// fit into a dozen megabytes.
struct SourceEntries {
  /// Everything of an entry but its paths: kind, permissions, digest, number, the paths' lengths.
  private static let fixedLength = 1 + 2 + 32 + 4 + 4 + 4
  /// The length of an end that is none.
  private static let none = UInt32.max

  private(set) var bytes: [UInt8]
  private(set) var offsets: [Int]

  /// `room`: a list that this one will hardly exceed. Room that is not used takes no memory; a list that outgrows its
  /// room is held twice while it moves.
  init(room: SourceEntries? = nil) {
    bytes = []
    offsets = []
    guard let room else { return }
    bytes.reserveCapacity(room.bytes.count + room.bytes.count / 2 + 65_536)
    offsets.reserveCapacity(room.count + room.count / 2 + 1_024)
  }

  /// Reads entries back; nil when the bytes are no whole list of `count` entries.
  init?(bytes: [UInt8], count: Int) {
    self.bytes = bytes
    offsets = []
    offsets.reserveCapacity(min(count, bytes.count / Self.fixedLength))
    var position = 0
    while position < bytes.count {
      guard bytes.count - position >= Self.fixedLength, FileKind(rawValue: bytes[position]) != nil else { return nil }
      offsets.append(position)
      let length = pathLength(at: position) + (endLength(at: position) ?? 0)
      position += Self.fixedLength
      guard bytes.count - position >= length else { return nil }
      position += length
    }
    guard offsets.count == count else { return nil }
  }

  var count: Int { offsets.count }

  subscript(index: Int) -> SourceEntry {
    let start = offsets[index]
    return SourceEntry(
      kind: FileKind(rawValue: bytes[start]) ?? .special,
      permissions: ByteReader.integer(bytes[(start + 1)..<(start + 3)]),
      digest: Digest(bytes: bytes[(start + 3)..<(start + 35)]),
      number: number(index),
      path: path(index),
      end: end(index)
    )
  }

  private func pathLength(at offset: Int) -> Int {
    Int(ByteReader.integer(bytes[(offset + 39)..<(offset + 43)]) as UInt32)
  }

  private func endLength(at offset: Int) -> Int? {
    let length: UInt32 = ByteReader.integer(bytes[(offset + 43)..<(offset + 47)])
    return length == Self.none ? nil : Int(length)
  }

  /// Where a link leads, as far as that is known.
  private func end(_ index: Int) -> ArraySlice<UInt8>? {
    endLength(at: offsets[index]).map { length in
      let start = path(index).endIndex
      return bytes[start..<(start + length)]
    }
  }

  func path(_ index: Int) -> ArraySlice<UInt8> {
    let start = offsets[index] + Self.fixedLength
    return bytes[start..<(start + pathLength(at: offsets[index]))]
  }

  func number(_ index: Int) -> UInt32 {
    let start = offsets[index] + 35
    return ByteReader.integer(bytes[start..<(start + 4)])
  }

  mutating func setNumber(_ index: Int, _ number: UInt32) {
    let start = offsets[index] + 35
    bytes.replaceSubrange(start..<(start + 4), with: ByteWriter.bytes(number))
  }

  mutating func append(_ entry: SourceEntry) {
    offsets.append(bytes.count)
    bytes.append(entry.kind.rawValue)
    bytes.append(contentsOf: ByteWriter.bytes(entry.permissions))
    bytes.append(contentsOf: entry.digest.bytes)
    bytes.append(contentsOf: ByteWriter.bytes(entry.number))
    bytes.append(contentsOf: ByteWriter.bytes(UInt32(entry.path.count)))
    bytes.append(contentsOf: ByteWriter.bytes(entry.end.map { UInt32($0.count) } ?? Self.none))
    bytes.append(contentsOf: entry.path)
    if let end = entry.end { bytes.append(contentsOf: end) }
  }

  /// Whether a walk that sorts each directory by name meets `left` before `right`: bytes compared with `/` below all.
  static func isOrderedBefore(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    let slash = UInt8(ascii: "/")
    var (i, j) = (left.startIndex, right.startIndex)
    while i < left.endIndex, j < right.endIndex {
      if left[i] != right[j] {
        return (left[i] == slash ? 0 : left[i]) < (right[j] == slash ? 0 : right[j])
      }
      i += 1
      j += 1
    }
    return i == left.endIndex && j < right.endIndex
  }
}

/// Integers as bytes, the lowest first.
enum ByteWriter {
  static func bytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

/// Bytes as integers, the lowest first; missing bytes count as zero.
enum ByteReader {
  static func integer<Value: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Value {
    var value: Value = 0
    for byte in bytes.reversed() { value = value << 8 | Value(truncatingIfNeeded: byte) }
    return value
  }
}
