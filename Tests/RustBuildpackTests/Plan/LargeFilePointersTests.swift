// Git LFS pointers among an app's files.
import Testing

@testable import RustBuildpack

@Suite struct LargeFilePointersTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let pointer = """
    version https://git-lfs.github.com/spec/v1
    oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
    size 7340032

    """

  @Test func areFoundWhereverTheyAre() throws {
    try folder.write(Self.pointer, to: "assets/model.bin")
    try folder.write("ext-0-x sha256:0\n" + Self.pointer, to: "assets/no-first-line")
    try folder.write(Self.pointer, to: "logo.png")
    try folder.write(Self.pointer, to: ".git/lfs/copy")
    try folder.write(Self.pointer + String(repeating: "x", count: 1_024), to: "large")
    try folder.write("version https://git-lfs.github.com/spec/v1\n", to: "docs/lfs.md")
    try folder.link("link", to: "logo.png")
    try folder.fifo("pipe")
    #expect(try LargeFilePointers.find(in: folder.path) == ["assets/model.bin", "logo.png"])
    #expect(try LargeFilePointers.find(in: folder.path, limit: 1) == ["assets/model.bin"])
  }

  @Test func areNamedInTheLog() throws {
    #expect(LargeFilePointers.warning([]) == nil)
    let one = try #require(LargeFilePointers.warning(["assets/model.bin"]))
    #expect(one.hasPrefix("Warning: 1 file is a Git LFS pointer, not the real content:\n\n  assets/model.bin\n\n"))
    let many = try #require(LargeFilePointers.warning((0..<12).map { "file-\($0)" }))
    #expect(many.hasPrefix("Warning: 12 files are Git LFS pointers"))
    #expect(many.contains("  file-9\n  … and 2 more\n"))
    #expect(many.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }
}
