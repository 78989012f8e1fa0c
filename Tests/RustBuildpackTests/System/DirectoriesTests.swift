// Listing, making, walking and removing real folders.
import Glibc
import Testing

@testable import RustBuildpack

@Suite struct DirectoriesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func listsNamesByTheirBytes() throws {
    let longest = String(repeating: "n", count: 255)
    for name in ["b", "B", "a-b", "a", ".hidden", longest] { try folder.makeFolder(name) }
    try folder.path.appending(bytes: [0xFF]).makeDirectories()
    #expect(
      try folder.path.names() == [".hidden", "B", "a", "a-b", "b", longest].map { Array($0.utf8) } + [[0xFF]]
    )
    #expect(folder.path.entries.first == folder[".hidden"])
    #expect(folder["missing"].entries == [])
    #expect(throws: FileError.self) { _ = try folder["missing"].names() }
  }

  @Test func entriesOfALinkAreNoneOfOurs() throws {
    try folder.write("", to: "real/file")
    try folder.link("link", to: "real")
    #expect(folder["link"].entries == [])
    #expect(folder["real"].entries == [folder["real/file"]])
  }

  @Test func makesFoldersThatAreMissing() throws {
    try folder["a/b/c"].makeDirectories()
    try folder["a/b/c"].makeDirectories()
    try folder.link("link", to: "a")
    try folder["link/d"].makeDirectories()
    #expect(folder["a/d"].isRealDirectory)
    try folder.write("", to: "file")
    try folder.link("nowhere", to: "missing")
    for name in ["file", "file/below", "nowhere"] {
      #expect(throws: FileError.self, "\(name)") { try folder[name].makeDirectories() }
    }
  }

  @Test func removesATreeAndNothingOutside() throws {
    try folder.write("kept", to: "outside/file")
    try folder.makeFolder("tree/a/b/c")
    try folder.link("tree/a/out", to: folder["outside"])
    try folder.link("tree/file", to: folder["outside/file"])
    try folder.link("tree/up", to: "..")
    try folder.write("", to: "tree/locked/file")
    try folder["tree/locked"].setPermissions(0)
    try folder.fifo("tree/fifo")
    let odd = folder["tree"].appending(bytes: [0xFF, 0x0A])
    try odd.makeDirectories()
    try odd.appending(bytes: [0xFE]).write([])
    try folder["tree"].removeTree()
    try folder["tree"].removeTree()
    try folder.link("link", to: "outside")
    try folder["link"].removeTree()
    #expect(try folder.listing() == ["outside/", "outside/file"])
  }

  @Test func removesADeepTree() throws {
    let deep = String(repeating: "d/", count: 1_900)
    try folder["tree/\(deep)"].makeDirectories()
    try folder["tree"].removeTree()
    #expect(try folder.listing() == [])
  }

  @Test func walksParentsFirstAndNotIntoLinks() throws {
    try folder.write("", to: "a/b/file")
    try folder.write("", to: "skipped/file")
    try folder.link("a/link", to: "..")
    var seen: [String] = []
    try folder.path.walk { (entry, status) throws(FileError) in
      seen.append(entry.lastComponent)
      return entry.lastComponent != "skipped"
    }
    #expect(seen == ["a", "b", "file", "link", "skipped"])
  }

  @Test func passesOverAFolderThatVanishes() throws {
    try folder.makeFolder("a/gone")
    try folder.makeFolder("b")
    var seen: [String] = []
    try folder.path.walk { (entry, status) throws(FileError) in
      seen.append(entry.lastComponent)
      if entry.lastComponent == "gone" { try entry.removeTree() }
      return true
    }
    #expect(seen == ["a", "gone", "b"])
  }

  @Test func countsAFileWithTwoNamesOnce() throws {
    let content = String(repeating: "x", count: 100_000)
    let file = try folder.write(content, to: "tree/file")
    let one = folder["tree"].allocatedSize()
    #expect(one >= 100_000)
    let result = file.withCString { from in folder["tree/other"].withCString { link(from, $0) } }
    try #require(result == 0)
    try folder.link("tree/link", to: "file")
    #expect(folder["tree"].allocatedSize() == one)
    try folder.write(content, to: "tree/copy")
    #expect(folder["tree"].allocatedSize() == 2 * one)
    #expect(folder["missing"].allocatedSize() == 0)
  }
}
