// JSON values to YAML text in block style, readable alike under YAML 1.1 and 1.2. There is no YAML reader.

/// A writer of YAML for what the platform reads, such as the release metadata.
package enum YAML {
  /// The value as a YAML document of two-space block style that ends in a line break, members in their order.
  ///
  /// A string which YAML 1.1 or 1.2 could read as anything else stands in double quotes. Keys should be distinct, which is
  /// not checked.
  package static func serialized(_ value: JSON) -> String {
    var text = ""
    switch value {
    case .array(let elements) where !elements.isEmpty: writeItems(elements, indent: 0, to: &text)
    case .object(let members) where !members.isEmpty: writeMembers(members, indent: 0, to: &text)
    default: text += scalar(value) + "\n"
    }
    return text
  }

  /// Writes `- element` lines; the first one starts where the text stands.
  private static func writeItems(_ elements: [JSON], indent: Int, to text: inout String) {
    for (index, element) in elements.enumerated() {
      if index > 0 { writeIndent(indent, to: &text) }
      text += "- "
      switch element {
      case .array(let inner) where !inner.isEmpty: writeItems(inner, indent: indent + 2, to: &text)
      case .object(let members) where !members.isEmpty: writeMembers(members, indent: indent + 2, to: &text)
      default: text += scalar(element) + "\n"
      }
    }
  }

  /// Writes `key: value` lines; the first one starts where the text stands.
  private static func writeMembers(_ members: [JSON.Member], indent: Int, to text: inout String) {
    for (index, member) in members.enumerated() {
      if index > 0 { writeIndent(indent, to: &text) }
      let key = string(member.key)
      if key.utf8.count > 1000 {
        // A simple key may not be longer than 1024 characters (YAML 1.2.2 section 7.4.2).
        text += "? \(key)\n"
        writeIndent(indent, to: &text)
        text += ":"
      } else {
        text += "\(key):"
      }
      switch member.value {
      case .array(let elements) where !elements.isEmpty:
        text += "\n"
        writeIndent(indent + 2, to: &text)
        writeItems(elements, indent: indent + 2, to: &text)
      case .object(let inner) where !inner.isEmpty:
        text += "\n"
        writeIndent(indent + 2, to: &text)
        writeMembers(inner, indent: indent + 2, to: &text)
      default: text += " \(scalar(member.value))\n"
      }
    }
  }

  private static func writeIndent(_ count: Int, to text: inout String) {
    text += String(repeating: " ", count: count)
  }

  private static func scalar(_ value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): number(digits)
    case .string(let text): string(text)
    case .array: "[]"
    case .object: "{}"
    }
  }

  /// YAML 1.1 takes a number with an exponent for one only with a point and a sign: `1e6` becomes `1.0e+6`.
  private static func number(_ digits: String) -> String {
    guard let mark = digits.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return digits }
    let mantissa = digits[..<mark]
    let exponent = digits[digits.index(after: mark)...]
    let isSigned = exponent.hasPrefix("+") || exponent.hasPrefix("-")
    return mantissa + (mantissa.contains(".") ? "" : ".0") + "e" + (isSigned ? "" : "+") + exponent
  }

  private static func string(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  // MARK: - Strings

  /// Words that YAML 1.1 or 1.2 reads as booleans, null, a merge key or a default value, in lower case.
  private static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "<<", "="]

  /// Whether the text means itself without quotes everywhere in block style; rather no than yes in doubt.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    switch first {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "/"),
      UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ";"),
      UInt8(ascii: "^"), UInt8(ascii: "\\"), 0x80...:
      break
    case UInt8(ascii: "."):
      // A path; anything else with a point in front may be a number or the end of the document.
      guard text.hasPrefix("./") || text.hasPrefix("../") else { return false }
    default: return false
    }
    if last == UInt8(ascii: ":") || last == UInt8(ascii: " ") { return false }
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if !isPrintable(scalar) { return false }
      if scalar == " " && previous == ":" || scalar == "#" && previous == " " { return false }
      previous = scalar
    }
    return text.utf8.count > 5 || !reserved.contains(text.lowercased())
  }

  /// Characters that stand for themselves: YAML's printable ones (1.2.2 section 5.1) but for breaks, tab and the BOM.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\u{2028}", "\u{2029}", "\u{FEFF}": false
    case " "..."~", "\u{A0}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"...: true
    default: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += #"\""#
      case "\\": quoted += #"\\"#
      case "\n": quoted += #"\n"#
      case "\r": quoted += #"\r"#
      case "\t": quoted += #"\t"#
      case _ where isPrintable(scalar): quoted.unicodeScalars.append(scalar)
      default:
        // What is not printable has at most four hexadecimal digits.
        let digits = String(scalar.value, radix: 16)
        quoted += #"\u"# + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
      }
    }
    return quoted + "\""
  }
}
