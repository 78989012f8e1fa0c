// Which packages of an app expand a macro that may read files.
import Testing

@testable import RustBuildpack

@Suite struct MacroReadersTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A lock file's package: "app", "serde 1.0.0 registry+x".
  private func package(_ text: String, _ dependencies: String...) -> String {
    let words = text.split(separator: " ").map { String($0) }
    var lines = ["[[package]]", "name = \"\(words[0])\"", "version = \"\(words.count > 1 ? words[1] : "0.1.0")\""]
    if words.count > 2 { lines.append("source = \"\(words[2])\"") }
    let list = dependencies.map { "\"\($0)\"" }.joined(separator: ", ")
    return (lines + ["dependencies = [\(list)]"]).joined(separator: "\n") + "\n"
  }

  private func lock(_ packages: String...) throws -> LockFile {
    try #require(LockFile(Array(packages.joined(separator: "\n").utf8)))
  }

  private func own(_ name: String, isMacro: Bool = false) -> MacroReaders.Package {
    MacroReaders.Package(name: name, folder: FilePath(name), roots: [FilePath("\(name)/src/lib.rs")], isMacro: isMacro)
  }

  private func readers(
    _ locks: [LockFile],
    known: Set<String> = [],
    own packages: [MacroReaders.Package]
  ) -> [SourceRecord.Reader] {
    MacroReaders(lockFiles: locks, cargoHome: folder.path, knownMacros: known, own: packages)
      .readers(among: packages, DeclaredInputs { $0 })
  }

  private func names(_ readers: [SourceRecord.Reader]) -> [String] {
    readers.map { $0.readsManifestsAlone ? "\($0.package) (manifests)" : $0.package }
  }

  private func fetch(_ name: String, _ manifest: String) throws {
    try folder.write(manifest, to: "registry/src/index.crates.io-1/\(name)/Cargo.toml")
  }

  // MARK: Who depends on a macro

  @Test func macrosReachThroughCratesThatHandThemOn() throws {
    let lock = try lock(
      package("app", "middle"),
      package("plain", "leaf"),
      package("middle 1.0.0 registry+x", "inner"),
      package("inner 2.0.0 registry+x", "templates_derive"),
      package("templates_derive 0.3.0 registry+x"),
      package("leaf 1.0.0 registry+x")
    )
    let packages = [own("app"), own("plain")]
    #expect(names(readers([lock], known: ["templates_derive 0.3.0"], own: packages)) == ["app"])
    #expect(readers([lock], own: packages).isEmpty, "a crate that is no macro")
    #expect(readers([lock], known: ["templates_derive 0.4.0"], own: packages).isEmpty, "another version's message")
  }

  @Test func cyclesOfDependenciesEnd() throws {
    // Development dependencies may go around.
    let lock = try lock(package("app", "a"), package("a 1.0.0 registry+x", "b"), package("b 1.0.0 registry+x", "a"))
    #expect(readers([lock], known: ["c 1.0.0"], own: [own("app")]).isEmpty)
  }

  @Test func theAppsOwnMacrosMayRead() throws {
    let lock = try lock(package("app", "own-macros"), package("own-macros"), package("other"))
    let packages = [own("app"), own("own-macros", isMacro: true), own("other")]
    #expect(names(readers([lock], own: packages)) == ["app"])
    let noMacros = [own("app"), own("own-macros"), own("other")]
    #expect(readers([lock], own: noMacros).isEmpty)
  }

  @Test func twoVersionsAreTold() throws {
    let lock = try lock(
      package("app", "m 1.0.0"),
      package("web", "m 2.0.0"),
      package("m 1.0.0 registry+x"),
      package("m 2.0.0 registry+x")
    )
    #expect(names(readers([lock], known: ["m 2.0.0"], own: [own("app"), own("web")])) == ["web"])
  }

  @Test func everyLockFileCounts() throws {
    let first = try lock(package("app"))
    let second = try lock(package("tool", "m"), package("m 1.0.0 registry+x"))
    #expect(names(readers([first, second], known: ["m 1.0.0"], own: [own("app"), own("tool")])) == ["tool"])
    #expect(readers([], known: ["m 1.0.0"], own: [own("app")]).isEmpty)
  }

  // MARK: What is a macro

  private static let macros: [(name: String, package: String, expected: [String])] = [
    ("one that reads nothing", "serde_derive 1.0.0 registry+x", []),
    ("one that reads surroundings", "diesel_derives 2.0.0 registry+x", []),
    ("one that reads manifests", "clap_derive 4.0.0 registry+x", ["app (manifests)"]),
    ("one that is not in the tables", "include_dir_macros 0.7.0 registry+x", ["app"]),
    ("one of the name of a table's row, from git", "serde_derive 1.0.0 git+https://e/x#1", []),
    ("one from git", "templates 1.0.0 git+https://e/x?branch=main#1", ["app"]),
  ]

  @Test(arguments: macros) func tablesSettleWhatReads(name: String, text: String, expected: [String]) throws {
    let words = text.split(separator: " ")
    let lock = try lock(package("app", "\(words[0])"), package(text))
    #expect(names(readers([lock], known: ["\(words[0]) \(words[1])"], own: [own("app")])) == expected)
  }

  @Test func bothKindsAreTheStricterOne() throws {
    let lock = try lock(
      package("app", "clap_derive", "m"),
      package("clap_derive 4.0.0 registry+x"),
      package("m 1.0.0 registry+x")
    )
    #expect(names(readers([lock], known: ["clap_derive 4.0.0", "m 1.0.0"], own: [own("app")])) == ["app"])
  }

  @Test func fetchedSourcesTellMacros() throws {
    let lock = try lock(
      package("app", "m"),
      package("web", "n"),
      package("m 1.0.0 registry+x"),
      package("n 1.0.0 registry+x")
    )
    let packages = [own("app"), own("web")]
    #expect(readers([lock], own: packages).isEmpty, "what was not fetched is not used")
    try fetch("m-1.0.0", "[package]\nname = \"m\"\n[lib]\nproc-macro = true\n")
    try fetch("n-1.0.0", "[package]\nname = \"n\"\n[lib]\npath = \"proc-macro = true\"\n")
    #expect(names(readers([lock], own: packages)) == ["app"])
  }

  // MARK: What a reader knows

  @Test func readersKnowWhatIsDeclared() throws {
    let lock = try lock(package("app", "m"), package("other"), package("m 1.0.0 registry+x"))
    try folder.write("/t/a.d: app/src/lib.rs app/t.html\n", to: "target/release/deps/app-0123456789abcdef.d")
    try folder.write(
      "/t/o.d: other/src/lib.rs other/o.txt app/shared.txt\n",
      to: "target/release/deps/other-0123456789abcdef.d"
    )
    try folder.write("cargo:rerun-if-changed=assets\n", to: "target/release/build/app-0123456789abcdef/output")
    try folder.write(
      "cargo:rerun-if-changed=watched\ncargo:rerun-if-changed=../app/css\n",
      to: "target/release/build/other-0123456789abcdee/output"
    )
    var inputs = DeclaredInputs { FilePath(bytes: $0.bytes.dropFirst(6)) }
    try inputs.read(folder["target"], base: "/link/")
    let packages = [own("app"), own("other")]
    let readers = MacroReaders(lockFiles: [lock], cargoHome: folder.path, knownMacros: ["m 1.0.0"], own: packages)
      .readers(among: packages, inputs)
    #expect(
      readers == [
        SourceRecord.Reader(
          package: "app",
          roots: ["app/src/lib.rs"],
          files: ["app/src/lib.rs", "app/t.html", "other/src/lib.rs", "other/o.txt"],
          folders: ["app/assets", "other/watched"],
          readsManifestsAlone: false
        )
      ]
    )
  }

  @Test func aPackageAtTheTopOwnsNothingOfTheOthers() throws {
    let lock = try lock(package("app", "m"), package("p", "m"), package("m 1.0.0 registry+x"))
    try folder.write("/t/a.d: src/lib.rs p/t.html\n", to: "target/release/deps/app-0123456789abcdef.d")
    try folder.write("", to: "target/release/build/app-0123456789abcdef/output")
    var inputs = DeclaredInputs { FilePath(bytes: $0.bytes.dropFirst(6)) }
    try inputs.read(folder["target"], base: "/link/")
    let packages = [MacroReaders.Package(name: "app", folder: "", roots: ["src/lib.rs"], isMacro: false), own("p")]
    let readers = MacroReaders(lockFiles: [lock], cargoHome: folder.path, knownMacros: ["m 1.0.0"], own: packages)
      .readers(among: packages, inputs)
    #expect(readers.map { $0.files } == [["src/lib.rs", "p/t.html"], ["src/lib.rs"]])
    #expect(readers.map { $0.folders } == [[""], []])
  }

  // MARK: The tables

  @Test func tablesAreSortedAndApart() throws {
    let tables = [MacroCrates.readNothing, MacroCrates.readManifest, MacroCrates.readSurroundings]
    for (index, table) in tables.enumerated() {
      for other in tables[(index + 1)...] { #expect(table.isDisjoint(with: other)) }
      #expect(
        table.allSatisfy {
          !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        }
      )
    }
    let text = try FilePath(#filePath).parent.parent.parent.parent
      .appending("Sources/RustBuildpack/Freshness/MacroCrates.swift").text()
    let lists = text.split(separator: "Set<String> = [").dropFirst().map { part in
      part.prefix { $0 != "]" }.split(separator: "\"").filter { !$0.contains(",") && !$0.contains("\n") }
    }
    #expect(lists.count == 3)
    for list in lists {
      #expect(list.count > 5)
      #expect(zip(list, list.dropFirst()).allSatisfy { $0 < $1 }, "sorted, each once")
    }
    #expect(lists.map { Set($0.map { String($0) }) } == tables)
  }

  @Test func whatIsKnownToReadIsInNoTable() {
    for name in [
      "sqlx-macros", "include_dir_macros", "askama_derive", "rust-embed-impl", "refinery-macros", "diesel_migrations",
      "migrations_macros", "pest_derive", "graphql_client_codegen", "i18n-embed-fl", "rust-i18n-macro",
    ] {
      #expect(!MacroCrates.readNoFile(name) && !MacroCrates.readManifest.contains(name), "\(name)")
    }
  }
}
