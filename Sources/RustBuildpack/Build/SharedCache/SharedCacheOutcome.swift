/// How the shared cache did in one deployment: what its server's minder tells, as one line of JSON.
package struct SharedCacheOutcome: Sendable, Equatable {
  /// Why the shared cache was given up.
  package enum Trouble: String, Sendable, CaseIterable {
    /// The program in the cache is not what was put there.
    case damaged
    /// The program could not be unpacked or started.
    case program
    /// The server ended at its start: the store refused it, or the variables are wrong.
    case refused
    /// The store said nothing when the server started.
    case silent
    /// The store stopped answering.
    case stalled
    /// The store answers too slowly.
    case slow
    /// The server ended before its time.
    case died
    /// Nothing is known of the server: its minder itself is gone.
    case lost
  }

  /// Whether anything was compiled that could have been shared.
  package var wasWanted = false
  package var trouble: Trouble?
  package var hits = 0
  package var misses = 0
  package var isReadOnly = false
  /// Writes that the store refused.
  package var writeErrors = 0
  /// Answers that could not be understood.
  package var readErrors = 0
  /// Compilations that sccache can't share, by its own reasons.
  package var notShared: [String: Int] = [:]
  /// Seconds that compilations waited for the store.
  package var seconds = 0.0

  package init() {}

  /// Reads the line; nothing when it is none.
  init?(_ line: [UInt8]) {
    guard let document = try? JSON.parse(line), document["wanted"]?.bool != nil else { return nil }
    wasWanted = document["wanted"]?.bool == true
    trouble = document["trouble"]?.string.flatMap(Trouble.init)
    isReadOnly = document["read-only"]?.bool == true
    hits = document["hits"]?.integer ?? 0
    misses = document["misses"]?.integer ?? 0
    guard let statistics = document["statistics"]?["stats"] else { return }
    hits = Self.sum(statistics["cache_hits"])
    misses = Self.sum(statistics["cache_misses"])
    readErrors = Self.sum(statistics["cache_errors"]) + (statistics["cache_read_errors"]?.integer ?? 0)
    writeErrors = statistics["cache_write_errors"]?.integer ?? 0
    for reason in statistics["not_cached"]?.object ?? [] { notShared[reason.key] = reason.value.integer }
    seconds = Self.duration(statistics["cache_read_hit_duration"]) + Self.duration(statistics["cache_write_duration"])
  }

  /// The line.
  static func line(
    wanted: Bool,
    trouble: Trouble?,
    watch: StoreWatch,
    statistics: JSON?
  ) -> [UInt8] {
    var members = [
      JSON.Member(key: "wanted", value: .bool(wanted)), JSON.Member(key: "read-only", value: .bool(watch.isReadOnly)),
      JSON.Member(key: "hits", value: .number("\(watch.hits)")),
      JSON.Member(key: "misses", value: .number("\(watch.misses)")),
    ]
    if let trouble { members.append(JSON.Member(key: "trouble", value: .string(trouble.rawValue))) }
    if let statistics { members.append(JSON.Member(key: "statistics", value: statistics)) }
    return Array(JSON.object(members).serialized().utf8) + [UInt8(ascii: "\n")]
  }

  /// sccache counts by language.
  private static func sum(_ counts: JSON?) -> Int {
    (counts?["counts"]?.object ?? []).reduce(0) { $0 + ($1.value.integer ?? 0) }
  }

  private static func duration(_ value: JSON?) -> Double {
    Double(value?["secs"]?.integer ?? 0) + Double(value?["nanos"]?.integer ?? 0) / 1e9
  }
}
