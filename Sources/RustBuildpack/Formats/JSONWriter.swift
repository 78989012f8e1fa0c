// JSON values to text: the same value gives the same text on every machine and run.

extension JSON {
  /// The value as JSON text (RFC 8259), members in their order, every control character escaped, no final line break.
  ///
  /// Indented, each element and member stands on its own line, two spaces per level.
  package func serialized(indented: Bool = false) -> String {
    var writer = JSONWriter(indented: indented)
    writer.write(self, level: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONWriter {
  let indented: Bool
  var bytes: [UInt8] = []

  init(indented: Bool) {
    self.indented = indented
  }

  mutating func write(_ value: JSON, level: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let digits): bytes += digits.utf8
    case .string(let text): write(text)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine(level: level + 1)
        write(element, level: level + 1)
      }
      if !elements.isEmpty { breakLine(level: level) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine(level: level + 1)
        write(member.key)
        bytes += (indented ? ": " : ":").utf8
        write(member.value, level: level + 1)
      }
      if !members.isEmpty { breakLine(level: level) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  mutating func breakLine(level: Int) {
    guard indented else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: level * 2))
  }

  mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += #"\""#.utf8
      case "\\": bytes += #"\\"#.utf8
      case "\n": bytes += #"\n"#.utf8
      case "\r": bytes += #"\r"#.utf8
      case "\t": bytes += #"\t"#.utf8
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        bytes += #"\u"#.utf8
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
        bytes += digits.utf8
      default: bytes += String(scalar).utf8
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
