// TOML's lines: headers, keys and where their values go. Strings, numbers and dates stand in the files beside this one.

/// A recursive-descent parser of TOML v1.1.0 (https://toml.io/en/v1.1.0) over a buffer.
struct TOMLParser {
  static let maximumDepth = 128

  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  private let root = TOMLTable(origin: .header, depth: 0)

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  // MARK: Looking at the text

  /// The byte at the position, 0 at the end: TOML allows a zero byte nowhere, so both fail alike.
  var current: UInt8 {
    @inline(__always) get { position < bytes.count ? bytes[position] : 0 }
  }

  /// The byte `distance` further on, 0 past the end.
  func peek(_ distance: Int) -> UInt8 {
    position + distance < bytes.count ? bytes[position + distance] : 0
  }

  func isNext(_ text: StaticString) -> Bool {
    for index in 0..<text.utf8CodeUnitCount where peek(index) != text.utf8Start[index] { return false }
    return true
  }

  func text(from start: Int) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
  }

  func failure(_ message: String, at offset: Int? = nil) -> TOMLError {
    let before = bytes[..<min(offset ?? position, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0A } + 1
    // Every character has exactly one byte that does not continue another.
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return TOMLError(line: line, column: column, message: message)
  }

  mutating func skipSpace() {
    while current == 0x20 || current == 0x09 { position += 1 }
  }

  /// Moves past a comment, if there is one, up to the line break.
  mutating func skipComment() throws(TOMLError) {
    guard isNext("#") else { return }
    position += 1
    while position < bytes.count, bytes[position] != 0x0A {
      if isNext("\r\n") { return }
      if isControl(bytes[position]) { throw failure("control character in a comment") }
      position += 1
    }
  }

  /// Moves past a line feed, or a carriage return with its line feed; whether there was one.
  mutating func skipLineBreak() -> Bool {
    if current == 0x0A {
      position += 1
    } else if current == 0x0D && peek(1) == 0x0A {
      position += 2
    } else {
      return false
    }
    return true
  }

  /// Moves past white space, line breaks and comments, as between the elements of an array or inline table.
  mutating func skipLines() throws(TOMLError) {
    repeat {
      skipSpace()
      try skipComment()
    } while skipLineBreak()
  }

  func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && byte != 0x09 || byte == 0x7F
  }

  // MARK: The document

  mutating func document() throws(TOMLError) -> JSON {
    try checkEncoding()
    if isNext("\u{FEFF}") { position += 3 }
    var table = root
    while true {
      try skipLines()
      guard position < bytes.count else { return root.json }
      if isNext("[") { table = try header() } else { try keyAndValue(into: table) }
      skipSpace()
      try skipComment()
      guard skipLineBreak() || position == bytes.count else { throw failure("expected the end of the line") }
    }
  }

  private mutating func checkEncoding() throws(TOMLError) {
    do { _ = try UTF8Span(validating: bytes.span) } catch {
      throw failure("malformed UTF-8", at: error.byteOffsets.lowerBound)
    }
  }

  /// `[name]` or `[[name]]`: the table which the lines below belong to.
  private mutating func header() throws(TOMLError) -> TOMLTable {
    let start = position
    let isArray = peek(1) == UInt8(ascii: "[")
    position += isArray ? 2 : 1
    skipSpace()
    let path = try dottedKey()
    guard isArray ? isNext("]]") : isNext("]") else {
      throw failure(isArray ? "expected ]] after the name of an array of tables" : "expected ] after a table's name")
    }
    position += isArray ? 2 : 1

    var table = root
    for key in path.dropLast() {
      switch table[key] {
      case nil: table = try addTable(key, to: table, origin: .parent, at: start)
      case .table(let inner): table = inner
      case .tables(let array): table = array.last
      case .value: throw failure("\"\(key)\" is not a table that headers may add to", at: start)
      }
    }
    guard let key = path.last else { return table }
    return isArray ? try addElement(key, to: table, at: start) : try define(key, in: table, at: start)
  }

  private func define(_ key: String, in table: TOMLTable, at start: Int) throws(TOMLError) -> TOMLTable {
    switch table[key] {
    case nil: return try addTable(key, to: table, origin: .header, at: start)
    case .table(let inner) where inner.origin == .parent:
      inner.origin = .header
      return inner
    default: throw failure("\"\(key)\" is defined twice", at: start)
    }
  }

  private func addElement(_ key: String, to table: TOMLTable, at start: Int) throws(TOMLError) -> TOMLTable {
    let element = TOMLTable(origin: .header, depth: try deeper(table.depth + 1, at: start))
    switch table[key] {
    case nil: table.append(key, .tables(TOMLTableArray(first: element)))
    case .tables(let array): array.append(element)
    default: throw failure("\"\(key)\" is not an array of tables", at: start)
    }
    return element
  }

  private func addTable(
    _ key: String,
    to table: TOMLTable,
    origin: TOMLTable.Origin,
    at start: Int
  ) throws(TOMLError) -> TOMLTable {
    let inner = TOMLTable(origin: origin, depth: try deeper(table.depth, at: start))
    table.append(key, .table(inner))
    return inner
  }

  /// The depth below another one.
  func deeper(_ depth: Int, at offset: Int? = nil) throws(TOMLError) -> Int {
    if depth >= Self.maximumDepth {
      throw failure("more than \(Self.maximumDepth) nested tables or arrays", at: offset)
    }
    return depth + 1
  }

  // MARK: Keys and values

  /// `key = value`, also as a member of an inline table.
  mutating func keyAndValue(into table: TOMLTable) throws(TOMLError) {
    let start = position
    let path = try dottedKey()
    guard isNext("=") else { throw failure("expected = after a key") }
    position += 1
    skipSpace()

    var table = table
    for key in path.dropLast() {
      switch table[key] {
      case nil: table = try addTable(key, to: table, origin: .dotted, at: start)
      case .table(let inner) where inner.origin != .header:
        inner.origin = .dotted
        table = inner
      default: throw failure("\"\(key)\" is not a table that a dotted key may add to", at: start)
      }
    }
    guard let key = path.last else { return }
    if table[key] != nil { throw failure("\"\(key)\" is defined twice", at: start) }
    table.append(key, .value(try value(depth: table.depth)))
  }

  /// Bare and quoted keys joined by points, and the white space around each.
  private mutating func dottedKey() throws(TOMLError) -> [String] {
    var path: [String] = []
    while true {
      path.append(try key())
      skipSpace()
      guard isNext(".") else { return path }
      position += 1
      skipSpace()
    }
  }

  private mutating func key() throws(TOMLError) -> String {
    if isNext("\"\"\"") || isNext("'''") {
      throw failure("a key cannot be a multi-line string")
    }
    if isNext("\"") { return try basicString() }
    if isNext("'") { return try literalString() }
    let start = position
    while isBareKey(current) { position += 1 }
    if position == start { throw failure("expected a key") }
    return text(from: start)
  }

  private func isBareKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
