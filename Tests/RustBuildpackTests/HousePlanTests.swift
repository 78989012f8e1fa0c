import Foundation
import Testing

/// The rules of CONTRIBUTING's house plan, held by what the sources say.
@Suite struct HousePlanTests {
  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// One Swift file, read line by line.
  private struct SourceFile {
    let path: String
    let lines: [Substring]

    /// The modules that it imports, whatever stands before the word.
    var imports: [String] {
      lines.compactMap { line in
        line.firstMatch(
          of:
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:\w+\s+)?(\w+)/
        )
        .map { String($0.1) }
      }
    }

    /// The types that it declares at its top level: those are not indented.
    var types: [String] {
      lines.compactMap { line in
        line.firstMatch(of: /^(?:\w+(?:\(\w+\))? )*(?:struct|enum|class|actor|protocol|typealias) (\w+)/).map {
          String($0.1)
        }
      }
    }

    /// The words of its code that can name a type; comments and text in quotes are no code.
    var words: Set<String> {
      var found: Set<String> = []
      for line in lines {
        let code = line.prefix(upTo: line.range(of: "//")?.lowerBound ?? line.endIndex)
          .replacing(/"(?:[^"\\]|\\.)*"/, with: "")
        found.formUnion(code.matches(of: /\b[A-Z]\w*/).map { String($0.0) })
      }
      return found
    }
  }

  private static func files(in folder: String) throws -> [SourceFile] {
    let root = "\(checkout)/\(folder)"
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }
    try #require(!paths.isEmpty, "\(folder) has Swift files")
    return try paths.sorted().map { path in
      let text = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
      return SourceFile(
        path: "\(folder)/\(path)",
        lines: text.split(separator: "\n", omittingEmptySubsequences: false)
      )
    }
  }

  @Test func theLibraryImportsNothingButGlibcInSystem() throws {
    var importers = 0
    for file in try Self.files(in: "Sources/RustBuildpack") {
      let allowed = file.path.hasPrefix("Sources/RustBuildpack/System/") ? ["Glibc"] : []
      for module in file.imports {
        importers += 1
        #expect(allowed.contains(module), "\(file.path) imports \(module)")
      }
    }
    #expect(importers > 5, "imports are found at all")
  }

  @Test(arguments: ["compile", "detect", "release"])
  func theExecutablesImportTheLibraryAlone(name: String) throws {
    for file in try Self.files(in: "Sources/\(name)") {
      #expect(file.imports == ["RustBuildpack"], "\(file.path)")
      #expect(file.lines.count < 10, "\(file.path) is a few lines")
    }
  }

  /// The rooms of the library, each with those that it may know.
  private static let rooms: [(name: String, mayKnow: [String])] = [
    ("System", []),
    ("Formats", []),
    ("Output", ["System", "Formats"]),
    ("Plan", ["System", "Formats", "Output"]),
    ("Toolchain", ["System", "Formats", "Output", "Plan"]),
    ("Freshness", ["System", "Formats", "Output", "Plan", "Toolchain"]),
    ("Cache", ["System", "Formats", "Output", "Plan", "Toolchain", "Freshness"]),
    ("Build", ["System", "Formats", "Output", "Plan", "Toolchain", "Freshness", "Cache"]),
    ("Launch", ["System", "Formats", "Output", "Plan", "Toolchain", "Freshness", "Cache", "Build"]),
    (
      "Phases",
      ["System", "Formats", "Output", "Plan", "Toolchain", "Freshness", "Cache", "Build", "Launch"]
    ),
  ]

  @Test func thePlanNamesEveryRoom() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: "\(Self.checkout)/Sources/RustBuildpack")
    #expect(folders.sorted() == Self.rooms.map(\.name).sorted())
  }

  @Test(arguments: rooms.map(\.name))
  func noRoomKnowsALaterOne(name: String) throws {
    let room = try #require(Self.rooms.first { $0.name == name })
    let own = try Self.files(in: "Sources/RustBuildpack/\(name)")
    let ownTypes = Set(own.flatMap(\.types))
    for other in Self.rooms where other.name != name && !room.mayKnow.contains(other.name) {
      let types = Set(try Self.files(in: "Sources/RustBuildpack/\(other.name)").flatMap(\.types))
      #expect(!types.isEmpty, "\(other.name) declares types")
      for file in own {
        let known = file.words.intersection(types).subtracting(ownTypes)
        #expect(known.isEmpty, "\(file.path) knows \(known.sorted().joined(separator: ", ")) of \(other.name)")
      }
    }
  }

  @Test func noFileIsLongerThan300Lines() throws {
    for file in try Self.files(in: "Sources") + Self.files(in: "Tests") {
      #expect(file.lines.count <= 301, "\(file.path) has \(file.lines.count - 1) lines")
    }
  }
}
