/// A process's command, as far as it can be understood without running it: programs with their arguments, and what
/// joins them.
///
/// Nothing is guessed. A command that holds more than words, quotes, variables, redirections and `;`, `&&`, `||`, `|`,
/// `&` (a loop, a group, a command in backticks) is not understood at all.
struct ProcessCommand {
  /// What follows a program in the command.
  enum Joint: Equatable {
    case then, and, or, pipe, background
  }

  /// A word with its quotes removed; variables in it stay as they are written.
  struct Word: Equatable {
    var text = ""
    /// Whether the shell would take the text as it is.
    var isLiteral = true
  }

  /// One program with its arguments; assignments before it and redirections are left out.
  struct Program {
    var words: [Word] = []
    /// The names of the variables that are assigned before the program, or without one.
    var assigned: [String] = []
    /// What joins it to the next one; nil for the last one, unless `&` ends the command.
    var joint: Joint?
  }

  private(set) var programs: [Program] = []

  /// Reads a command; nil when it is not understood.
  init?(_ command: String) {
    var reader = CommandReader(Self.unwrapped(command))
    while let program = reader.program() { programs.append(program) }
    guard !reader.hasFailed, programs.allSatisfy({ !$0.words.isEmpty || !$0.assigned.isEmpty }) else { return nil }
    for program in programs {
      guard let first = program.words.first else { continue }
      if first.isLiteral, Self.keywords.contains(first.text) { return nil }
    }
  }

  private static let keywords: Set<String> = [
    "!", "[[", "]]", "{", "}", "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case",
    "esac", "select", "function", "coproc", "time",
  ]

  /// The command without one pair of quotes around all of it, which are YAML's if there are any.
  private static func unwrapped(_ command: String) -> [UInt8] {
    var bytes = Array(command.utf8)
    while bytes.last == UInt8(ascii: " ") || bytes.last == UInt8(ascii: "\t") { bytes.removeLast() }
    guard bytes.count >= 2, let quote = bytes.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
      bytes.last == quote, !bytes.dropFirst().dropLast().contains(quote)
    else { return bytes }
    return Array(bytes.dropFirst().dropLast())
  }
}

extension ProcessCommand.Program {
  /// Programs that run what follows them in their own place, where it follows at once.
  private static let wrappers: Set<String> = ["exec", "command", "env", "nohup"]

  /// The words from the one that names the program, wrappers such as `exec` left out; none when it can't be told.
  var invocation: ArraySlice<ProcessCommand.Word> {
    var rest = words[...]
    while let first = rest.first, first.isLiteral, Self.wrappers.contains(first.text) {
      rest = rest.dropFirst()
      if first.text == "env" { rest = rest.drop { $0.text.contains("=") } }
      if rest.first?.text.hasPrefix("-") == true { return [] }
    }
    return rest
  }

  /// Whether the shell gives its own place to this program because the command says so.
  var isExecuted: Bool { words.first == ProcessCommand.Word(text: "exec") }
}

/// Reads a command from left to right.
private struct CommandReader {
  private let bytes: [UInt8]
  private var place = 0
  private(set) var hasFailed = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func starts(with text: String) -> Bool { bytes[place...].starts(with: Array(text.utf8)) }

