import Foundation
import Testing

@testable import local_deploy

@Suite struct VariablesTests {
  @Test func aFileOfVariables() throws {
    let text = """
      # a comment
      A=1

      export B=two words
        C_3=x=y # no comment here
      D="quoted "
      E='it"s'
      F=
      G="open\r
      A=last

      """
    let variables = try EnvironmentFile.parse(text).get()
    #expect(
      variables.dictionary == [
        "A": "last", "B": "two words", "C_3": "x=y # no comment here", "D": "quoted ", "E": "it\"s", "F": "",
        "G": "\"open",
      ]
    )
  }

  @Test(arguments: [("A=1\nB\n", 2), ("\n\n=x", 3), ("A B=1", 1), ("Ä=1", 1)])
  func aMalformedLine(text: String, number: Int) {
    #expect(EnvironmentFile.parse(text) == .failure(EnvironmentFile.MalformedLine(number: number)))
  }

  @Test func aLaterSourceWins() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).env")
    try "A=file\nB=file\n".write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let a = Arguments.VariableSource.variable(Variable(name: "A", value: "word"))
    #expect(try [Variable]([.file(file.path), a]).dictionary == ["A": "word", "B": "file"])
    #expect(try [Variable]([a, .file(file.path)]).dictionary == ["A": "file", "B": "file"])
  }

  @Test func rustsOwnToolsLeavePath() {
    let machine = [
      "HOME": "/home/me", "PATH": "/home/me/.cargo/bin:/opt/cargo/bin:/usr/bin", "CARGO_HOME": "/opt/cargo",
      "RUSTFLAGS": "-g", "RUSTUP_DIST_SERVER": "file:///mirror",
    ]
    #expect(PlatformEnvironment.atRunTime(of: machine) == ["PATH": "/usr/bin"])
    #expect(
      PlatformEnvironment.atBuildTime(of: machine) == ["PATH": "/usr/bin", "RUSTUP_DIST_SERVER": "file:///mirror"]
    )
  }
}
