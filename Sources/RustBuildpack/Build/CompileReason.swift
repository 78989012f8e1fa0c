/// Why cargo compiles what it does, in its own words: the lines that it prints with `--verbose`.
///
/// "       Dirty web v0.1.0 (/app/web): the file `.git/HEAD` is missing", seen in cargo 1.68 to 1.100.
enum CompileReason {
  /// Looks at a line of cargo's second output; keeps a reason in `reasons` as "web: the file …". Returns whether the line
  /// is one that cargo prints without `--verbose`, too.
  static func take(_ line: ArraySlice<UInt8>, _ reasons: inout [String]) -> Bool {
    let text = String(decoding: line, as: UTF8.self).drop { $0 == " " }
    if text.hasPrefix("Fresh ") || text.hasPrefix("Running `") { return false }
    guard text.hasPrefix("Dirty ") else { return true }
    let words = text.split(separator: " ", maxSplits: 2)
    guard words.count == 3, let mark = end(of: words[2]) else { return false }
    reasons.append("\(words[1]): \(words[2][mark...].dropFirst(2))")
    return false
  }

  /// Where the version and the folder end: at the first colon outside parentheses that a space follows.
  private static func end(of text: Substring) -> Substring.Index? {
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case ":" where depth == 0 && text[text.index(after: index)...].hasPrefix(" "): return index
      default: break
      }
    }
    return nil
  }
}
