import Testing

@testable import RustBuildpack

@Suite struct LockFileTests {
  @Test(arguments: ["<<<<<<< HEAD", "[[package]]\nname = \"a\"", "[[package]]\nname = 1\nversion = \"1\"", "a = "])
  func whatCantBeUnderstoodIsNone(text: String) {
    #expect(LockFile(Array(text.utf8)) == nil)
  }

  @Test(arguments: ["", "version = 3\n", "version = 4\n"])
  func tellsItsPackages(version: String) throws {
    let text = """
      \(version)
      [[package]]
      name = "app"
      version = "0.1.0"
      dependencies = ["serde", "serde 0.9.0"]

      [[package]]
      name = "serde"
      version = "1.0.200"
      source = "registry+https://github.com/rust-lang/crates.io-index"
      checksum = "aa"
      """
    let file = try #require(LockFile(Array(text.utf8)))
    #expect(file.packages.map(\.name) == ["app", "serde"])
    #expect(file.packages.map(\.checksum) == [nil, "aa"])
    #expect(file.packages.first?.dependencies == ["serde", "serde 0.9.0"])
    #expect(file.has("serde") && !file.has("ser"))
  }
}
