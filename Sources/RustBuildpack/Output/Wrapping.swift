/// `text` in lines of at most `width` characters, those after the first indented by `indent` spaces.
///
/// A line is never broken inside double quotes, so that commands can be copied; a longer one stays as it is.
func wrapped(_ text: String, width: Int = 100, indent: Int = 0) -> String {
  var lines: [String] = []
  var line = ""
  for word in unbreakableParts(of: text) {
    if line.isEmpty {
      line = word
    } else if line.count + 1 + word.count <= width - indent {
      line += " " + word
    } else {
      lines.append(line)
      line = word
    }
  }
  lines.append(line)
  return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
}

/// The words of a text; what stands in double quotes is one word with what touches it.
private func unbreakableParts(of text: String) -> [String] {
  var parts: [String] = []
  var part = ""
  var isQuoted = false
  for character in text {
    if character == "\"" { isQuoted.toggle() }
    if character == " ", !isQuoted {
      if !part.isEmpty { parts.append(part) }
      part = ""
    } else {
      part.append(character)
    }
  }
  return part.isEmpty ? parts : parts + [part]
}
