/// The commands of an app's processes.
enum AppCommand {
  /// The command of the process type in a Procfile, if it has such a line.
  static func command(of processType: String, inProcfile text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, trimmed(parts[0]) == processType else { continue }
      let command = trimmed(parts[1])
      return command.isEmpty ? nil : command
    }
    return nil
  }

  /// The text with `/app`, where it stands for the platform's folder, replaced by the folder of the app here.
  static func replacingAppFolder(in text: String, by folder: String) -> String {
    var result = ""
    var rest = text[...]
    while !rest.isEmpty {
      let continues = result.last.map { isPartOfName($0) || "/~}".contains($0) } ?? false
      let after = rest.dropFirst("/app".count)
      if !continues, rest.hasPrefix("/app"), after.first.map({ !isPartOfName($0) }) ?? true {
        result += folder
        rest = after
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }

  private static func isPartOfName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "._-".contains(character)
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
