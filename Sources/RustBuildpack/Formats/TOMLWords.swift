// TOML's values without quotes or brackets: booleans, integers, floats, dates and times.

extension TOMLParser {
  /// A boolean, a number, a date or a time.
  mutating func word() throws(TOMLError) -> JSON {
    let start = position
    skipWord()
    // A date and its time may be separated by one space.
    if position - start == 10, bytes[start + 4] == UInt8(ascii: "-"), isNext(" "), isDigit(peek(1)) {
      position += 1
      skipWord()
    }
    if position == start { throw failure("expected a value") }
    let word = bytes[start..<position]
    let text = text(from: start)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "inf", "+inf", "-inf", "nan", "+nan", "-nan": return .string(text)
    default: break
    }
    if let number = number(word) { return .number(number) }
    if isDateOrTime(word) { return .string(text) }
    throw failure("\"\(text)\" is not a value: a string needs quotes", at: start)
  }

  private mutating func skipWord() {
    while true {
      switch current {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."), UInt8(ascii: ":"):
        position += 1
      default: return
      }
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  // MARK: - Numbers

  /// The number in JSON's grammar, `nil` when the word is not one or has more than 64 bits.
  private func number(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    if word.count > 2, word.first == UInt8(ascii: "0") {
      switch word[word.startIndex + 1] {
      case UInt8(ascii: "x"): return integer(word.dropFirst(2), radix: 16)
      case UInt8(ascii: "o"): return integer(word.dropFirst(2), radix: 8)
      case UInt8(ascii: "b"): return integer(word.dropFirst(2), radix: 2)
      default: break
      }
    }
    var digits: [UInt8] = []
    var rest = word
    if rest.first == UInt8(ascii: "-") { digits.append(UInt8(ascii: "-")) }
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let hasLeadingZero = rest.first == UInt8(ascii: "0")
    guard let count = takeDigits(&rest, to: &digits), count == 1 || !hasLeadingZero else { return nil }
    if rest.isEmpty { return Int64(String(decoding: digits, as: UTF8.self)).map { String($0) } }
    if rest.first == UInt8(ascii: ".") {
      digits.append(rest.removeFirst())
      guard takeDigits(&rest, to: &digits) != nil else { return nil }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      digits.append(rest.removeFirst())
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { digits.append(rest.removeFirst()) }
      guard takeDigits(&rest, to: &digits) != nil else { return nil }
    }
    return rest.isEmpty ? String(decoding: digits, as: UTF8.self) : nil
  }

  /// Moves decimal digits over without the underscores between them; `nil` if there are none or an underscore is misplaced.
  private func takeDigits(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>, to digits: inout [UInt8]) -> Int? {
    var count = 0
    var isAfterDigit = false
    while let byte = rest.first {
      if isDigit(byte) {
        digits.append(byte)
        count += 1
      } else if byte != UInt8(ascii: "_") || !isAfterDigit {
        break
      }
      isAfterDigit = isDigit(byte)
      rest.removeFirst()
    }
    return isAfterDigit ? count : nil
  }

  private func integer(_ word: Slice<UnsafeBufferPointer<UInt8>>, radix: Int) -> String? {
    var digits: [UInt8] = []
    var isAfterDigit = false
    for byte in word {
      if byte == UInt8(ascii: "_") {
        if !isAfterDigit { return nil }
        isAfterDigit = false
      } else {
        if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { return nil }
        digits.append(byte)
        isAfterDigit = true
      }
    }
    guard isAfterDigit else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self), radix: radix).map { String($0) }
  }

  // MARK: - Dates and times (RFC 3339 section 5.6, each part optional as TOML allows)

  private func isDateOrTime(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var rest = word
    if word.count > 2, word[word.startIndex + 2] == UInt8(ascii: ":") { return takeTime(&rest) && rest.isEmpty }
    guard let year = take(4, &rest), take("-", &rest), let month = take(2, &rest), take("-", &rest),
      let day = take(2, &rest), 1...12 ~= month, day >= 1, day <= days(in: month, of: year)
    else { return false }
    if rest.isEmpty { return true }
    guard take("T", &rest) || take("t", &rest) || take(" ", &rest), takeTime(&rest) else { return false }
    if rest.isEmpty || (take("Z", &rest) || take("z", &rest)) && rest.isEmpty { return true }
    guard take("+", &rest) || take("-", &rest), let hour = take(2, &rest), hour <= 23, take(":", &rest),
      let minute = take(2, &rest), minute <= 59
    else { return false }
    return rest.isEmpty
  }

  private func takeTime(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let hour = take(2, &rest), hour <= 23, take(":", &rest), let minute = take(2, &rest), minute <= 59 else {
      return false
    }
    guard take(":", &rest) else { return true }
    guard let second = take(2, &rest), second <= 60 else { return false }
    guard take(".", &rest) else { return true }
    let fraction = rest.prefix(while: isDigit)
    rest = rest.dropFirst(fraction.count)
    return !fraction.isEmpty
  }

  private func take(_ count: Int, _ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy(isDigit) else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private func take(_ character: Character, _ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let byte = rest.first, byte == character.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  private func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
