// The words of every error, whole.
import Testing

@testable import RustBuildpack

@Suite struct ErrorWordsTests {
  @Test func everyCaseHasAnExample() {
    #expect(Set(BuildpackError.examples.map(\.caseName)).count == BuildpackError.caseCount)
  }

  @Test(arguments: BuildpackError.examples)
  func sayWhatHappenedAndWhatToDo(error: BuildpackError) {
    let words = error.words
    #expect(words.title.hasSuffix(".") && words.title.first?.isLetter == true)
    #expect(!words.advice.isEmpty && words.advice.allSatisfy { !$0.isEmpty })
    #expect(error.caseName == "usage" || words.found.last?.isPunctuation == true || words.found.contains("\n"))
    #expect(!words.text.contains("\n\n\n") && !words.text.contains("  \n") && !words.text.contains("Optional("))
    #expect(words.text.split(separator: "\n").allSatisfy { $0.count < 300 })
  }

  @Test func areExactlyThese() throws {
    let found = BuildpackError.examples.map { "== \($0.caseName)\n\($0.words.text)\n" }.joined(separator: "\n")
    let file = FilePath(#filePath).parent.parent.parent.appending("Fixtures/error-words.txt")
    // After a change of words: RECORD=1 swift test --filter areExactlyThese, and then a look at the difference.
    if Environment.ofProcess["RECORD"] != nil { try file.write(Array(found.utf8)) }
    let expected = try file.text()
    let pairs = zip(found.split(separator: "\n== "), expected.split(separator: "\n== "))
    for (left, right) in pairs { #expect(left == right) }
    #expect(found == expected)
  }
}
