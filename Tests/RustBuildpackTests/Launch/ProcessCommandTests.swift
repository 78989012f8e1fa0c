// Commands of processes, read without running them.
import Testing

@testable import RustBuildpack

@Suite struct ProcessCommandTests {
  private func shown(_ text: String) -> String? {
    guard let command = ProcessCommand(text) else { return nil }
    return command.programs.map { program in
      let words = program.words.map { $0.isLiteral ? $0.text : "<\($0.text)>" }.joined(separator: "|")
      return words + (program.joint.map { " \($0)" } ?? "")
    }.joined(separator: " / ")
  }

  @Test(
    arguments: [
      ("bin/web", "bin/web"),
      ("  A=1 B=\"two words\" exec bin/web --port=$PORT  ", "exec|bin/web|<--port=$PORT>"),
      ("bin/web --log 'a b' \"c $D\" e\\ f", "bin/web|--log|a b|<c $D>|e f"),
      ("a && b || c; d | e & f", "a and / b or / c then / d pipe / e background / f"),
      ("a 2>&1 >/dev/null < in && b &> out", "a and / b"),
      ("a ${PORT:-80} # a comment; not a command", "a|<${PORT:-80}>"),
      ("a *.txt ~/x {b,c}", "a|<*.txt>|<~/x>|<{b,c}>"),
      ("a 2 > x", "a|2"),
      ("\"bin/web --all\"", "bin/web|--all"),
      ("'bin/web'", "bin/web"),
      ("[ -f x ] && a", "[|-f|x|] and / a"),
      ("a &", "a background"),
      ("A=1", ""),
    ] as [(String, String)]
  )
  func areDividedAsTheShellDivides(text: String, expected: String) {
    #expect(shown(text) == expected)
  }

  @Test(arguments: [
    "a $(b)", "a `b`", "(a; b)", "{ a; }", "if a; then b; fi", "while true; do a; done", "a <<X",
    "a > >(b)", "a && && b", "a 'b", "a \"b", "a \\", "f() { a; }", "! a", "time a", "case a in b) c;; esac",
    "a \"$(b)\"", "a ${B:-`c`}",
    "a >", "| a", "a ;; b", "a $'b'",
  ])
  func areNotGuessed(text: String) {
    #expect(shown(text) == nil)
  }

  @Test(arguments: [
    ("exec bin/web x", "bin/web x"), ("env A=1 bin/web", "bin/web"), ("nohup bin/web", "bin/web"),
    ("env -i bin/web", ""), ("exec -a x bin/web", ""), ("A=1 bin/web", "bin/web"),
    ("timeout 5 bin/web", "timeout 5 bin/web"),
  ])
  func nameTheirProgram(text: String, expected: String) throws {
    let program = try #require(ProcessCommand(text)?.programs.first)
    #expect(program.invocation.map { $0.text }.joined(separator: " ") == expected)
  }

  @Test func anyBytesAreRead() {
    var generator = SystemRandomNumberGenerator()
    let characters = Array(" ab'\"\\$(){}`;&|<>#=2*~\té")
    for _ in 0..<5_000 {
      _ = ProcessCommand(String((0..<20).map { _ in characters.randomElement(using: &generator) ?? " " }))
    }
  }
}
