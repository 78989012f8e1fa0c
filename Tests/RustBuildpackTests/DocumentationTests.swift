import Foundation
import RustBuildpack
import Testing

/// What the documents promise, compared with the code.
@Suite struct DocumentationTests {
  private func document(_ name: String) throws -> String {
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    return try String(contentsOfFile: "\(checkout)/\(name)", encoding: .utf8)
  }

  /// The rows of the first table below a heading, without its two head rows.
  private func rows(below heading: String, in text: String) throws -> [String] {
    let start = try #require("\n\(text)".range(of: "\n\(heading)\n"), "the heading \"\(heading)\"")
    let section = "\n\(text)"[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { !$0.hasPrefix("## ") }
    return section.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.dropFirst(2).map(String.init)
  }

  @Test(arguments: [("README.md", "## Settings"), ("docs/settings.md", "# Settings")])
  func theSettingsInTheDocumentsAreThoseThatCount(name: String, heading: String) throws {
    func code(_ name: String?) -> String { name.map { "`\($0)`" } ?? "–" }
    let expected = Settings.definitions.map {
      "| \(code($0.variable)) | \(code($0.key)) | \($0.meaning) | \($0.fallback) |"
    }
    #expect(try rows(below: heading, in: document(name)) == expected)
  }

  @Test(arguments: ["swift run local-deploy --once Examples/hello-web", "swift test"])
  func readmeHasTheCommand(command: String) throws {
    #expect(try document("README.md").split(separator: "\n").contains { $0 == command })
  }

  @Test func theChangelogKnowsTheVersion() throws {
    let headings = try document("CHANGELOG.md").split(separator: "\n").filter { $0.hasPrefix("## [") }
    #expect(headings.contains { $0.hasPrefix("## [\(buildpackVersion)]") }, "\(headings)")
    #expect(buildpackVersion.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?/) != nil)
  }

  @Test(
    arguments: ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "Benchmarks/README.md"]
      + ["axum-actix-rocket", "from-emk", "migrations", "other-buildpacks", "private-dependencies", "settings"]
      .map { "docs/\($0).md" } + ["docs/workspaces.md", "docs/when-it-fails.md"]
  )
  func linksToFilesLeadSomewhere(name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(name).deletingLastPathComponent().path
    for match in try document(name).matches(of: /\]\(([^)#:]+)(?:#[^)]*)?\)/) {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(match.1)"), "\(name) links to \(match.1)")
    }
  }
}
