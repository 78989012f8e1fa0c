// The build directory's real path in what build scripts make, and the search for it.
import Testing

@testable import RustBuildpack

@Suite struct RealPathsTests {
  let folder: TemporaryFolder
  private let hash = "0123456789abcdef"
  private let path: FilePath = "/build/4f2a/app"

  init() throws { folder = try TemporaryFolder() }

  private func found() throws -> Set<FilePath> {
    Set(try RealPaths.found(in: folder["target"], of: path))
  }

  /// A file of a unit with the path in it, and what of it is not kept.
  @Test(arguments: [
    ("release/build/app-HASH/output", "release/build/app-HASH"),
    ("release/build/app-HASH/out/gen.rs", "release/build/app-HASH"),
    ("release/build/app-HASH/out/deep/gen.txt", "release/build/app-HASH"),
    ("release/build/app/HASH/run/stdout", "release/build/app/HASH"),
    ("release/build/app/HASH/out/gen.rs", "release/build/app/HASH"),
    ("x86_64-unknown-linux-musl/release/build/app-HASH/output", "x86_64-unknown-linux-musl/release/build/app-HASH"),
    ("release/build/app-HASH/build-script-build", "release/build/app-HASH/build-script-build"),
    ("release/build/app-HASH/build_script_build-HASH", "release/build/app-HASH/build_script_build-HASH"),
    ("release/build/app/HASH/out/build-script-build", "release/build/app/HASH/out/build-script-build"),
    ("release/build/app-HASH/build_script_build-HASH.d", nil), ("release/build/app-HASH/stderr", nil),
    ("release/build/app-HASH/out/libc.a", nil), ("release/deps/app-HASH", nil), ("release/deps/app-HASH.d", nil),
    ("release/app", nil), ("release/incremental/app-HASH/output", nil),
    ("release/.fingerprint/app-HASH/dep-bin-app", nil),
  ])
  func whatHoldsThePathIsFound(file: String, expected: String?) throws {
    try folder.write("x \(path)/src y", to: "target/\(file.replacing("HASH", with: hash))")
    try folder.write("nothing", to: "target/release/build/other-\(hash)/output")
    #expect(try found() == Set([expected].compactMap { $0.map { FilePath($0.replacing("HASH", with: hash)) } }))
  }

  @Test func programsOfABuildScriptAreNoText() throws {
    try folder.write("\(path)", to: "target/release/build/app-\(hash)/out/helper", permissions: 0o755)
    #expect(try found().isEmpty)
  }

  @Test func aUnitIsNamedOnce() throws {
    for name in ["output", "out/a", "out/b"] { try folder.write("\(path)", to: "target/build/app-\(hash)/\(name)") }
    #expect(try RealPaths.found(in: folder["target"], of: path) == [FilePath("build/app-\(hash)")])
  }

  @Test func linksAndFIFOsAreNotOpened() throws {
    try folder.write("\(path)", to: "outside")
    try folder.link("target/build/app-\(hash)/output", to: folder["outside"])
    try folder.makeFolder("target/build/app-\(hash)/out")
    try folder.fifo("target/build/app-\(hash)/out/pipe")
    #expect(try found().isEmpty)
    try folder["target"].removeTree()
    #expect(try found().isEmpty, "no target directory")
  }

  // MARK: The search

  @Test(arguments: [
    ("/build/4f2a/app", true), ("a/build/4f2a/app/src", true), ("\"/build/4f2a/app\"", true),
    ("/build/4f2a/app.rs", true), ("/build/4f2a/app:/usr", true), ("/build/4f2a/app2", false),
    ("/build/4f2a/app-web", false), ("/build/4f2a/app_web", false), ("/build/4f2a/apple and /build/4f2a/app", true),
    ("/build/4f2a/ap", false), ("", false), ("/build/4f2a//build/4f2a/app", true),
  ])
  func longerNamesAreOthers(text: String, isThere: Bool) throws {
    let search = PathSearch(path)
    #expect(search.isIn(Array(text.utf8)) == isThere)
    try folder.write(text, to: "file")
    #expect(try search.isIn(file: folder["file"]) == isThere)
  }

  /// Files are read in pieces of 131,072 bytes; the path stands at every place around the end of one.
  @Test func piecesAreNoBoundary() throws {
    let search = PathSearch(path)
    for start in (131_072 - 18)...(131_072 + 2) {
      var bytes = [UInt8](repeating: UInt8(ascii: "/"), count: 131_072 * 2 + 10)
      bytes.replaceSubrange(start..<(start + path.bytes.count), with: path.bytes)
      try folder["file"].write(bytes)
      #expect(try search.isIn(file: folder["file"]), "at \(start)")
      bytes[start + path.bytes.count] = UInt8(ascii: "x")
      try folder["file"].write(bytes)
      #expect(try !search.isIn(file: folder["file"]), "a longer name at \(start)")
      try folder["file"].write(bytes[..<(start + path.bytes.count)])
      #expect(try search.isIn(file: folder["file"]), "at the end, \(start)")
    }
  }

  @Test func aSearchFollowsNoLink() throws {
    try folder.write("\(path)", to: "file")
    try folder.link("link", to: "file")
    #expect(throws: FileError.self) { try PathSearch(path).isIn(file: folder["link"]) }
    #expect(throws: FileError.self) { try PathSearch(path).isIn(file: folder["missing"]) }
  }
}