  /// The next program; nil at the end, or where the reader gives up.
  mutating func program() -> ProcessCommand.Program? {
    var program = ProcessCommand.Program()
    var isAtEnd = true
    while !hasFailed {
      skipBlanks()
      guard let byte = next, byte != UInt8(ascii: "#") else { return isAtEnd ? nil : program }
      isAtEnd = false
      if starts(with: "&>") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") {
        skipRedirection()
      } else if let joint = joint() {
        program.joint = joint
        return program
      } else {
        add(word(), to: &program)
      }
    }
    return nil
  }

  private mutating func add(_ word: ProcessCommand.Word, to program: inout ProcessCommand.Program) {
    let isDescriptor = !word.text.isEmpty && word.text.allSatisfy { ("0"..."9").contains($0) }
    if isDescriptor, next == UInt8(ascii: "<") || next == UInt8(ascii: ">") { return }
    if program.words.isEmpty, let sign = word.text.firstIndex(of: "="),
      AppVariables.isVariableName(String(word.text[..<sign]))
    {
      program.assigned.append(String(word.text[..<sign]))
    } else {
      program.words.append(word)
    }
  }

  private mutating func skipBlanks() {
    while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") || next == UInt8(ascii: "\r") { place += 1 }
  }

  private mutating func joint() -> ProcessCommand.Joint? {
    let joints: [(String, ProcessCommand.Joint?)] = [
      (";;", nil), ("&&", .and), ("||", .or), ("|&", .pipe), ("|", .pipe), (";", .then), ("&", .background), ("(", nil),
      (")", nil),
    ]
    for (text, joint) in joints where starts(with: text) {
      place += text.utf8.count
      if joint == nil { hasFailed = true }
      return joint ?? .then
    }
    return nil
  }

  private mutating func skipRedirection() {
    while let byte = next, [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "|")].contains(byte) {
      if starts(with: "<<") { hasFailed = true }
      place += 1
    }
    skipBlanks()
    if next == nil || next == UInt8(ascii: "(") { hasFailed = true } else { _ = word() }
  }

  private mutating func word() -> ProcessCommand.Word {
    var text: [UInt8] = []
    var isLiteral = true
    let start = place
    while let byte = next, !hasFailed {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ";"), UInt8(ascii: "&"),
        UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"):
        if byte == UInt8(ascii: "("), place > start { hasFailed = true }
        return ProcessCommand.Word(text: String(decoding: text, as: UTF8.self), isLiteral: isLiteral)
      case UInt8(ascii: "\\"): escape(into: &text)
      case UInt8(ascii: "'"):
        guard let end = bytes[(place + 1)...].firstIndex(of: byte) else {
          hasFailed = true
          continue
        }
        text += bytes[(place + 1)..<end]
        place = end + 1
      case UInt8(ascii: "\""): quoted(into: &text, &isLiteral)
      case UInt8(ascii: "$"), UInt8(ascii: "`"): variable(into: &text, &isLiteral)
      default:
        if [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "{")].contains(byte) { isLiteral = false }
        if byte == UInt8(ascii: "~"), place == start { isLiteral = false }
        text.append(byte)
        place += 1
      }
    }
    return ProcessCommand.Word(text: String(decoding: text, as: UTF8.self), isLiteral: isLiteral)
  }

  private mutating func escape(into text: inout [UInt8]) {
    place += 1
    guard let byte = next else {
      hasFailed = true
      return
    }
    text.append(byte)
    place += 1
  }

  private mutating func quoted(into text: inout [UInt8], _ isLiteral: inout Bool) {
    place += 1
    while let byte = next, !hasFailed {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        return
      case UInt8(ascii: "\\"): escape(into: &text)
      case UInt8(ascii: "$"), UInt8(ascii: "`"): variable(into: &text, &isLiteral)
      default:
        text.append(byte)
        place += 1
      }
    }
    hasFailed = true
  }

  /// Keeps `$NAME` and `${…}` as they are written; gives up on what runs a command.
  private mutating func variable(into text: inout [UInt8], _ isLiteral: inout Bool) {
    isLiteral = false
    guard next == UInt8(ascii: "$"), !starts(with: "$("), !starts(with: "$'") else {
      hasFailed = true
      return
    }
    guard starts(with: "${") else {
      text.append(UInt8(ascii: "$"))
      place += 1
      return
    }
    guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "}")),
      !bytes[place..<end].contains(UInt8(ascii: "`")), !bytes[(place + 1)..<end].contains(UInt8(ascii: "$"))
    else {
      hasFailed = true
      return
    }
    text += bytes[place...end]
    place = end + 1
  }
}
