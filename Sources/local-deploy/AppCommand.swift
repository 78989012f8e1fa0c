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
      let continues = result.last.map { $0.isLetter || $0.isNumber || "._/~}".contains($0) } ?? false
      let after = rest.dropFirst("/app".count)
      if !continues, rest.hasPrefix("/app"), !goesOn(after) {
        result += folder
        rest = after
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }

  /// Whether the text begins with more of a file's name.
  private static func goesOn(_ text: Substring) -> Bool {
    text.first.map { $0.isLetter || $0.isNumber || "._-".contains($0) } ?? false
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
