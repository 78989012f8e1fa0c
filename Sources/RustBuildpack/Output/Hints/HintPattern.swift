/// Words of a tool with gaps: "no matching package named `{name}` found". A gap takes what stands there, in one line.
struct HintPattern {
  private enum Part {
    case words([UInt8])
    case gap(String)
  }

  private var parts: [Part] = []

  /// Reads a pattern; a gap is a name of lower-case letters in braces. `known` gaps are words from the start.
  init(_ pattern: String, known: [String: String] = [:]) {
    var words: [UInt8] = []
    var rest = pattern.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")), isName(rest[..<end]) {
        let name = String(decoding: rest[..<end], as: UTF8.self)
        rest = rest[rest.index(after: end)...]
        if let value = known[name] {
          words += value.utf8
        } else {
          if !words.isEmpty { parts.append(.words(words)) }
          words = []
          parts.append(.gap(name))
        }
      } else {
        words.append(byte)
      }
    }
    if !words.isEmpty { parts.append(.words(words)) }
  }

  /// What stands in the gaps at the first place that fits, or nothing if no place does.
  func match(in text: [UInt8]) -> [String: String]? {
    guard case .words(let start)? = parts.first else { return nil }
    var place = 0
    while let found = text.firstRange(of: start, from: place, endingAtLine: false) {
      if let gaps = gaps(in: text, from: found.upperBound) { return gaps }
      place = found.lowerBound + 1
    }
    return nil
  }

  private func gaps(in text: [UInt8], from start: Int) -> [String: String]? {
    var gaps: [String: String] = [:]
    var place = start
    var open: String?
    for part in parts.dropFirst() {
      switch part {
      case .gap(let name): open = name
      case .words(let words):
        guard let name = open, let found = text.firstRange(of: words, from: place, endingAtLine: true) else {
          return nil
        }
        guard found.lowerBound > place else { return nil }
        gaps[name] = presentable(text[place..<found.lowerBound])
        place = found.upperBound
        open = nil
      }
    }
    if let open {
      let end = text[place...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
      guard end > place else { return nil }
      gaps[open] = presentable(text[place..<end])
    }
    return gaps
  }
}

private func isName(_ bytes: Substring.UTF8View) -> Bool {
  !bytes.isEmpty && bytes.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
}

/// What a tool said, fit for the log's own words: short, without control characters, and without the user and
/// password of an address.
private func presentable(_ bytes: ArraySlice<UInt8>) -> String {
  var text = String(decoding: bytes.prefix(160).filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
  if bytes.count > 160 { text += "…" }
  guard let scheme = Array(text.utf8).firstRange(of: Array("://".utf8), from: 0, endingAtLine: false) else {
    return text
  }
  let rest = Array(text.utf8)[scheme.upperBound...]
  let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: " ") }
  guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return text }
  return String(decoding: text.utf8.prefix(scheme.upperBound), as: UTF8.self)
    + String(decoding: rest[(at + 1)...], as: UTF8.self)
}

extension [UInt8] {
  /// The first place of `part` at or after `start`; with `endingAtLine`, before the next newline only.
  fileprivate func firstRange(of part: [UInt8], from start: Int, endingAtLine: Bool) -> Range<Int>? {
    guard let first = part.first, start < count else { return nil }
    return withUnsafeBufferPointer { text in
      var place = start
      while place + part.count <= text.count {
        if text[place] == first {
          var length = 1
          while length < part.count, text[place + length] == part[length] { length += 1 }
          if length == part.count { return place..<(place + length) }
        }
        if endingAtLine, text[place] == UInt8(ascii: "\n") { return nil }
        place += 1
      }
      return nil
    }
  }
}
