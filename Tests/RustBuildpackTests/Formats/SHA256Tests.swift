// SHA-256 against NIST's vectors, in one piece and in many.
import RustBuildpack
import Testing

@Suite struct FormatsSHA256Tests {
  static let vectors: [(name: String, message: [UInt8], hex: String)] = [
    ("empty", [], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "448 bits", Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "896 bits",
      Array(
        ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu").utf8
      ),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (
      "a million times a", [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  // A loop instead of arguments, whose million bytes would be printed.
  @Test func matchesVectors() {
    for vector in Self.vectors { #expect(SHA256.hash(vector.message).hex == vector.hex, "\(vector.name)") }
  }

  @Test(arguments: [1, 3, 7, 31, 63, 64, 65, 129])
  func piecesGiveTheSameDigest(size: Int) {
    for length in 0...200 {
      let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
      var hash = SHA256()
      for start in stride(from: 0, to: length, by: size) { hash.update(message[start..<min(start + size, length)]) }
      #expect(hash.finalize() == SHA256.hash(message), "\(length) bytes")
    }
  }

  @Test func paddingAtEveryLength() {
    // The digest of all digests from 0 to 200 bytes, computed by Python's hashlib.
    var all = SHA256()
    for length in 0...200 { all.update(SHA256.hash([UInt8](repeating: UInt8(length), count: length)).bytes) }
    #expect(all.finalize().hex == "29b8bfb16048ea8637507378655acc7e2a9885f925dd36246a6018f158034601")
  }

  @Test func copyGoesOnAfterItsOriginalIsFinalized() {
    var hash = SHA256()
    hash.update(Array("ab".utf8))
    var copy = hash
    copy.update(Array("c".utf8))
    #expect(hash.finalize() == SHA256.hash(Array("ab".utf8)))
    #expect(copy.finalize() == SHA256.hash(Array("abc".utf8)))
  }

  @Test func digestReadsAndWritesHex() throws {
    let digest = SHA256.hash(Array("abc".utf8))
    #expect(Digest(hex: digest.hex) == digest)
    #expect(Digest(hex: digest.hex.uppercased()) == digest)
    #expect(digest.bytes.count == 32)
    #expect(digest.bytes.prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
    #expect(Set([digest, try #require(Digest(hex: digest.hex))]).count == 1)
    #expect(digest != SHA256.hash([]))
  }

  @Test(arguments: [
    "", "abc", String(repeating: "0", count: 63), String(repeating: "0", count: 65), String(repeating: "g", count: 64),
    String(repeating: "é", count: 32), String(repeating: "0", count: 63) + " ",
  ])
  func refusesOtherText(_ text: String) {
    #expect(Digest(hex: text) == nil)
  }
}
