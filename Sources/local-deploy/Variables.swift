import Foundation

/// A variable of the app.
struct Variable: Equatable {
  var name: String
  var value: String

  init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Reads `NAME=VALUE`; a name has letters, digits and underscores, 64 at most, and begins with no digit.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, Self.isName(parts[0]) else { return nil }
    self.init(name: String(parts[0]), value: String(parts[1]))
  }

  private static func isName(_ text: some StringProtocol) -> Bool {
    guard (1...64).contains(text.utf8.count), let first = text.first, !first.isNumber else { return false }
    return text.unicodeScalars.allSatisfy { $0 == "_" || ($0.isASCII && $0.properties.isAlphabetic) || isDigit($0) }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}

/// A file of variables: a NAME=VALUE in each line, `#` before a comment, blank lines; one pair of quotes around a value
/// is taken off, and an `export ` before the name.
enum EnvironmentFile {
  /// The variables of the text, or the number of the first line that is none.
  static func parse(_ text: String) -> Result<[Variable], MalformedLine> {
    var variables: [Variable] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      var line = line.drop(while: \.isWhitespace)
      if line.isEmpty || line.first == "#" { continue }
      if line.hasPrefix("export ") { line = line.dropFirst("export ".count).drop(while: \.isWhitespace) }
      guard var variable = Variable(line) else { return .failure(MalformedLine(number: index + 1)) }
      variable.value = unquoted(variable.value)
      variables.append(variable)
    }
    return .success(variables)
  }

  struct MalformedLine: Error, Equatable {
    var number: Int
  }

  private static func unquoted(_ value: String) -> String {
    let trimmed = value.trimmingCharacters(in: .whitespaces)
    guard trimmed.count >= 2, let quote = trimmed.first, quote == "\"" || quote == "'", trimmed.last == quote else {
      return value
    }
    return String(trimmed.dropFirst().dropLast())
  }
}

extension [Variable] {
  /// The variables that the command line and its files name.
  init(_ sources: [Arguments.VariableSource]) throws(Failure) {
    self = []
    for source in sources {
      switch source {
      case .variable(let variable): append(variable)
      case .file(let path):
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
          throw .files(action: "read", path: path, reason: error.localizedDescription)
        }
        switch EnvironmentFile.parse(text) {
        case .success(let variables): append(contentsOf: variables)
        case .failure(let line): throw .environmentFile(path: path, line: line.number)
        }
      }
    }
  }

  /// By name; the last one of a name wins.
  var dictionary: [String: String] {
    Dictionary(map { ($0.name, $0.value) }) { _, last in last }
  }
}
