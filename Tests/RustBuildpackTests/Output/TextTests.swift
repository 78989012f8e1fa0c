// Sizes, durations and counts for people.
import Testing

@testable import RustBuildpack

@Suite struct TextTests {
  @Test(arguments: [
    (0, "0 B"), (1, "1 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_049, "1.0 kB"), (1_051, "1.1 kB"),
    (999_949, "999.9 kB"), (999_950, "1.0 MB"), (999_999, "1.0 MB"), (1_000_000, "1.0 MB"), (4_230_000, "4.2 MB"),
    (999_949_999, "999.9 MB"), (999_950_000, "1.00 GB"), (1_000_000_000, "1.00 GB"), (1_306_000_000, "1.31 GB"),
    (1_050_000_000, "1.05 GB"), (Int64.max, "9223372036.85 GB"),
  ])
  func sizes(bytes: Int64, expected: String) {
    #expect(sizeText(bytes) == expected)
  }

  @Test(arguments: [
    (0, "0.0 s"), (-1, "0.0 s"), (0.04, "0.0 s"), (0.44, "0.4 s"), (12, "12.0 s"), (59.94, "59.9 s"),
    (59.96, "1 min 0 s"), (60, "1 min 0 s"), (119.9, "1 min 59 s"), (200, "3 min 20 s"), (3_600, "60 min 0 s"),
  ])
  func durations(seconds: Double, expected: String) {
    #expect(durationText(seconds) == expected)
  }

  @Test func counts() {
    #expect(countText(0, "file") == "0 files")
    #expect(countText(1, "file") == "1 file")
    #expect(countText(2, "entry", "entries") == "2 entries")
  }
}
