/// The end of what a tool said: enough to recognise why it failed, and never more than `limit` bytes.
package struct TailBuffer: Sendable {
  /// How much is kept, in bytes.
  package static let limit = 64 << 10
  private var bytes: [UInt8] = []

  package init() {}

  /// Adds a line, given without its newline.
  package mutating func add(_ line: ArraySlice<UInt8>) {
    bytes.append(contentsOf: line.suffix(Self.limit))
    bytes.append(UInt8(ascii: "\n"))
    // Cut at twice the limit, so that moving the rest costs little for each line.
    if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
  }

  /// Whether `words` occur in what is kept.
  package func mentions(_ words: String) -> Bool { HintPattern(words).match(in: Array(content)) != nil }

  /// What is kept; its first line may have lost its beginning.
  package var content: ArraySlice<UInt8> { bytes.suffix(Self.limit) }
}
