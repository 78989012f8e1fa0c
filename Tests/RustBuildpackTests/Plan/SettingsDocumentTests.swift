import Foundation
import Testing

@testable import RustBuildpack

/// The page of settings says what the table in the source says.
@Suite struct SettingsDocumentTests {
  private static func document(_ name: String) throws -> String {
    let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: top.appendingPathComponent("docs/\(name)"), encoding: .utf8)
  }

  @Test func thePageHasTheTableOfTheSource() throws {
    let rows = Settings.definitions.map { definition in
      let names = [definition.variable, definition.key].map { $0.map { "`\($0)`" } ?? "–" }
      return "| \(names.joined(separator: " | ")) | \(definition.meaning) | \(definition.fallback) |"
    }
    let lines = try Self.document("settings.md").split(separator: "\n").map(String.init)
    #expect(lines.filter { $0.hasPrefix("| `") || $0.hasPrefix("| –") } == rows)
  }

  @Test(arguments: ["settings.md", "workspaces.md", "migrations.md", "private-dependencies.md", "from-emk.md"])
  func everySettingThatAPageNamesExists(page: String) throws {
    let known = Settings.definitions.compactMap(\.variable) + ["RUST_INSTALL_DIESEL"]
    let words = try Self.document(page).split { !$0.isLetter && $0 != "_" }.map(String.init)
    let unknown = words.filter { $0.hasPrefix("RUST_INSTALL_") && !known.contains($0) }
    #expect(unknown == [])
  }

  @Test(arguments: ["settings.md", "workspaces.md", "migrations.md"])
  func everyExampleOfAPageIsUnderstood(page: String) throws {
    let blocks = try Self.document(page).components(separatedBy: "```toml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    #expect(!blocks.isEmpty)
    for block in blocks {
      let document = try TOML.parse(Array(block.utf8))
      let section = document["package"]?["metadata"]?["scalingo"] ?? document["workspace"]?["metadata"]?["scalingo"]
      let settings = try Settings(Environment(), [(section, page)])
      #expect(!settings.summary.isEmpty && settings.unknownKeys.isEmpty)
    }
  }
}
