// What an edit between two deployments does to the numbers of the sources.
import Glibc
import Testing

@testable import RustBuildpack

/// One edit between two deployments, and what gets the second one's number.
private struct Edit: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let changed: Set<String>
  let edit: @Sendable (SourceLab) throws -> Void

  init(_ name: String, _ changed: Set<String>, _ edit: @escaping @Sendable (SourceLab) throws -> Void) {
    testDescription = name
    self.changed = changed
    self.edit = edit
  }
}

/// Everything in the folder that a link leads to, and more.
private func dataAnd(_ more: String...) -> Set<String> {
  Set(more + ["data", "data/deep", "data/deep/x.txt", "data/y.txt"])
}

private let edits = [
  Edit("nothing", []) { _ in },
  Edit("the same content written again", []) { try $0.write("src/a.rs", "aaaa") },
  Edit("content of the same size", ["src/a.rs"]) { try $0.write("src/a.rs", "AAAA") },
  Edit("two files of one size swapped", ["src/a.rs", "src/b.rs"]) {
    try $0.write("src/a.rs", "bbbb")
    try $0.write("src/b.rs", "aaaa")
  },
  Edit("a file added", ["src", "src/c.rs"]) { try $0.write("src/c.rs", "c") },
  Edit("a file removed", ["data/deep", "Cargo.toml"]) { try $0.remove("data/deep/x.txt") },
  Edit("a file removed from a package", ["p/src", "p/Cargo.toml"]) { try $0.remove("p/src/lib.rs") },
  Edit("a folder removed", ["data", "Cargo.toml"]) { try $0.remove("data/deep") },
  Edit("a file renamed", ["src", "src/c.rs", "Cargo.toml"]) {
    try $0.remove("src/b.rs")
    try $0.write("src/c.rs", "bbbb")
  },
  Edit("a package's manifest removed", ["p", "Cargo.toml"]) { try $0.remove("p/Cargo.toml") },
  Edit("a link retargeted", ["link", "src/a.rs", "src/b.rs"]) { try $0.link("link", to: "src/b.rs") },
  Edit("a link to a link retargeted", ["chain", "src/a.rs", "src/b.rs"]) { try $0.link("chain", to: "src/b.rs") },
  Edit("a folder's link retargeted", dataAnd("folder", "src", "src/a.rs", "src/b.rs")) {
    try $0.link("folder", to: "src")
  },
  Edit("a link removed", [".", "src/a.rs", "Cargo.toml"]) { try $0.remove("link") },
  Edit("a folder's link retargeted to a folder with a link", dataAnd("folder", "more", "more/l", "src/a.rs", ".")) {
    try $0.link("more/l", to: "../src/a.rs")
    try $0.link("folder", to: "more")
  },
  Edit("a link retargeted to nowhere", ["link", "src/a.rs"]) { try $0.link("link", to: "nowhere") },
  Edit("a link replaced by a file", [".", "link", "src/a.rs", "Cargo.toml"]) { try $0.write("link", "aaaa") },
  Edit("a file replaced by a link", ["src", "src/b.rs", "src/a.rs", "Cargo.toml"]) {
    try $0.link("src/b.rs", to: "a.rs")
  },
  Edit("a folder replaced by a link", [".", "data", "src", "src/a.rs", "src/b.rs", "Cargo.toml"]) {
    try $0.remove("data")
    try $0.link("data", to: "src")
  },
  Edit("a new link to an old file", [".", "new", "src/a.rs"]) { try $0.link("new", to: "src/a.rs") },
  Edit("a file made executable", ["src/a.rs"]) { try $0.path("src/a.rs").setPermissions(0o755) },
  Edit("a file made read-only", ["src/a.rs"]) { try $0.path("src/a.rs").setPermissions(0o444) },
  Edit("a folder's mode", []) { try $0.path("src").setPermissions(0o700) },
  Edit("a file replaced by a FIFO", ["src", "src/b.rs", "Cargo.toml"]) {
    try $0.remove("src/b.rs")
    _ = $0.path("src/b.rs").withCString { mkfifo($0, 0o644) }
  },
  Edit("all times far ahead", []) { try setAllTimes($0, 4_102_444_800) },
  Edit("all times long ago", []) { try setAllTimes($0, 0) },
]

private func setAllTimes(_ lab: SourceLab, _ seconds: Int64) throws {
  try lab.sources.walk { (path, _) throws(FileError) in
    try path.setModified(Timestamp(seconds: seconds))
    return true
  }
}

