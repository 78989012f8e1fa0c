/// What sccache's server does with its store, from the lines it logs: who waits for the store, and for how long.
///
/// sccache itself waits up to a minute for each answer, for each of hundreds of crates. Lines of
/// `SCCACHE_LOG=sccache::compiler::compiler=debug,sccache::server=debug`, version 0.16:
///
///     [2026-11-23T05:07:16Z DEBUG sccache::compiler::compiler] [serde]: Hash key: 4f2a…      a look-up begins
///     [… sccache::compiler::compiler] [serde]: Cache hit in 0.003 s                           and ends
///     [… sccache::compiler::compiler] [serde]: Created cache artifact in 0.011 s              a write begins
///     [… sccache::server] [serde]: Cache write finished in 0.006 s                            and ends
///
/// A version that logs something else is not watched, and its own limits hold.
struct StoreWatch {
  /// Why the store is given up.
  enum Trouble: String {
    /// One answer does not come.
    case stalled
    /// Answers come too slowly to be of use.
    case slow
  }

  /// How long a look-up may take, and a write, in seconds.
  static let longestLookUp = 3.0
  static let longestWrite = 5.0
  /// How many seconds all look-ups and writes together may take, beside a second for each hit …
  static let patience = 5.0
  /// … unless they take less than this on average.
  static let slowAverage = 0.5

  private(set) var hits = 0
  private(set) var misses = 0
  private(set) var isReadOnly = false
  private var waited = 0.0
  private var operations = 0
  private var lookUps: [String: [Double]] = [:]
  private var writes: [String: [Double]] = [:]

  /// Takes a line, which came at `now`.
  mutating func add(_ line: ArraySlice<UInt8>, now: Double) {
    let text = String(decoding: line, as: UTF8.self)
    // What follows the time, level and module.
    guard text.first == "[", let end = text.firstIndex(of: "]") else { return }
    let message = text[end...].dropFirst(2)
    if message.hasPrefix("server has setup with ReadOnly") { isReadOnly = true }
    if message.hasPrefix("Error executing cache write") {
      // It does not say which.
      if let oldest = writes.min(by: { $0.value[0] < $1.value[0] }) { endWrite(oldest.key, now) }
      return
    }
    guard message.first == "[", let close = message.firstIndex(of: "]") else { return }
    let crate = String(message[message.index(after: message.startIndex)..<close])
    let event = message[close...].dropFirst(3)
    if event.hasPrefix("Hash key: ") {
      lookUps[crate, default: []].append(now)
    } else if event.hasPrefix("Cache hit in ") {
      hits += 1
      endLookUp(crate, now)
    } else if ["Cache miss in ", "Cache timed out ", "Cache read error", "Cache none in ", "Cache recache in "]
      .contains(where: event.hasPrefix)
    {
      misses += 1
      endLookUp(crate, now)
    } else if event.hasPrefix("Created cache artifact in ") {
      writes[crate, default: []].append(now)
    } else if event.hasPrefix("Cache write finished in ") {
      endWrite(crate, now)
    }
  }

  /// Why the store should be given up at `now`, if it should.
  func trouble(now: Double) -> Trouble? {
    let lookUp = lookUps.values.joined().min() ?? now
    let write = writes.values.joined().min() ?? now
    if now - lookUp > Self.longestLookUp || now - write > Self.longestWrite { return .stalled }
    guard waited > Self.patience + Double(hits), waited / Double(operations) > Self.slowAverage else { return nil }
    return .slow
  }

  /// Whether somebody waits for the store.
  var isWaiting: Bool { !lookUps.isEmpty || !writes.isEmpty }

  private mutating func endLookUp(_ crate: String, _ now: Double) {
    guard let start = Self.takeOldest(crate, &lookUps) else { return }
    waited += now - start
    operations += 1
  }

  private mutating func endWrite(_ crate: String, _ now: Double) {
    guard let start = Self.takeOldest(crate, &writes) else { return }
    waited += now - start
    operations += 1
  }

  private static func takeOldest(_ crate: String, _ pending: inout [String: [Double]]) -> Double? {
    guard var starts = pending[crate] else { return nil }
    let first = starts.removeFirst()
    pending[crate] = starts.isEmpty ? nil : starts
    return first
  }
}
