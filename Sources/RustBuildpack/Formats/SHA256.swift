// SHA-256 of bytes that arrive in pieces, and its digest as a value. The inner loop stands in SHA256Blocks.swift.

/// A running SHA-256 (FIPS 180-4): any number of updates, then one digest; it allocates nothing.
package struct SHA256 {
  private typealias Block = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  private var state = SHA256State()
  /// Bytes that wait for their block to become full.
  private var pending: Block = (0, 0, 0, 0, 0, 0, 0, 0)
  private var pendingCount = 0
  private var byteCount: UInt64 = 0

  /// The hash of nothing so far.
  package init() {}

  /// Appends bytes to the message; large pieces are hashed in place without being copied.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard var next = bytes.baseAddress else { return }
    var left = bytes.count
    byteCount &+= UInt64(left)
    if pendingCount > 0 {
      let taken = min(64 - pendingCount, left)
      withUnsafeMutableBytes(of: &pending) { [pendingCount] room in
        UnsafeMutableRawBufferPointer(rebasing: room[pendingCount..<pendingCount + taken])
          .copyMemory(from: UnsafeRawBufferPointer(start: next, count: taken))
      }
      pendingCount += taken
      next += taken
      left -= taken
      guard pendingCount == 64 else { return }
      compressPending()
    }
    let blocks = left / 64
    state.compress(next, count: blocks)
    next += blocks * 64
    left -= blocks * 64
    withUnsafeMutableBytes(of: &pending) { room in
      room.copyMemory(from: UnsafeRawBufferPointer(start: next, count: left))
    }
    pendingCount = left
  }

  /// Appends bytes to the message.
  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Appends a part of an array to the message.
  package mutating func update(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// The digest of all bytes appended; the hash is used up, a copy made before can go on.
  package consuming func finalize() -> Digest {
    let bitCount = byteCount &<< 3
    pad(from: pendingCount, with: 0x80)
    if pendingCount >= 56 {
      compressPending()
      pad(from: 0, with: 0)
    }
    pending.7 = bitCount.bigEndian
    compressPending()
    return Digest(
      UInt64(state.a) << 32 | UInt64(state.b),
      UInt64(state.c) << 32 | UInt64(state.d),
      UInt64(state.e) << 32 | UInt64(state.f),
      UInt64(state.g) << 32 | UInt64(state.h)
    )
  }

  /// The digest of one piece.
  package static func hash(_ bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { hash($0) }
  }

  /// The digest of one piece.
  package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }

  private mutating func compressPending() {
    withUnsafeBytes(of: pending) { block in
      if let start = block.baseAddress { state.compress(start, count: 1) }
    }
    pendingCount = 0
  }

  private mutating func pad(from start: Int, with first: UInt8) {
    withUnsafeMutableBytes(of: &pending) { room in
      for index in start..<64 { room[index] = index == start ? first : 0 }
    }
  }
}

/// A SHA-256 digest: 32 bytes held in place.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
  private var words: (UInt64, UInt64, UInt64, UInt64)

  fileprivate init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
    words = (first, second, third, fourth)
  }

  /// The digest whose bytes are all zero, which stands for "none".
  package static let zero = Digest(0, 0, 0, 0)

  /// A digest from its bytes in the order FIPS 180-4 gives them; of fewer than 32 the missing count as zero.
  package init(bytes: some Collection<UInt8>) {
    var words: [UInt64] = [0, 0, 0, 0]
    for (index, byte) in bytes.prefix(32).enumerated() {
      words[index / 8] |= UInt64(byte) << UInt64(56 - index % 8 * 8)
    }
    self.init(words[0], words[1], words[2], words[3])
  }

  /// A digest written as 64 hexadecimal digits in either case; `nil` for any other text.
  package init?(hex: String) {
    guard hex.utf8.count == 64 else { return nil }
    var words: [UInt64] = [0, 0, 0, 0]
    for (index, character) in hex.utf8.enumerated() {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
      default: return nil
      }
      words[index / 16] = words[index / 16] << 4 | UInt64(digit)
    }
    self.init(words[0], words[1], words[2], words[3])
  }

  /// The digest as 32 bytes in the order FIPS 180-4 gives them.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    return bytes
  }

  /// The digest as 64 lower-case hexadecimal digits, as `sha256sum` prints it.
  package var hex: String {
    String(unsafeUninitializedCapacity: 64) { room in
      var index = 0
      for word in [words.0, words.1, words.2, words.3] {
        for shift in stride(from: 60, through: 0, by: -4) {
          let digit = UInt8(truncatingIfNeeded: word >> shift) & 0xF
          room[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
          index += 1
        }
      }
      return index
    }
  }

  /// The same as `hex`.
  package var description: String { hex }

  /// Whether both digests are the same 32 bytes.
  package static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

  /// Feeds the 32 bytes to a hasher.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}
