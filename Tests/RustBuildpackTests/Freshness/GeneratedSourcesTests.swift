// What the app's script and cargo's build scripts write among the sources, and what macros may have read of them.
import Testing

@testable import RustBuildpack

@Suite struct GeneratedSourcesTests {
  let lab: SourceLab

  init() throws {
    lab = try SourceLab()
    try lab.writeApp()
  }

  // MARK: The app's script

  @Test func whatAScriptWritesAgainIsNoChange() throws {
    let script = {
      try lab.write("src/generated.rs", "generated")
      try lab.write("src/a.rs", "made of a template")
    }
    #expect(try lab.deploy(script: script).files == 9)
    for _ in 2...3 {
      try lab.remove("src/generated.rs")
      try lab.write("src/a.rs", "aaaa")
      try lab.move()
      #expect(try lab.deploy(script: script).isNone)
      #expect(try lab.entries(numbered: 1).count == 22)
    }
  }

  @Test func whatAScriptWritesOtherwiseIsAChange() throws {
    try lab.deploy { try lab.write("src/generated.rs", "1") }
    try lab.deploy { try lab.write("src/generated.rs", "2") }
    #expect(try lab.entries(numbered: 2) == ["src/generated.rs"])
    try lab.deploy { try lab.remove("src/generated.rs") }
    #expect(try lab.entries(numbered: 3) == ["src", "Cargo.toml"])
  }