@Suite struct SourceTimesTests {
  @Test(arguments: edits) private func anEditGivesTheNewNumber(edit: Edit) throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy()
    try edit.edit(lab)
    try lab.move()
    let changes = try lab.deploy()
    #expect(try lab.entries(numbered: 2) == edit.changed)
    #expect(try lab.entries(numbered: 1).count == lab.numbers().count - edit.changed.count, "all others keep theirs")
    #expect(changes.isNone == edit.changed.isEmpty)
    try lab.move()
    #expect(try lab.deploy().isNone, "the next deployment finds no change")
    #expect(try lab.entries(numbered: 2) == edit.changed)
    #expect(try lab.entries(numbered: 3).isEmpty)
  }

  @Test func aFirstDeploymentGivesEveryEntryItsNumber() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    let changes = try lab.deploy()
    #expect(!changes.hadRecord && !changes.isNone && !changes.manifestsAreAsBuilt)
    #expect(changes.files == 8)
    #expect(changes.changedFiles == 8)
    #expect(try lab.entries(numbered: 1).count == 21)
    #expect(try lab.numbers().count == 21)
  }

  @Test(arguments: [SourceLab.Ending.complete, .failed])
  func goingBackIsAChangeOnlyOfWhatWasBuilt(ending: SourceLab.Ending) throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy()
    try lab.write("src/a.rs", "AAAA")
    try lab.deploy(ending)
    try lab.write("src/a.rs", "aaaa")
    try lab.deploy()
    #expect(try lab.numbers()["src/a.rs"] == (ending == .complete ? 3 : 1))
  }

  @Test func everyNumberLastsUntilTheNextChange() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy()
    for round in 2...12 {
      if round == 3 { try lab.write("src/a.rs", "3") }
      if round == 7 { try lab.write("src/b.rs", "7") }
      try lab.move()
      try lab.deploy()
    }
    let numbers = try lab.numbers()
    #expect(numbers["src/a.rs"] == 3 && numbers["src/b.rs"] == 7 && numbers["Cargo.toml"] == 1)
  }

  @Test func manifestsDecideWhetherDependenciesAreAsBuilt() throws {
    for (name, expected) in [
      ("src/a.rs", true), ("Cargo.toml", false), ("p/Cargo.toml", false), ("Cargo.lock", false),
      (".cargo/config.toml", false), (".cargo/config", false), ("Cargo.toml.orig", true),
    ] {
      let lab = try SourceLab()
      try lab.writeApp()
      try lab.deploy()
      try lab.write(name, "changed")
      #expect(try lab.deploy().manifestsAreAsBuilt == expected, "\(name)")
    }
  }

  @Test func aLinkInThePlaceOfAFileThatAFailedBuildLackedIsFollowed() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy()
    try lab.remove("src/b.rs")
    try lab.deploy(.failed)
    try lab.link("src/b.rs", to: "a.rs")
    try lab.deploy()
    #expect(try lab.numbers()["src/a.rs"] == 2)
  }

  @Test func aLinkToAFileOutsideMakesAllChangedWhenThatFileChanges() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.folder.write("1", to: "outside")
    try lab.link("far", to: lab.folder["outside"])
    try lab.deploy()
    #expect(try lab.deploy().isNone)
    try lab.folder.write("2", to: "outside")
    let changes = try lab.deploy()
    #expect(changes.allChangedReason == "far leads to something else outside the app")
    #expect(try lab.entries(numbered: 3).count == lab.numbers().count)
  }

  @Test func anAbsoluteLinkIntoTheBuildDirectoryMovesWithIt() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.link("absolute", to: lab.path("src/a.rs"))
    try lab.deploy()
    try lab.move()
    try lab.link("absolute", to: lab.path("src/a.rs"))
    #expect(try lab.deploy().isNone)
  }

  @Test func namesOfOneFileShareTheLatestNumber() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    #expect(link(lab.path("src/a.rs").description, lab.path("src/z.rs").description) == 0)
    try lab.deploy()
    #expect(try lab.deploy().isNone)
    let file = try #require(fopen(lab.path("src/z.rs").description, "w"))
    fputs("zzzz", file)
    fclose(file)
    try lab.deploy()
    #expect(try lab.entries(numbered: 3) == ["src/a.rs", "src/z.rs"])
  }

  @Test func whatCantBeReadIsChangedEveryTime() async {
    await #expect(processExitsWith: .success) {
      becomeOrdinaryUser()
      let lab = try SourceLab()
      try lab.writeApp()
      try lab.path("src/a.rs").setPermissions(0)
      try lab.deploy()
      try lab.deploy()
      try lab.deploy()
      guard try lab.entries(numbered: 3) == ["src/a.rs"] else { exitProcess(1) }
    }
  }

  @Test func aCacheInsideTheBuildDirectoryIsLeftOut() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    let cache = lab.path("cache")
    try cache.appending("rust/target").makeDirectories()
    func scan() throws -> SourceScan { try SourceScan(lab.sources, excluding: cache, previous: nil) }
    let first = try scan()
    try cache.appending("rust/target/more").write([1])
    let second = try scan()
    #expect(first.entries.count == second.entries.count)
    let paths = (0..<second.entries.count).map { String(decoding: second.entries.path($0), as: UTF8.self) }
    #expect(!paths.contains { $0.hasPrefix("cache") })
  }

  @Test func entriesStandInOneOrderWhateverTheFolderSays() throws {
    let lab = try SourceLab()
    for name in ["z", "a-b/x", "a/x", "a.rs", "a0/x", "b/c/d", "b-c"] { try lab.write(name, name) }
    let scan = try SourceScan(lab.sources, excluding: lab.cache, previous: nil)
    let paths = (0..<scan.entries.count).map { scan.entries.path($0) }
    for (left, right) in zip(paths, paths.dropFirst()) {
      #expect(SourceEntries.isOrderedBefore(left, right))
      #expect(!SourceEntries.isOrderedBefore(right, left))
    }
    let index = PathIndex(scan.entries)
    #expect(index.subtree(of: Array("a".utf8)[...]).count == 2)
    #expect(index.subtree(of: Array("b".utf8)[...]).count == 3)
    #expect(index.subtree(of: Array("nothing".utf8)[...]).isEmpty)
  }
}
