// Shell words: writing one so that a POSIX shell reads it back unchanged, and splitting a text as the shell would.

/// POSIX shell quoting (POSIX.1-2017, Shell Command Language 2.2) without any expansion.
package enum ShellWords {
  /// The word as `sh` reads it back: unchanged when every character is harmless, else in single quotes.
  ///
  /// `=` counts as harmless, so a word like `A=b` must not come first in a command. No shell word can hold a zero byte.
  package static func quote(_ word: String) -> String {
    if !word.isEmpty && word.utf8.allSatisfy(isHarmless) { return word }
    return String(decoding: quote(Array(word.utf8)), as: UTF8.self)
  }

  /// The same for bytes which need not be UTF-8, such as a path or a variable's value.
  package static func quote(_ word: [UInt8]) -> [UInt8] {
    if !word.isEmpty && word.allSatisfy(isHarmless) { return word }
    var quoted = [UInt8(ascii: "'")]
    for byte in word {
      if byte == UInt8(ascii: "'") { quoted += #"'\''"#.utf8 } else { quoted.append(byte) }
    }
    quoted.append(UInt8(ascii: "'"))
    return quoted
  }

  /// The words of a text, divided at spaces, tabs and line breaks outside of quotes, with quotes and backslashes removed.
  ///
  /// `$`, backticks, `#`, `~`, `*` and operators are ordinary characters. Throws for a quote that is not closed and for a
  /// backslash with nothing after it.
  package static func split(_ text: String) throws(ShellWordsError) -> [String] {
    let bytes = Array(text.utf8)
    var words: [String] = []
    var word: [UInt8] = []
    var isInWord = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"):
        if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
        word.removeAll(keepingCapacity: true)
        isInWord = false
        continue
      case UInt8(ascii: "\\"):
        guard index < bytes.count else { throw .nothingAfterBackslash }
        index += 1
        // A backslash and a line break vanish together.
        if bytes[index - 1] == UInt8(ascii: "\n") { continue }
        word.append(bytes[index - 1])
      case UInt8(ascii: "'"):
        guard let end = bytes[index...].firstIndex(of: byte) else { throw .unclosedSingleQuote }
        word += bytes[index..<end]
        index = end + 1
      case UInt8(ascii: "\""):
        try appendDoubleQuoted(bytes, &index, to: &word)
      default:
        word.append(byte)
      }
      isInWord = true
    }
    if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }

  private static func appendDoubleQuoted(
    _ bytes: [UInt8],
    _ index: inout Int,
    to word: inout [UInt8]
  ) throws(ShellWordsError) {
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\"") { return }
      guard byte == UInt8(ascii: "\\"), index < bytes.count else {
        word.append(byte)
        continue
      }
      switch bytes[index] {
      case UInt8(ascii: "\n"): break
      case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "\\"): word.append(bytes[index])
      default: word += [byte, bytes[index]]
      }
      index += 1
    }
    throw .unclosedDoubleQuote
  }

  private static func isHarmless(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "%"),
      UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "."),
      UInt8(ascii: "/"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

/// Why a text does not divide into shell words.
package enum ShellWordsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text ends inside single quotes.
  case unclosedSingleQuote
  /// The text ends inside double quotes.
  case unclosedDoubleQuote
  /// The text ends in a backslash outside of quotes.
  case nothingAfterBackslash

  /// The reason in plain words.
  package var description: String {
    switch self {
    case .unclosedSingleQuote: "a single quote is not closed"
    case .unclosedDoubleQuote: "a double quote is not closed"
    case .nothingAfterBackslash: "a backslash at the end escapes nothing"
    }
  }
}
