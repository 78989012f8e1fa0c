// TOML's values: arrays, inline tables and the four kinds of strings.

extension TOMLParser {
  mutating func value(depth: Int) throws(TOMLError) -> JSON {
    switch current {
    case UInt8(ascii: "\""):
      return .string(isNext("\"\"\"") ? try multilineBasicString() : try basicString())
    case UInt8(ascii: "'"):
      return .string(isNext("'''") ? try multilineLiteralString() : try literalString())
    case UInt8(ascii: "["): return try array(depth: try deeper(depth))
    case UInt8(ascii: "{"): return try inlineTable(depth: try deeper(depth))
    default: return try word()
    }
  }

  private mutating func array(depth: Int) throws(TOMLError) -> JSON {
    position += 1
    var elements: [JSON] = []
    while true {
      try skipLines()
      if isNext("]") { break }
      elements.append(try value(depth: depth))
      try skipLines()
      if isNext("]") { break }
      guard isNext(",") else { throw failure("expected , or ] in an array") }
      position += 1
    }
    position += 1
    return .array(elements)
  }

  private mutating func inlineTable(depth: Int) throws(TOMLError) -> JSON {
    position += 1
    let table = TOMLTable(origin: .header, depth: depth)
    while true {
      try skipLines()
      if isNext("}") { break }
      try keyAndValue(into: table)
      try skipLines()
      if isNext("}") { break }
      guard isNext(",") else { throw failure("expected , or } in an inline table") }
      position += 1
    }
    position += 1
    return table.json
  }

  // MARK: - Strings on one line

  mutating func literalString() throws(TOMLError) -> String {
    position += 1
    let start = position
    while !isNext("'") {
      if isControl(current) { throw failureInString() }
      position += 1
    }
    let content = text(from: start)
    position += 1
    return content
  }

  mutating func basicString() throws(TOMLError) -> String {
    position += 1
    let start = position
    while current != UInt8(ascii: "\""), current != UInt8(ascii: "\\") {
      if isControl(current) { throw failureInString() }
      position += 1
    }
    var content = text(from: start)
    while current != UInt8(ascii: "\"") {
      if isControl(current) { throw failureInString() }
      if current == UInt8(ascii: "\\") {
        content.unicodeScalars.append(try escape())
      } else {
        content += run()
      }
    }
    position += 1
    return content
  }

  /// The characters up to the next quotation mark, backslash or control character.
  private mutating func run() -> String {
    let start = position
    while current != UInt8(ascii: "\""), current != UInt8(ascii: "\\"), !isControl(current) { position += 1 }
    return text(from: start)
  }

  private func failureInString() -> TOMLError {
    if position == bytes.count { return failure("a string is not closed") }
    let isLineBreak = current == 0x0A || current == 0x0D && peek(1) == 0x0A
    return failure(isLineBreak ? "a string is not closed before the end of its line" : "control character in a string")
  }

  // MARK: - Strings on several lines

  private mutating func multilineLiteralString() throws(TOMLError) -> String {
    position += 3
    _ = skipLineBreak()
    var content = ""
    while true {
      let start = position
      while !isNext("'"), !isControl(current) { position += 1 }
      content += text(from: start)
      if isNext("'") {
        if let quotes = try closingQuotes() { return content + quotes }
        content += "'"
        position += 1
      } else if skipLineBreak() {
        content += "\n"
      } else {
        throw failureInString()
      }
    }
  }

  private mutating func multilineBasicString() throws(TOMLError) -> String {
    position += 3
    _ = skipLineBreak()
    var content = ""
    while true {
      content += run()
      if isNext("\"") {
        if let quotes = try closingQuotes() { return content + quotes }
        content += "\""
        position += 1
      } else if isNext("\\") {
        if try !skipContinuation() { content.unicodeScalars.append(try escape()) }
      } else if skipLineBreak() {
        content += "\n"
      } else {
        throw failureInString()
      }
    }
  }

  /// Moves past the delimiter, if this is one; up to two quotation marks right before it belong to the string.
  private mutating func closingQuotes() throws(TOMLError) -> String? {
    let mark = current
    var count = 1
    while count < 6, peek(count) == mark { count += 1 }
    if count < 3 { return nil }
    if count > 5 { throw failure("more than five quotation marks in a row") }
    let start = position
    position += count - 3
    let quotes = text(from: start)
    position += 3
    return quotes
  }

  /// Moves past a backslash that ends its line and all white space up to the next character; whether this is one.
  private mutating func skipContinuation() throws(TOMLError) -> Bool {
    let start = position
    position += 1
    skipSpace()
    guard skipLineBreak() else {
      position = start
      return false
    }
    repeat { skipSpace() } while skipLineBreak()
    return true
  }

  // MARK: - Escapes

  private mutating func escape() throws(TOMLError) -> Unicode.Scalar {
    let start = position
    let letter = peek(1)
    position = min(position + 2, bytes.count)
    switch letter {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "e"): return "\u{1B}"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "x"): return try unicodeEscape(digits: 2, start: start)
    case UInt8(ascii: "u"): return try unicodeEscape(digits: 4, start: start)
    case UInt8(ascii: "U"): return try unicodeEscape(digits: 8, start: start)
    default: throw failure("unknown escape in a string", at: start)
    }
  }

  private mutating func unicodeEscape(digits: Int, start: Int) throws(TOMLError) -> Unicode.Scalar {
    var value: UInt32 = 0
    for _ in 0..<digits {
      let digit: UInt8
      switch current {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = current - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = current - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = current - UInt8(ascii: "A") + 10
      default: throw failure("expected \(digits) hexadecimal digits in an escape", at: start)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    guard let scalar = Unicode.Scalar(value) else { throw failure("no such Unicode character", at: start) }
    return scalar
  }
}
