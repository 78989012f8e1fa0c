/// What a loopback server does wrong, on request.
package enum Fault: Sendable, Equatable {
  /// Answers with this status and a short text.
  case status(Int)
  /// Resets the connection (RST) instead of answering.
  case reset
  /// Announces the full length, sends so many bytes of the body and closes.
  case truncate(after: Int)
  /// Takes the request and never answers.
  case hang
  /// Sends the body at this pace.
  case slow(bytesPerSecond: Int)
  /// Sends a body of the right length and the wrong content.
  case wrongBytes
  /// Sends an HTML page with status 200, as a captive portal does.
  case html
  /// Redirects to this address.
  case redirect(to: String)
}

/// The faults that a server plays now, by path prefix.
struct FaultTable {
  private struct Entry {
    let prefix: String
    let fault: Fault
    var remaining: Int?
  }

  private var entries: [Entry] = []

  /// Adds a fault; the newest that fits a path is the one that is played.
  mutating func add(_ fault: Fault, at prefix: String, times: Int?) {
    entries.append(Entry(prefix: prefix, fault: fault, remaining: times))
  }

  /// Forgets every fault.
  mutating func removeAll() {
    entries.removeAll()
  }

  /// The fault for a request of this path; counts it.
  mutating func take(for path: String) -> Fault? {
    guard let index = entries.lastIndex(where: { path.hasPrefix($0.prefix) && $0.remaining != 0 }) else { return nil }
    if let remaining = entries[index].remaining { entries[index].remaining = remaining - 1 }
    return entries[index].fault
  }
}