  @Test func aScriptThatKeepsTimesIsNoticed() throws {
    try lab.write("src/first.rs", "first")
    try lab.write("src/other.rs", "other")
    // As `cp -p` and `mv` do: the content is another one, and the time that of a source of the same deployment.
    func choose(_ name: String) throws {
      let status = try lab.path(name).status()
      try lab.path(name).copy(to: lab.path("src/chosen.rs"))
      try lab.path("src/chosen.rs").setModified(try #require(status).modified)
    }
    try lab.write("src/chosen.rs", "?????")
    try lab.deploy { try choose("src/first.rs") }
    try lab.write("src/chosen.rs", "?????")
    try lab.deploy { try choose("src/first.rs") }
    #expect(try lab.numbers()["src/chosen.rs"] == 1)
    try lab.write("src/chosen.rs", "?????")
    try lab.deploy { try choose("src/other.rs") }
    #expect(try lab.entries(numbered: 3) == ["src/chosen.rs"])
  }

  @Test func aScriptThatIsGoneLeavesWhatWasBuiltBehind() throws {
    try lab.deploy { try lab.write("src/a.rs", "from the script") }
    try lab.write("src/a.rs", "aaaa")
    #expect(try !lab.deploy().isNone)
    #expect(try lab.entries(numbered: 2) == ["src/a.rs"], "the last build read what the script had written")
    #expect(try lab.deploy().isNone)
  }

  // MARK: Build scripts

  @Test func writtenFilesAreNoted() throws {
    try lab.deploy(build: {
      try lab.write("src/new.rs", "new")
      try lab.write("src/b.rs", "over a committed one")
      try lab.write("src/more/deep.rs", "deep")
      try lab.write("bin/app", "cargo installs here")
      try lab.write("target/release/app", "a target directory")
    })
    let written = try #require(lab.record).written
    #expect(written.map { $0.path } == ["src/more/deep.rs", "src/new.rs", "src/b.rs"])
    #expect(written[1].digest == BLAKE2b.hash(Array("new".utf8)).hex)
  }

  @Test func nothingWrittenIsNothing() throws {
    try lab.deploy()
    #expect(try #require(lab.record).written.isEmpty)
  }

  /// How a file that a build script wrote over a committed one comes back, and whether the script runs again.
  @Test(
    arguments: [
      ("as it was written", "generated", false), ("as it was committed", "bbbb", true), ("otherwise", "edited", true),
      ("not at all", nil, true),
    ] as [(String, String?, Bool)]
  )
  func aWrittenFileThatDiffersMakesBuildScriptsRun(name: String, content: String?, runs: Bool) throws {
    try lab.write("build.rs", "build")
    try lab.deploy(buildScripts: ["build.rs"], build: { try lab.write("src/b.rs", "generated") })
    if let content { try lab.write("src/b.rs", content) } else { try lab.remove("src/b.rs") }
    let changes = try lab.deploy(buildScripts: ["build.rs"])
    #expect(try lab.numbers()["build.rs"] == (runs ? 2 : 1))
    #expect(!changes.isNone)
  }

  @Test func isAsItWasComparesContent() throws {
    let scan = try SourceScan(lab.sources, excluding: lab.cache, previous: nil)
    func isAsItWas(_ path: FilePath, _ text: String) -> Bool {
      SourceRecord.Written(path: path, digest: BLAKE2b.hash(Array(text.utf8)).hex).isAsItWas(in: scan.entries)
    }
    #expect(isAsItWas("src/a.rs", "aaaa"))
    #expect(!isAsItWas("src/a.rs", "AAAA"))
    #expect(!isAsItWas("src/missing.rs", "aaaa"))
    #expect(!isAsItWas("src", "aaaa"))
  }

  // MARK: Macros

  private func reader(_ package: String, _ roots: [FilePath], files: Set<FilePath>) -> SourceRecord.Reader {
    SourceRecord.Reader(
      package: package,
      roots: roots,
      files: files,
      folders: [],
      readsManifestsAlone: false
    )
  }

  @Test func anUndeclaredFileMakesReadersChanged() throws {
    let readers = [
      reader("app", ["src/a.rs"], files: ["src/a.rs", "src/b.rs"]),
      reader("p", ["p/src/lib.rs"], files: ["p/src/lib.rs", "data/y.txt"]),
    ]
    try lab.deploy(readers: readers)
    #expect(try lab.deploy(readers: readers).isNone)
    try lab.write("data/y.txt", "changed")
    let changes = try lab.deploy(readers: readers)
    #expect(try lab.entries(numbered: 3) == ["data/y.txt", "src/a.rs"])
    #expect(changes.macroPackages == ["app"])
    #expect(changes.macroFile == "data/y.txt")
    #expect(changes.changedFiles == 1)
    try lab.remove("data/deep/x.txt")
    #expect(try lab.deploy(readers: readers).macroPackages == ["app", "p"], "a removed file counts")
    try lab.link("data/new", to: "y.txt")
    #expect(try lab.deploy(readers: readers).macroPackages == ["app", "p"], "a new link counts")
    try lab.path("data").appending("folder").makeDirectories()
    #expect(try lab.deploy(readers: readers).macroPackages.isEmpty, "an empty folder holds nothing to read")
  }

  @Test func withoutARecordNoMacroIsTheReason() throws {
    let changes = try lab.deploy(readers: [reader("app", ["src/a.rs"], files: [])])
    #expect(changes.macroPackages.isEmpty && changes.macroFile == nil)
  }

  private static let foreign: [(name: String, path: FilePath, knows: Bool, manifestsAlone: Bool)] = [
    ("a declared file", "src/main.rs", true, false), ("a foreign crate's source", "other/src/lib.rs", true, false),
    ("a file below a watched folder", "assets/css/a.css", true, false),
    ("the watched folder itself", "assets", true, false),
    ("a folder with a longer name", "assets2/a.css", false, false), ("any other file", "README.md", false, false),
    ("its own manifest", "Cargo.toml", false, false), ("any other file", "README.md", true, true),
    ("its own manifest", "Cargo.toml", false, true), ("another package's manifest", "p/Cargo.toml", false, true),
  ]

  @Test(arguments: foreign)
  func aReaderKnowsWhatItDeclared(name: String, path: FilePath, knows: Bool, manifestsAlone: Bool) {
    let reader = SourceRecord.Reader(
      package: "app",
      roots: ["src/main.rs"],
      files: ["src/main.rs", "templates/a.html", "other/src/lib.rs"],
      folders: ["assets"],
      readsManifestsAlone: manifestsAlone
    )
    #expect(reader.knows(path) == knows)
  }

  @Test func aPackageAtTheTopThatWatchesAllKnowsAll() {
    let reader = SourceRecord.Reader(
      package: "app",
      roots: [],
      files: [],
      folders: [""],
      readsManifestsAlone: false
    )
    #expect(reader.knows("anything/at/all"))
  }
}
