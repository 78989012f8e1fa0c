// What the server's minder tells, written and read.
import Testing

@testable import RustBuildpack

@Suite struct SharedCacheOutcomeTests {
  /// As sccache 0.16.0 prints it, cut to what counts and a few more.
  private static let statistics = """
    {"stats":{"compile_requests":83,"cache_errors":{"counts":{"Rust":1},"adv_counts":{}},
    "cache_hits":{"counts":{"Rust":60,"C/C++":5},"adv_counts":{"rust":60}},"cache_misses":{"counts":{"Rust":3}},
    "cache_read_errors":1,"cache_write_errors":2,"cache_write_duration":{"secs":1,"nanos":500000000},
    "cache_read_hit_duration":{"secs":0,"nanos":250000000},"not_cached":{"crate-type":12}},
    "cache_location":"redis, name: redis://user:secret@host, prefix: /x/","version":"0.16.0"}
    """

  @Test func statisticsAreRead() throws {
    var watch = StoreWatch()
    watch.add(Array("[t] server has setup with ReadOnly".utf8)[...], now: 0)
    let parsed = try JSON.parse(Array(Self.statistics.utf8))
    let line = SharedCacheOutcome.line(wanted: true, trouble: nil, watch: watch, statistics: parsed)
    #expect(line.last == UInt8(ascii: "\n") && line.count { $0 == UInt8(ascii: "\n") } == 1)
    let found = try #require(SharedCacheOutcome(line))
    #expect(found.wasWanted && found.isReadOnly && found.trouble == nil)
    #expect(found.hits == 65 && found.misses == 3 && found.readErrors == 2 && found.writeErrors == 2)
    #expect(found.notShared == ["crate-type": 12] && found.seconds == 1.75)
  }

  @Test(arguments: SharedCacheOutcome.Trouble.allCases) func troubleIsKept(trouble: SharedCacheOutcome.Trouble) throws {
    let line = SharedCacheOutcome.line(wanted: true, trouble: trouble, watch: StoreWatch(), statistics: nil)
    #expect(try #require(SharedCacheOutcome(line)).trouble == trouble)
  }

  @Test func nothingWanted() throws {
    let line = SharedCacheOutcome.line(wanted: false, trouble: nil, watch: StoreWatch(), statistics: nil)
    #expect(try #require(SharedCacheOutcome(line)) == SharedCacheOutcome())
  }

  @Test(arguments: ["", "{}", "[]", "nonsense", "{\"wanted\":1}"]) func noLine(text: String) {
    #expect(SharedCacheOutcome(Array(text.utf8)) == nil)
  }
}
