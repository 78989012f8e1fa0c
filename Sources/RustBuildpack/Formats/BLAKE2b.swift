/// BLAKE2b as RFC 7693 has it, with digests of 32 bytes and without a key: as sound as SHA-256 and faster in
/// plain Swift (`Benchmarks/sources/run` is what that matters for). For what only this program compares; sums that others publish are SHA-256.
package struct BLAKE2b {
  private static let blockLength = 128
  private static let start: [UInt64] = [
    0x6A09_E667_F3BC_C908, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F, 0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179,
  ]
  /// Which word of the block goes where in a round: section 2.7 of the RFC, the first two rounds once more at the end.
  private static let order: [UInt8] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
    11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4, 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
    9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13, 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
    12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11, 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
    6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5, 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  ]

  private var state = Self.start
  /// A block that is not full, or the last one, which has to be marked as such.
  private var rest: [UInt8] = []
  /// Bytes compressed so far; a digest of more than 2⁶⁴ bytes is out of reach.
  private var length: UInt64 = 0

  package init() {
    // Parameter block: 32 bytes of digest, no key, fanout and depth 1.
    state[0] ^= 0x0101_0000 ^ 32
    rest.reserveCapacity(Self.blockLength)
  }

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var bytes = bytes
    if !rest.isEmpty {
      let taken = min(Self.blockLength - rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<taken])
      bytes = UnsafeRawBufferPointer(rebasing: bytes[taken...])
      // A full block waits: only with more behind it is it certain not to be the last.
      if bytes.isEmpty { return }
      let block = rest
      block.withUnsafeBytes { compress($0, isLast: false, count: Self.blockLength) }
      rest.removeAll(keepingCapacity: true)
    }
    var place = 0
    while bytes.count - place > Self.blockLength {
      let block = UnsafeRawBufferPointer(rebasing: bytes[place..<(place + Self.blockLength)])
      compress(block, isLast: false, count: Self.blockLength)
      place += Self.blockLength
    }
    rest.append(contentsOf: bytes[place...])
  }

  /// Adds bytes.
  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The digest of everything added.
  package consuming func finalize() -> Digest {
    let block = rest + [UInt8](repeating: 0, count: Self.blockLength - rest.count)
    let count = rest.count
    block.withUnsafeBytes { compress($0, isLast: true, count: count) }
    return Digest(
      bytes: state.prefix(4).flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    )
  }

  /// The digest of one run of bytes.
  package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var sum = BLAKE2b()
    sum.update(bytes)
    return sum.finalize()
  }

  /// The digest of one array of bytes.
  package static func hash(_ bytes: [UInt8]) -> Digest {
    var sum = BLAKE2b()
    sum.update(bytes)
    return sum.finalize()
  }

  private mutating func compress(_ block: UnsafeRawBufferPointer, isLast: Bool, count: Int) {
    length &+= UInt64(count)
    let total = length
    state.withUnsafeMutableBufferPointer { state in
      Self.start.withUnsafeBufferPointer { start in
        Self.order.withUnsafeBufferPointer { order in
          Self.rounds(block.baseAddress!, state.baseAddress!, start.baseAddress!, order.baseAddress!, total, isLast)
        }
      }
    }
  }

  private static func rounds(
    _ block: UnsafeRawPointer,
    _ state: UnsafeMutablePointer<UInt64>,
    _ start: UnsafePointer<UInt64>,
    _ order: UnsafePointer<UInt8>,
    _ total: UInt64,
    _ isLast: Bool
  ) {
    var (v0, v1, v2, v3) = (state[0], state[1], state[2], state[3])
    var (v4, v5, v6, v7) = (state[4], state[5], state[6], state[7])
    var (v8, v9, v10, v11) = (start[0], start[1], start[2], start[3])
    var (v12, v13) = (start[4] ^ total, start[5])
    var (v14, v15) = (isLast ? ~start[6] : start[6], start[7])
    var place = order
    for _ in 0..<12 {
      mix(&v0, &v4, &v8, &v12, word(block, place[0]), word(block, place[1]))
      mix(&v1, &v5, &v9, &v13, word(block, place[2]), word(block, place[3]))
      mix(&v2, &v6, &v10, &v14, word(block, place[4]), word(block, place[5]))
      mix(&v3, &v7, &v11, &v15, word(block, place[6]), word(block, place[7]))
      mix(&v0, &v5, &v10, &v15, word(block, place[8]), word(block, place[9]))
      mix(&v1, &v6, &v11, &v12, word(block, place[10]), word(block, place[11]))
      mix(&v2, &v7, &v8, &v13, word(block, place[12]), word(block, place[13]))
      mix(&v3, &v4, &v9, &v14, word(block, place[14]), word(block, place[15]))
      place += 16
    }
    state[0] ^= v0 ^ v8
    state[1] ^= v1 ^ v9
    state[2] ^= v2 ^ v10
    state[3] ^= v3 ^ v11
    state[4] ^= v4 ^ v12
    state[5] ^= v5 ^ v13
    state[6] ^= v6 ^ v14
    state[7] ^= v7 ^ v15
  }

  @inline(__always)
  private static func word(_ block: UnsafeRawPointer, _ index: UInt8) -> UInt64 {
    UInt64(littleEndian: block.loadUnaligned(fromByteOffset: Int(index) &* 8, as: UInt64.self))
  }

  @inline(__always)
  private static func mix(
    _ a: inout UInt64,
    _ b: inout UInt64,
    _ c: inout UInt64,
    _ d: inout UInt64,
    _ x: UInt64,
    _ y: UInt64
  ) {
    a = a &+ b &+ x
    d = rotated(d ^ a, 32)
    c = c &+ d
    b = rotated(b ^ c, 24)
    a = a &+ b &+ y
    d = rotated(d ^ a, 16)
    c = c &+ d
    b = rotated(b ^ c, 63)
  }

  @inline(__always)
  private static func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word &>> count | word &<< (64 &- count)
  }
}
