/// Reads the scalars and the marks of one line of YAML, from left to right.
struct YAMLScalars {
  private var rest: Substring

  init(_ line: Substring) {
    rest = line
    skipBlanks()
  }

  /// Whether nothing but a comment is left.
  var isAtEnd: Bool { rest.isEmpty || rest.first == "#" }

  func isBefore(_ mark: Character) -> Bool { rest.first == mark }

  /// Goes over the mark, and the blanks after it, if it stands here.
  mutating func skip(_ mark: Character) -> Bool {
    guard rest.first == mark else { return false }
    rest.removeFirst()
    skipBlanks()
    return true
  }

  /// The scalar that stands here, quoted or plain; nil if there is none or its quotes are not closed.
  ///
  /// A plain one ends before a comment or before one of the marks; before a colon only if a blank or the end follows.
  mutating func scalar(endingBefore marks: Set<Character>) -> String? {
    defer { skipBlanks() }
    switch rest.first {
    case "\"": return doubleQuoted()
    case "'": return singleQuoted()
    case nil, "#", "|", ">", "&", "*", "!", "{", "}", "[", "]", ",", "%", "@", "`": return nil
    default: return plain(endingBefore: marks)
    }
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == " " || $0 == "\t" }
  }

  private mutating func plain(endingBefore marks: Set<Character>) -> String? {
    var end = rest.startIndex
    var isAfterBlank = false
    while end < rest.endIndex {
      let character = rest[end]
      let next = rest.index(after: end)
      let isSeparate = next == rest.endIndex || rest[next] == " " || rest[next] == "\t"
      if character == "#", isAfterBlank { break }
      if character == ":", isSeparate {
        guard marks.contains(":") else { return nil }
        break
      }
      if character != ":", marks.contains(character) { break }
      isAfterBlank = character == " " || character == "\t"
      end = next
    }
    var text = rest[..<end]
    rest = rest[end...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return text.isEmpty ? nil : String(text)
  }

  private mutating func singleQuoted() -> String? {
    rest.removeFirst()
    var value = ""
    while let character = rest.popFirst() {
      if character == "'" {
        guard rest.first == "'" else { return value }
        rest.removeFirst()
      }
      value.append(character)
    }
    return nil
  }

  private mutating func doubleQuoted() -> String? {
    rest.removeFirst()
    var value = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return value
      case "\\":
        guard let escaped = escape() else { return nil }
        value.append(escaped)
      default: value.append(character)
      }
    }
    return nil
  }

  private static let escapes: [Character: Character] = [
    "n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\u{7}", "b": "\u{8}", "e": "\u{1B}", "f": "\u{C}", "v": "\u{B}",
    "\"": "\"", "\\": "\\", "/": "/", " ": " ",
  ]

  private mutating func escape() -> Character? {
    guard let letter = rest.popFirst() else { return nil }
    let digits = ["x": 2, "u": 4, "U": 8][letter]
    guard let digits else { return Self.escapes[letter] }
    let code = rest.prefix(digits)
    guard code.count == digits, let number = UInt32(code, radix: 16) else { return nil }
    rest = rest.dropFirst(digits)
    return Unicode.Scalar(number).map(Character.init)
  }
}
