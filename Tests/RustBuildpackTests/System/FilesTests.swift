// Reading, writing, linking and locking real files.
import Glibc
import Testing

@testable import RustBuildpack

@Suite struct FilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func failure<Value>(_ body: () throws(FileError) -> Value) -> String {
    do throws(FileError) {
      _ = try body()
      return "none"
    } catch {
      return error.description.replacing(folder.path.description, with: "DIR")
    }
  }

  @Test func readsUpToTheLimit() throws {
    let file = try folder.write("12345", to: "file")
    #expect(try file.contents(limit: 5) == Array("12345".utf8))
    #expect(failure { () throws(FileError) in try file.contents(limit: 4) } == "couldn't read DIR/file: File too large")
    // A file without a size of its own.
    #expect(try FilePath("/proc/self/comm").contents().last == UInt8(ascii: "\n"))
    #expect(
      failure { () throws(FileError) in try FilePath("/proc/self/environ").contents(limit: 1) }.hasSuffix("large")
    )
  }

  @Test func readsOnlyRegularFiles() throws {
    try folder.makeFolder("folder")
    try folder.fifo("fifo")
    try folder.link("nowhere", to: "missing")
    try folder.link("loop", to: "loop")
    try folder.write("text", to: "file")
    try folder.link("link", to: "file")
    let found = ["folder", "fifo", "nowhere", "loop", "missing", "file/below"].map { name in
      failure { () throws(FileError) in try folder[name].contents() }
    }
    #expect(
      found == [
        "couldn't read DIR/folder: Is a directory",
        "couldn't read DIR/fifo: Invalid argument",
        "couldn't read DIR/nowhere: No such file or directory",
        "couldn't read DIR/loop: No such file or directory",
        "couldn't read DIR/missing: No such file or directory",
        "couldn't read DIR/file/below: No such file or directory",
      ]
    )
    #expect(try folder["link"].text() == "text")
  }

  @Test func writesWithPermissions() throws {
    let file = try folder.write("script", to: "file", permissions: 0o755)
    #expect(try file.status()?.permissions == 0o755)
    try folder.write("script", to: "file", permissions: 0o600)
    #expect(try file.status()?.permissions == 0o600)
    try file.setPermissions(0o4711)
    #expect(try file.status()?.permissions == 0o4711)
    #expect(file.isExecutable)
  }

  @Test func replacesLinksAndNeverWritesThroughThem() throws {
    let outside = try folder.write("outside", to: "outside")
    let link = try folder.link("link", to: outside)
    try folder.link("link.draft", to: outside)
    try link.write(Array("inside".utf8))
    #expect(try outside.text() == "outside")
    #expect(try link.status()?.kind == .file)
    #expect(try folder.listing() == ["link", "outside"])
  }

  @Test func leavesNoDraftAfterAFailure() throws {
    try folder.makeFolder("folder")
    let found = failure { () throws(FileError) in try folder["folder"].write([]) }
    #expect(found.hasSuffix("Is a directory"))
    #expect(try folder.listing() == ["folder/"])
    #expect(
      failure { () throws(FileError) in try folder["missing/file"].write([]) }.hasSuffix("No such file or directory")
    )
  }

  @Test func readsAndReplacesLinks() throws {
    let link = try folder.link("link", to: "first")
    try link.makeLink(to: FilePath(bytes: [0xFF]))
    #expect(try link.linkText().bytes == [0xFF])
    try folder.write("", to: "file")
    #expect(
      failure { () throws(FileError) in try folder["file"].linkText() } == "couldn't read DIR/file: Invalid argument"
    )
    try folder.makeFolder("folder")
    #expect(
      failure { () throws(FileError) in try folder["folder"].makeLink(to: "x") }
        == "couldn't link DIR/folder: File exists"
    )
  }

  @Test func setsTheTimeOfLinksThemselves() throws {
    let file = try folder.write("", to: "file")
    let link = try folder.link("link", to: "file")
    let before = try #require(try file.status()).modified
    try link.setModified(Timestamp(seconds: -5, nanoseconds: 999_999_999))
    #expect(try link.status()?.modified == Timestamp(seconds: -5, nanoseconds: 999_999_999))
    #expect(try file.status()?.modified == before)
    #expect(Timestamp(seconds: -5, nanoseconds: 999_999_999) < Timestamp(seconds: -4))
  }

  @Test func tellsKindsApart() throws {
    try folder.write("", to: "file")
    try folder.makeFolder("folder")
    try folder.fifo("fifo")
    try folder.link("link", to: "folder")
    try folder.link("nowhere", to: "missing")
    let kinds = try ["file", "folder", "fifo", "link", "nowhere", "missing"].map { try folder[$0].status()?.kind }
    #expect(kinds == [.file, .directory, .special, .link, .link, nil])
    #expect(try folder["link"].targetStatus()?.kind == .directory)
    #expect(try folder["nowhere"].targetStatus() == nil)
    #expect(folder["nowhere"].exists && !folder["nowhere"].isFile)
    #expect(!folder["link"].isRealDirectory && folder["folder"].isRealDirectory)
    #expect(!folder["folder"].isExecutable)
  }

  @Test func locksAgainstOthersUntilTheValueEnds() throws {
    let path = folder["lock"]
    do {
      let lock = try FileLock(path, waiting: true)
      #expect(try !isFree(path))
      // Another process is refused, too.
      let other = try Command("flock", ["-n", path.description, "true"], environment: plainEnvironment, directory: "/")
        .capture()
      #expect(other.status == .exited(1))
      _ = consume lock
    }
    #expect(try isFree(path))
    try folder.link("link", to: "lock")
    #expect(
      failure { () throws(FileError) in _ = try FileLock(folder["link"], waiting: false) }.hasPrefix("couldn't lock")
    )
  }

  @Test func errorsSpeakLikeTheCLibrary() {
    #expect(Errno.noSuchFile.description == "No such file or directory")
    #expect(Errno.noSpace.description == "No space left on device")
    #expect(Errno(rawValue: 12_345).description == "Unknown error 12345")
    #expect(FileError("read", "/a", .permissionDenied).description == "couldn't read /a: Permission denied")
    #expect(CommandError(program: "x", errno: .noSuchFile).description == "couldn't run x: No such file or directory")
  }
}
