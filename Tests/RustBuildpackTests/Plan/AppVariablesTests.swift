// The env directory: which files become variables, and what is said of the others.
import Testing

@testable import RustBuildpack

@Suite struct AppVariablesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func skipped(_ result: AppVariables.Result) -> [String] { result.skipped.map { "\($0.name): \($0.reason)" } }

  @Test func takesValuesAsTheyAre() throws {
    let values = [
      ("PLAIN", "value"), ("_odd9", "a"), ("EMPTY", ""), ("LINES", "a\nb\n\n"), ("ONLY_LINES", "\n\n"),
      ("SPACE", " a "), ("RETURN", "a\r\n"), ("QUOTES", "'\"$x"),
    ]
    for (name, value) in values { try folder.write(value, to: name) }
    try folder["BYTES"].write([0xFF, 0x0A])
    try folder.link("LINKED", to: "PLAIN")
    let result = AppVariables.merge(Environment(), with: folder.path)
    #expect(skipped(result) == [])
    #expect(
      result.environment.values.mapValues { String(decoding: $0, as: UTF8.self) } == [
        "PLAIN": "value", "_odd9": "a", "EMPTY": "", "LINES": "a\nb", "ONLY_LINES": "", "SPACE": " a ", "RETURN": "a\r",
        "QUOTES": "'\"$x", "BYTES": "\u{FFFD}", "LINKED": "value",
      ]
    )
  }

  @Test func winsOverTheProcessExceptForDeniedNames() throws {
    for name in AppVariables.denied { try folder.write("of the app", to: name) }
    try folder.write("of the app", to: "BOTH")
    var process = Environment()
    for name in ["PATH", "GIT_DIR", "BOTH", "PROCESS"] { process[name] = "of the process" }
    let result = AppVariables.merge(process, with: folder.path)
    #expect(skipped(result) == [])
    #expect(
      result.environment.values.mapValues { String(decoding: $0, as: UTF8.self) } == [
        "PATH": "of the process", "BOTH": "of the app", "PROCESS": "of the process",
      ]
    )
  }

  @Test func saysWhatCouldNotBecomeAVariable() throws {
    for name in ["1ST", "A-B", "A.B", "A B", "É", ".hidden", "A=B"] { try folder.write("x", to: name) }
    try folder.path.appending(bytes: [0x41, 0xFF]).write([])
    try folder.write("x", to: "A\u{1B}[2J\n")
    try folder.write("x", to: String(repeating: "-", count: 200))
    try folder.makeFolder("FOLDER")
    try folder.fifo("FIFO")
    try folder.link("NOWHERE", to: "missing")
    try folder["NUL"].write([0x61, 0, 0x62])
    try folder.write(String(repeating: "x", count: AppVariables.longestValue), to: "LONGEST")
    try folder.write(String(repeating: "x", count: AppVariables.longestValue + 1), to: "TOO_LONG")
    let result = AppVariables.merge(Environment(), with: folder.path)
    #expect(result.environment.values.keys.sorted() == ["LONGEST"])
    #expect(
      skipped(result) == [
        "\(String(repeating: "-", count: 80)): not a variable's name",
        ".hidden: not a variable's name",
        "1ST: not a variable's name",
        "A?[2J?: not a variable's name",
        "A B: not a variable's name",
        "A-B: not a variable's name",
        "A.B: not a variable's name",
        "A=B: not a variable's name",
        "A\u{FFFD}: not a variable's name",
        "FIFO: not a regular file",
        "FOLDER: not a regular file",
        "NOWHERE: not a regular file",
        "NUL: holds a NUL byte",
        "TOO_LONG: can't be read, or is longer than a variable may be",
        "É: not a variable's name",
      ]
    )
  }

  @Test func saysWhatCannotBeRead() async {
    await #expect(processExitsWith: .success) {
      becomeOrdinaryUser()
      let folder = try TemporaryFolder()
      try folder.write("x", to: "SECRET", permissions: 0)
      let skipped = AppVariables.merge(Environment(), with: folder.path).skipped
      guard skipped.map(\.name) == ["SECRET"], skipped[0].reason.hasPrefix("can't be read") else { exitProcess(1) }
    }
  }

  @Test func aMissingDirectoryIsEmptyAndAFileIsNone() throws {
    #expect(skipped(AppVariables.merge(Environment(), with: nil)) == [])
    #expect(skipped(AppVariables.merge(Environment(), with: folder["missing"])) == [])
    let file = try folder.write("", to: "file")
    #expect(
      skipped(AppVariables.merge(Environment(), with: file)) == ["\(file): the directory can't be listed"]
    )
  }
}
