// When a store is given up, from the lines that sccache logs.
import Testing

@testable import RustBuildpack

@Suite struct StoreWatchTests {
  /// Feeds lines, each with its time.
  private func watch(_ lines: [(Double, String)]) -> StoreWatch {
    var watch = StoreWatch()
    for (time, text) in lines {
      watch.add(Array("[2026-11-23T05:07:16Z DEBUG sccache::compiler::compiler] \(text)".utf8)[...], now: time)
    }
    return watch
  }

  private func lookUps(_ count: Int, seconds: Double, ending: String, writing: Double? = nil) -> [(Double, String)] {
    (0..<count).flatMap { number -> [(Double, String)] in
      let start = Double(number) * 10
      var lines = [(start, "[c\(number)]: Hash key: abc"), (start + seconds, "[c\(number)]: \(ending)")]
      if let writing {
        lines.append((start + seconds, "[c\(number)]: Created cache artifact in 0.1 s"))
        lines.append((start + seconds + writing, "[c\(number)]: Cache write finished in 0.1 s"))
      }
      return lines
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let lines: [(Double, String)]
    let now: Double
    let trouble: StoreWatch.Trouble?

    init(_ name: String, _ lines: [(Double, String)], now: Double, _ trouble: StoreWatch.Trouble?) {
      (testDescription, self.lines, self.now, self.trouble) = (name, lines, now, trouble)
    }
  }

  @Test func aStoreIsGivenUpInTime() {
    let hit = "Cache hit in 0.1 s"
    let miss = "Cache miss in 0.1 s"
    let begin = (0.0, "[serde]: Hash key: abc")
    let cases = [
      Case("nothing yet", [], now: 100, nil), Case("an answer is awaited", [begin], now: 2.9, nil),
      Case("no answer", [begin], now: 3.1, .stalled), Case("an answer", [begin, (1, "[serde]: \(hit)")], now: 90, nil),
      Case("of two crates of one name, one", [begin, begin, (1, "[serde]: \(hit)")], now: 4, .stalled),
      Case("another crate's answer", [begin, (1, "[syn]: \(hit)")], now: 4, .stalled),
      Case("time out", [begin, (2, "[serde]: Cache timed out 2 s")], now: 9, nil),
      Case("read error", [begin, (2, "[serde]: Cache read error: x in 2 s")], now: 9, nil),
      Case("a write", [(0, "[a]: Created cache artifact in 0.1 s")], now: 4.9, nil),
      Case("no end of a write", [(0, "[a]: Created cache artifact in 0.1 s")], now: 5.1, .stalled),
      Case(
        "a write that fails",
        [(0, "[a]: Created cache artifact in 0.1 s"), (1, "Error executing cache write: no")],
        now: 9,
        nil
      ),
      Case("slow misses", lookUps(6, seconds: 1, ending: miss), now: 100, .slow),
      Case("a few slow misses", lookUps(4, seconds: 1, ending: miss), now: 100, nil),
      Case("slow hits are worth it", lookUps(50, seconds: 0.9, ending: hit), now: 600, nil),
      Case("quick misses", lookUps(200, seconds: 0.05, ending: miss), now: 9_000, nil),
      Case("slow writes", lookUps(5, seconds: 0.01, ending: miss, writing: 2), now: 100, .slow),
      Case("other lines", [(0, "server started"), (0, "[x"), (0, "")], now: 9, nil),
    ]
    for example in cases {
      #expect(watch(example.lines).trouble(now: example.now) == example.trouble, "\(example.testDescription)")
    }
  }

  @Test func hitsAndMissesAreCounted() {
    let found = watch(
      lookUps(3, seconds: 0.1, ending: "Cache hit in 0.1 s") + lookUps(2, seconds: 0.1, ending: "Cache miss in 0.1 s")
        + [(0, "server has setup with ReadOnly")]
    )
    #expect(found.hits == 3 && found.misses == 2 && found.isReadOnly && !found.isWaiting)
  }

  @Test func noiseHarmsNothing() {
    var watch = StoreWatch()
    for text in ["", "[", "]", "[]", "[a] ", "[a] [", "[a] [b", "[a] [b]", "[a] [b]: Cache hit in ", "\u{FF}[x] [y]:"] {
      watch.add(Array(text.utf8)[...], now: 0)
    }
    #expect(watch.trouble(now: 100) == nil)
  }
}
