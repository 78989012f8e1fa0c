/// What `release` prints: the part of YAML that such a document needs. Two levels, block or one-line lists, plain and
/// quoted scalars; no anchors, no block scalars, no documents after the first.
struct ReleaseDocument: Equatable {
  var addons: [String] = []
  var configVars: [String: String] = [:]
  var processTypes: [String: String] = [:]

  init() {}

  init(parsing text: String) throws(Failure) {
    var section: String?
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = line.drop { $0 == " " }
      let isIndented = content.startIndex > line.startIndex
      if content.allSatisfy(\.isWhitespace) || content.first == "#" { continue }
      if !isIndented, content.hasPrefix("---") || content.hasPrefix("...") { continue }
      let isRead =
        if content.hasPrefix("- ") {
          readItem(content.dropFirst(2), of: section)
        } else if isIndented {
          readPair(content, of: section)
        } else {
          readSection(content, &section)
        }
      guard isRead else { throw .releaseDocument(line: index + 1) }
    }
  }

  private mutating func readItem(_ text: Substring, of section: String?) -> Bool {
    guard section == "addons" else { return section != nil && !Self.known.contains(section ?? "") }
    var scanner = YAMLScalars(text)
    guard let value = scanner.scalar(endingBefore: []), scanner.isAtEnd else { return false }
    addons.append(value)
    return true
  }

  private mutating func readPair(_ text: Substring, of section: String?) -> Bool {
    guard let section else { return false }
    guard Self.known.contains(section) else { return true }
    var scanner = YAMLScalars(text)
    guard section != "addons", let key = scanner.scalar(endingBefore: [":"]), scanner.skip(":"),
      let value = scanner.scalar(endingBefore: []), scanner.isAtEnd
    else { return false }
    if section == "config_vars" { configVars[key] = value } else { processTypes[key] = value }
    return true
  }

  private mutating func readSection(_ text: Substring, _ section: inout String?) -> Bool {
    var scanner = YAMLScalars(text)
    guard !scanner.skip("{") else { return scanner.skip("}") && scanner.isAtEnd }
    guard let key = scanner.scalar(endingBefore: [":"]), scanner.skip(":") else { return false }
    section = key
    guard Self.known.contains(key), !scanner.isAtEnd else { return true }
    if key == "addons", scanner.skip("[") {
      while !scanner.skip("]") {
        guard let item = scanner.scalar(endingBefore: [",", "]"]) else { return false }
        addons.append(item)
        guard scanner.skip(",") || scanner.isBefore("]") else { return false }
      }
      return scanner.isAtEnd
    }
    if key != "addons", scanner.skip("{") { return scanner.skip("}") && scanner.isAtEnd }
    return ["null", "~"].contains(scanner.scalar(endingBefore: []))
  }

  private static let known: Set<String> = ["addons", "config_vars", "default_process_types"]
}
