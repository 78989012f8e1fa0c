// Bytes to JSON values: a recursive-descent parser of RFC 8259 over a buffer, written for cargo's message stream.

extension JSON {
  /// Reads one document of UTF-8 bytes with nothing but white space around its value (RFC 8259).
  ///
  /// Depth is limited to 128 arrays and objects. A lone surrogate escape, which the grammar allows and UTF-8 cannot hold,
  /// becomes U+FFFD. Throws for everything the RFC forbids, a byte order mark and malformed UTF-8 included.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSON in try parse(buffer) }
  }

  /// Reads one document from a part of an array, such as one line of a stream; offsets count from the slice's start.
  package static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> JSON {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSON in try parse(buffer) }
  }

  /// Reads one document from a text.
  package static func parse(_ text: String) throws(JSONError) -> JSON {
    try parse(Array(text.utf8))
  }

  /// Reads one document from a buffer, which is only used during the call.
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSON {
    var parser = JSONParser(bytes: bytes)
    return try parser.document()
  }
}

private struct JSONParser {
  static let maximumDepth = 128

  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  var depth = 0
  /// Room for the strings that contain escapes, kept between strings.
  var unescaped: [UInt8] = []

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The byte at the position, 0 at the end: no grammar rule accepts a zero byte, so both fail alike.
  var current: UInt8 {
    @inline(__always) get { position < bytes.count ? bytes[position] : 0 }
  }

  func failure(_ message: String) -> JSONError {
    JSONError(offset: position, message: position < bytes.count ? message : "unexpected end of the document")
  }

  mutating func document() throws(JSONError) -> JSON {
    skipSpace()
    let value = try value()
    skipSpace()
    if position < bytes.count { throw failure("unexpected text after the value") }
    return value
  }

  @inline(__always)
  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  mutating func value() throws(JSONError) -> JSON {
    switch current {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t"): return try word("true", means: .bool(true))
    case UInt8(ascii: "f"): return try word("false", means: .bool(false))
    case UInt8(ascii: "n"): return try word("null", means: .null)
    default: throw failure("expected a value")
    }
  }

  mutating func word(_ word: StaticString, means value: JSON) throws(JSONError) -> JSON {
    for index in 0..<word.utf8CodeUnitCount {
      if current != word.utf8Start[index] { throw failure("expected \(word)") }
      position += 1
    }
    return value
  }

  mutating func array() throws(JSONError) -> JSON {
    try descend()
    var elements: [JSON] = []
    if current == UInt8(ascii: "]") {
      ascend()
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipSpace()
      switch current {
      case UInt8(ascii: ","):
        position += 1
        skipSpace()
      case UInt8(ascii: "]"):
        ascend()
        return .array(elements)
      default: throw failure("expected , or ] in an array")
      }
    }
  }

  mutating func object() throws(JSONError) -> JSON {
    try descend()
    var members: [JSON.Member] = []
    if current == UInt8(ascii: "}") {
      ascend()
      return .object(members)
    }
    while true {
      if current != UInt8(ascii: "\"") { throw failure("expected a member's name in quotes") }
      let key = try string()
      skipSpace()
      if current != UInt8(ascii: ":") { throw failure("expected : after a member's name") }
      position += 1
      skipSpace()
      members.append(JSON.Member(key: key, value: try value()))
      skipSpace()
      switch current {
      case UInt8(ascii: ","):
        position += 1
        skipSpace()
      case UInt8(ascii: "}"):
        ascend()
        return .object(members)
      default: throw failure("expected , or } in an object")
      }
    }
  }

  mutating func descend() throws(JSONError) {
    if depth == Self.maximumDepth { throw failure("more than \(Self.maximumDepth) nested arrays and objects") }
    depth += 1
    position += 1
    skipSpace()
  }

  mutating func ascend() {
    depth -= 1
    position += 1
  }

  /// `number = [ "-" ] int [ frac ] [ exp ]` (RFC 8259 section 6).
  mutating func number() throws(JSONError) -> String {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if current == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
  }

  mutating func digits() throws(JSONError) {
    let start = position
    while UInt8(ascii: "0")...UInt8(ascii: "9") ~= current { position += 1 }
    if position == start { throw failure("expected a digit") }
  }

  // MARK: Strings (RFC 8259 section 7)

  mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    switch try run() {
    case UInt8(ascii: "\""):
      let text = try text(UnsafeBufferPointer(rebasing: bytes[start..<position]), from: start)
      position += 1
      return text
    default:
      return try stringWithEscapes(from: start)
    }
  }

  /// Moves to the next quotation mark or backslash and returns it.
  @inline(__always)
  mutating func run() throws(JSONError) -> UInt8 {
    var index = position
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        position = index
        return byte
      }
      if byte < 0x20 { break }
      index += 1
    }
    position = index
    throw failure("unescaped control character in a string")
  }

  func text(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONError) -> String {
    if let text = String(validating: utf8, as: UTF8.self) { return text }
    throw JSONError(offset: start, message: "malformed UTF-8 in the string that starts")
  }

  mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
    unescaped.removeAll(keepingCapacity: true)
    var runStart = start
    while true {
      let byte = try run()
      unescaped.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<position]))
      if byte == UInt8(ascii: "\"") { break }
      position += 1
      try escape()
      runStart = position
    }
    position += 1
    return try unescaped.withUnsafeBufferPointer { (utf8) throws(JSONError) -> String in try text(utf8, from: start) }
  }

  mutating func escape() throws(JSONError) {
    let byte: UInt8
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte = current
    case UInt8(ascii: "b"): byte = 0x08
    case UInt8(ascii: "f"): byte = 0x0C
    case UInt8(ascii: "n"): byte = 0x0A
    case UInt8(ascii: "r"): byte = 0x0D
    case UInt8(ascii: "t"): byte = 0x09
    case UInt8(ascii: "u"):
      position += 1
      return try unicodeEscape()
    default: throw failure("unknown escape in a string")
    }
    unescaped.append(byte)
    position += 1
  }

  mutating func unicodeEscape() throws(JSONError) {
    let first = try fourHexDigits()
    var scalar = Unicode.Scalar(first) ?? "\u{FFFD}"
    if 0xD800...0xDBFF ~= first, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    {
      let afterFirst = position
      position += 2
      let second = try fourHexDigits()
      if 0xDC00...0xDFFF ~= second {
        scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
      } else {
        position = afterFirst
      }
    }
    unescaped.append(contentsOf: String(scalar).utf8)
  }

  mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch current {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = current - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = current - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = current - UInt8(ascii: "A") + 10
      default: throw failure("expected four hexadecimal digits after \\u")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
