// docs/when-it-fails.md, whose last part is the table of hints.
import Testing

@testable import RustBuildpack

@Suite struct HintPageTests {
  private static let groups: [(title: String, rows: [HintRow])] = [
    ("The machine", HintRow.machine),
    ("What is different on the platform", HintRow.stacks),
    ("Programs", HintRow.tools),
    ("Libraries", HintRow.libraries),
    ("The linker", HintRow.linker),
    ("The compiler", HintRow.compiler + HintRow.warnings),
    ("Cargo.lock", HintRow.lockFile),
    ("Dependencies", HintRow.dependencies),
    ("Manifests and workspaces", HintRow.manifests),
    ("Settings and configuration", HintRow.configuration),
    ("rustup", HintRow.rustup),
    ("git and registries", HintRow.git),
    ("The network", HintRow.network),
    ("Build scripts", HintRow.general),
  ]

  /// What a tool says, as code: gaps are "…", and a line break is a space.
  private func code(_ pattern: String) -> String {
    let text = withGaps(pattern, filling: { _ in "…" }).split(separator: "\n").joined(separator: " ")
    let words = text.split { $0 == " " }.joined(separator: " ").replacing("|", with: "\\|")
    return words.contains("`") ? "`` \(words) ``" : "`\(words)`"
  }

  /// The log's own words for a page.
  private func prose(_ text: String) -> String {
    let known: [Substring: String] = ["credential": "GIT_CRED__HTTPS__HOST"]
    return withGaps(text, filling: { known[$0] ?? "*\($0)*" }).replacing("<", with: "&lt;").replacing("|", with: "\\|")
  }

  private func withGaps(_ text: String, filling: (Substring) -> String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      let name = rest[rest.index(after: start)..<end]
      if name.allSatisfy({ ("a"..."z").contains($0) }) {
        result += rest[..<start] + filling(name)
      } else {
        result += rest[...end]
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private func section(_ title: String, _ rows: [HintRow]) -> String {
    let lines = rows.map { row in
      let messages = row.any.map { code($0) }.joined(separator: "<br>")
      let advice = row.advice.map { prose($0) }
      let steps =
        advice.count == 1
        ? advice[0] : advice.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "<br>")
      return "| \(messages) | \(prose(row.cause)) | \(steps) |\n"
    }
    return "### \(title)\n\n| The tool says | Why | What to do |\n| --- | --- | --- |\n\(lines.joined())"
  }

  @Test func everyHintIsOnThePage() throws {
    let ids = Self.groups.flatMap { $0.rows }.map { $0.id }
    #expect(Set(ids) == Set(HintRow.table.map { $0.id }) && ids.count == HintRow.table.count)
    let file = FilePath(#filePath).parent.parent.parent.parent.appending("docs/when-it-fails.md")
    let page = try file.text()
    let heading = "\n## What tools say\n\n"
    let end = try #require(page.firstRange(of: heading)?.upperBound)
    let expected = page[..<end] + Self.groups.map { section($0.title, $0.rows) }.joined(separator: "\n")
    // After a change of hints: RECORD=1 swift test --filter everyHintIsOnThePage, and then a look at the difference.
    if Environment.ofProcess["RECORD"] != nil { try file.write(Array(expected.utf8)) }
    #expect(try file.text() == expected)
  }
}
