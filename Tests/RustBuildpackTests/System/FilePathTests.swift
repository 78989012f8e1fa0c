// Paths as bytes: joining, taking apart, comparing.
import Testing

@testable import RustBuildpack

@Suite struct FilePathTests {
  @Test(arguments: [
    ("/a", "b", "/a/b"), ("/a/", "b", "/a/b"), ("/", "b", "/b"), ("", "b", "b"), ("a", "b/c", "a/b/c"),
    ("/a", "", "/a"), ("/a", "b/", "/a/b"), ("/a", "../b", "/a/../b"),
  ])
  func appends(folder: String, tail: String, expected: FilePath) {
    #expect(FilePath(folder).appending(tail) == expected)
  }

  @Test(arguments: [
    ("/a/b", "/a", "b"), ("/a", "/", "a"), ("/", "/", ""), ("a", "a", "a"), ("", "", ""), ("/a//b", "/a", "b"),
    ("a/b/", "a", "b"),
  ])
  func takesApart(path: String, parent: FilePath, last: String) {
    #expect(FilePath(path).parent == parent)
    #expect(FilePath(path).lastComponent == last)
  }

  @Test(arguments: [
    ("/a/b", "/a", true), ("/a", "/a", true), ("/ab", "/a", false), ("/a", "/a/b", false), ("/a", "/", true),
    ("/", "/", true), ("a", "", false), ("", "", true), ("/a", "", true), ("/b", "/a", false),
  ])
  func tellsWhatIsInside(path: FilePath, folder: FilePath, expected: Bool) {
    #expect(path.isInside(folder) == expected)
  }

  @Test(arguments: [("/a///", "/a"), ("///", "/"), ("/a\0b", "/a"), ("\0", "")])
  func normalisesOnlyTheEnd(text: String, expected: String) {
    #expect(FilePath(text).description == expected)
  }

  @Test(arguments: [
    ("/a/./b/../c", "/a/c"), ("/../a//b/", "/a/b"), ("/a/..", "/"), ("a/../b", "b"), ("../a", "../a"),
    ("a/../../b", "../b"), ("../../a", "../../a"), ("/.a/..b/...", "/.a/..b/..."), ("/", "/"), ("", ""),
  ])
  func normalisesByTheTextAlone(path: FilePath, expected: FilePath) {
    #expect(path.normalized == expected)
  }

  @Test func keepsBytesThatAreNotText() {
    let path = FilePath(bytes: [0x2F, 0xFF, 0x2F, 0x61])
    #expect(path.string == nil)
    #expect(path.description == "/\u{FFFD}/a")
    #expect(path.parent.bytes == [0x2F, 0xFF])
    #expect(path.parent.appending("b").bytes == [0x2F, 0xFF, 0x2F, 0x62])
    #expect(FilePath("/é").string == "/é")
  }

  @Test func sortsByBytes() {
    #expect([FilePath("b"), "a/b", "a-b", "a"].sorted() == ["a", "a-b", "a/b", "b"])
  }

  @Test func resolvesLinks() throws {
    let folder = try TemporaryFolder()
    let real = try folder.makeFolder("real/below")
    try folder.link("link", to: "real")
    #expect(folder["link/below/../below"].resolved == real)
    #expect(folder["missing"].resolved == nil)
    #expect(FilePath("/a").absolute == "/a")
    #expect(FilePath("a").absolute.isAbsolute)
    #expect(FilePath("a").absolute.lastComponent == "a")
  }
}
