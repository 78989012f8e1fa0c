import Foundation
import Glibc
import Testing

@testable import RustBuildpack

/// One edit between two deployments, and what gets a new time.
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
  Edit("a link removed", [".", "src/a.rs", "Cargo.toml"]) {
    try $0.remove("link")
  },
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
  Edit("a file made executable", ["src/a.rs"]) { chmod($0.sources + "/src/a.rs", 0o755) },
  Edit("a file made read-only", ["src/a.rs"]) { chmod($0.sources + "/src/a.rs", 0o444) },
  Edit("a folder's mode", []) { chmod($0.sources + "/src", 0o700) },
  Edit("a file replaced by a FIFO", ["src", "src/b.rs", "Cargo.toml"]) {
    try $0.remove("src/b.rs")
    mkfifo($0.sources + "/src/b.rs", 0o644)
  },
  Edit("all times far ahead", []) {
    try FilePath($0.sources).walk { (path, _) throws(FileError) in
      try path.setModified(Timestamp(seconds: 4_102_444_800))
      return true
    }
  },
  Edit("all times long ago", []) {
    try FilePath($0.sources).walk { (path, _) throws(FileError) in
      try path.setModified(Timestamp(seconds: 0))
      return true
    }
  },
]

@Suite struct SourceTimesTests {
  @Test(arguments: edits) private func anEditGivesNewTimes(edit: Edit) throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "first")
    let seen = try lab.times().values.max() ?? Timestamp(seconds: 0)
    let changed = try lab.changed(by: edit.edit)
    #expect(changed == edit.changed)
    let new = try lab.times().filter { changed.contains($0.key) }.values
    #expect(Set(new).count == new.count, "no two share a time")
    #expect(new.allSatisfy { $0 > seen }, "later than every source before")
    let artifact = try lab.time(ofArtifact: "first")
    #expect(new.allSatisfy { $0 > artifact }, "later than every artefact")
    let rest = try lab.times().filter { !changed.contains($0.key) }.values
    #expect(rest.allSatisfy { $0 < artifact }, "what did not change is older than the artefact")
  }

  @Test func aFirstDeploymentGivesEveryEntryATimeOfItsOwn() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    let changes = try lab.deploy(.killed)
    #expect(!changes.hadRecord)
    #expect(changes.files == 8)
    let times = try lab.times()
    #expect(times.count == 21)
    #expect(Set(times.values).count == times.count)
  }

  @Test(arguments: [SourceLab.Ending.complete, .failed, .killed])
  func goingBackIsAChange(ending: SourceLab.Ending) throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "a")
    let first = try lab.times()["src/a.rs"]
    try lab.write("src/a.rs", "AAAA")
    try lab.deploy(ending, making: "b")
    try lab.write("src/a.rs", "aaaa")
    try lab.deploy(.killed)
    let last = try #require(try lab.times()["src/a.rs"])
    #expect(last != first)
    for artifact in ["a", "b"] { #expect(try last > lab.time(ofArtifact: artifact)) }
  }

  @Test func aLinkInThePlaceOfAFileThatAFailedBuildLackedIsFollowed() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "a")
    try lab.remove("src/b.rs")
    try lab.deploy(.failed)
    try lab.link("src/b.rs", to: "a.rs")
    try lab.deploy(.killed)
    let end = try #require(try lab.times()["src/a.rs"])
    #expect(try end > lab.time(ofArtifact: "a"))
  }

  @Test func aLinkToAFileOutsideMakesAllChangedWhenThatFileChanges() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    let outside = FilePath(lab.folder + "/outside")
    try outside.write(Array("1".utf8))
    try lab.link("far", to: outside.description)
    try lab.deploy(making: "a")
    #expect(try lab.changed { _ in }.isEmpty)
    let changed = try lab.changed { _ in try outside.write(Array("2".utf8)) }
    #expect(try changed.count == lab.times().count)
  }

  @Test func anAbsoluteLinkIntoTheBuildDirectoryMovesWithIt() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.link("absolute", to: lab.sources + "/src/a.rs")
    try lab.deploy()
    let before = try lab.times()
    try lab.move()
    try lab.link("absolute", to: lab.sources + "/src/a.rs")
    #expect(try lab.deploy().changedFiles == 0)
    #expect(try lab.times() == before)
  }

  @Test func namesOfOneFileShareTheLatestTime() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    link(lab.sources + "/src/a.rs", lab.sources + "/src/z.rs")
    try lab.deploy()
    let times = try lab.times()
    #expect(times["src/a.rs"] == times["src/z.rs"])
    #expect(try lab.changed { _ in }.isEmpty)
    let changed = try lab.changed { lab in
      try Data("zzzz".utf8).write(to: URL(fileURLWithPath: lab.sources + "/src/z.rs"))
    }
    #expect(changed == ["src/a.rs", "src/z.rs"])
  }

  @Test func whatCantBeReadIsChangedEveryTime() async {
    await #expect(processExitsWith: .success) {
      becomeOrdinaryUser()
      let lab = try SourceLab()
      try lab.writeApp()
      chmod(lab.sources + "/src/a.rs", 0)
      try lab.deploy()
      guard try lab.changed(by: { _ in }) == ["src/a.rs"] else { exitProcess(1) }
    }
  }

  @Test func aCacheInsideTheBuildDirectoryIsLeftOut() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    let cache = FilePath(lab.sources + "/cache")
    try cache.appending("rust/target").makeDirectories()
    func scan() throws -> SourceScan { try SourceScan(FilePath(lab.sources), excluding: cache, previous: nil) }
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
    let scan = try SourceScan(FilePath(lab.sources), excluding: FilePath(lab.folder + "/cache"), previous: nil)
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
