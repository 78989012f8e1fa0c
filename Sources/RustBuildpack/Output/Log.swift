/// The deployment's log: five kinds of message, and the output of tools indented below them.
///
/// | word    | for                                        | looks like                                  |
/// | ------- | ------------------------------------------ | ------------------------------------------- |
/// | step    | a phase that begins                        | `-----> Installing Rust`                    |
/// | detail  | what is done and why                       | seven spaces, then the text                 |
/// | notice  | something good to know that needs no act   | seven spaces, `Note: `, then the text       |
/// | warning | works today, wants attention               | ` !     ` on each line, yellow, on stderr   |
/// | error   | the end of the deployment                  | ` !     ` on each line, red, on stderr      |
package struct Log: Sendable {
  private static let indent = Array("       ".utf8)

  private let colored: Bool
  private let isDebugging: Bool

  /// `colored`: whether warnings and errors carry colour codes. `isDebugging`: whether debug lines are printed.
  package init(colored: Bool = true, isDebugging: Bool = false) {
    self.colored = colored
    self.isDebugging = isDebugging
  }

  package func step(_ text: String) { write(Array("-----> \(text)\n".utf8), to: .output) }

  package func detail(_ text: String) {
    write(Array(text.split(whereSeparator: \.isNewline).map { "       \($0)\n" }.joined().utf8), to: .output)
  }

  package func notice(_ text: String) { detail("Note: \(text)") }

  /// Only with `BUILDPACK_DEBUG`.
  package func debug(_ text: String) { if isDebugging { detail("Debug: \(text)") } }

  package func warning(_ lines: String) { attention(lines, color: "33") }

  package func error(_ lines: String) { attention(lines, color: "31") }

  /// One line of a tool's output, indented, bytes as they came but for the credentials in addresses.
  package func toolLine(_ line: ArraySlice<UInt8>) {
    var indented = Self.indent
    indented.reserveCapacity(line.count + 8)
    indented.append(contentsOf: line)
    indented.append(UInt8(ascii: "\n"))
    write(indented, to: .output)
  }

  /// Colour is set and reset on each line, because the platform passes the log on line by line.
  private func attention(_ text: String, color: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
      let marked = line.isEmpty ? " !" : " !     \(line)"
      return colored ? "\u{1B}[1;\(color)m\(marked)\u{1B}[0m\n" : "\(marked)\n"
    }
    write(Array(("\n" + lines.joined() + "\n").utf8), to: .errors)
  }

  /// The one way out: tools repeat the addresses that they were given.
  private func write(_ text: [UInt8], to stream: StandardStream) { stream.write(withoutCredentials(text)) }
}

/// Bytes for people: "312 B", "4.2 MB", "1.31 GB"; powers of 1000, as image limits are given.
package func sizeText(_ bytes: Int64) -> String {
  switch bytes {
  // What would be rounded up to 1000.0 is one of the next unit.
  case ..<1_000: "\(bytes) B"
  case ..<999_950: "\(decimal(Double(bytes) / 1e3, places: 1)) kB"
  case ..<999_950_000: "\(decimal(Double(bytes) / 1e6, places: 1)) MB"
  default: "\(decimal(Double(bytes) / 1e9, places: 2)) GB"
  }
}

/// A duration for people: "0.4 s", "12.0 s", "3 min 20 s".
package func durationText(_ seconds: Double) -> String {
  // What would be rounded up to 60.0 is a minute.
  guard seconds >= 59.95 else { return "\(decimal(max(0, seconds), places: 1)) s" }
  let whole = max(60, Int(seconds))
  return "\(whole / 60) min \(whole % 60) s"
}

/// A limit of time for people: "10 minutes", "90 seconds".
package func limitText(_ seconds: Int) -> String {
  seconds >= 60 && seconds % 60 == 0 ? countText(seconds / 60, "minute") : countText(seconds, "second")
}

/// "1 file", "2 files".
package func countText(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

private func decimal(_ value: Double, places: Int) -> String {
  let scale: Double = places == 1 ? 10 : 100
  let scaled = Int((value * scale).rounded())
  let fraction = String(scaled % Int(scale))
  return "\(scaled / Int(scale)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
}
