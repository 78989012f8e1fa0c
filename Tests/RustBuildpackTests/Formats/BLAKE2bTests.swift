import Testing

@testable import RustBuildpack

/// Sums with 32 bytes as "b2sum --length=256" prints them.
@Suite struct FormatsBLAKE2bTests {
  @Test(arguments: [
    ("", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
    ("abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"),
  ])
  func publishedSums(text: String, sum: String) {
    #expect(BLAKE2b.hash(Array(text.utf8)).hex == sum)
  }

  /// Lengths around the block's, of bytes that grow by 7.
  @Test(arguments: [
    (0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
    (1, "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314"),
    (3, "b316f3683ac87007461037a8ff6547de35618800044bb3a4e98b3560c92c3794"),
    (64, "17363253d86da2d13a0f306b36da8157fa4a630e7100e0954859f44a36ae2a41"),
    (127, "4ff62e7c4c43fe101a078479c48836be4907d9d498dcc577ca89d694b2c11f9b"),
    (128, "14696d2a98d9f8a280da8b132b1045b345e1033759c6b02fcc4ee885c8ae7c37"),
    (129, "3934215260b1039be9d9d2b073b059bcd50120c327a22af93eb4d98cf821c14c"),
    (255, "a3bb8b4fa098078d32bb5a89e905e237862fd83e99141ca7d8a073bb268ba2a0"),
    (256, "3d0cb2693dfbac42af5a6cc960953fea8714aa39c4bcd054ef61d6b5e98ade4a"),
    (257, "63cb41934eb22ceb359755501ea299abcd784306baf8845ad6b97ff0828b7cfe"),
    (1000, "6ac4bea923678eb024090384d6e767b5870f849057dc19b172d8d9f2df30bf8e"),
  ])
  func lengths(count: Int, sum: String) {
    #expect(BLAKE2b.hash((0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }).hex == sum)
  }

  @Test func piecesMakeNoDifference() {
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
    for size in [1, 2, 63, 127, 128, 129, 300, 999] {
      var sum = BLAKE2b()
      for start in stride(from: 0, to: bytes.count, by: size) {
        sum.update(Array(bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(sum.finalize() == BLAKE2b.hash(bytes), "pieces of \(size)")
    }
  }
}
