import Testing

@testable import RustBuildpack

@Suite struct LockFileTests {
  @Test(arguments: ["<<<<<<< HEAD", "[[package]]\nname = \"a\"", "[[package]]\nname = 1\nversion = \"1\"", "a = "])
  func whatCantBeUnderstoodIsNone(text: String) {
    #expect(LockFile(Array(text.utf8)) == nil)
  }

  struct Place: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var file = ""
    var variables: [String: String] = [:]
    var version = "1.97.0"
    var expected = "Cargo.lock"
  }

  private static let elsewhere = "[resolver]\nlockfile-path = \"locks/Cargo.lock\"\n"

  @Test(arguments: [
    Place(testDescription: "nothing said"),
    Place(testDescription: "another key", file: "[resolver]\nincompatible-rust-versions = \"allow\"\n"),
    Place(testDescription: "configured", file: elsewhere, expected: "locks/Cargo.lock"),
    Place(testDescription: "a later cargo", file: elsewhere, version: "1.100.2", expected: "locks/Cargo.lock"),
    Place(testDescription: "a nightly", file: elsewhere, version: "1.99.0-nightly", expected: "locks/Cargo.lock"),
    Place(testDescription: "the next major version", file: elsewhere, version: "2.0.0", expected: "locks/Cargo.lock"),
    Place(testDescription: "an older cargo", file: elsewhere, version: "1.96.1"),
    Place(testDescription: "a version that is none", file: elsewhere, version: "unknown"),
    Place(
      testDescription: "a variable, which wins",
      file: elsewhere,
      variables: ["CARGO_RESOLVER_LOCKFILE_PATH": "./other/../other/Cargo.lock"],
      expected: "other/Cargo.lock"
    ),
    Place(
      testDescription: "a variable and an older cargo",
      variables: ["CARGO_RESOLVER_LOCKFILE_PATH": "other/Cargo.lock"],
      version: "1.95.0"
    ),
    Place(testDescription: "a configuration that can't be read", file: "[resolver"),
  ])
  func standsWhereCargoKeepsIt(_ place: Place) throws {
    let folder = try TemporaryFolder()
    if !place.file.isEmpty { try folder.write(place.file, to: ".cargo/config.toml") }
    let configuration = CargoConfiguration(
      from: folder.path,
      top: folder.path,
      environment: Environment(place.variables.mapValues { Array($0.utf8) })
    )
    let path = LockFile.path(
      workspaceRoot: folder.path,
      configuration: configuration,
      toolchainVersion: place.version
    )
    #expect(path == folder[place.expected])
  }

  @Test func anAbsolutePathIsTakenAsItIs() {
    let configuration = CargoConfiguration(
      from: "/nowhere",
      top: "/nowhere",
      environment: Environment(["CARGO_RESOLVER_LOCKFILE_PATH": Array("/locks/Cargo.lock".utf8)])
    )
    let path = LockFile.path(workspaceRoot: "/a", configuration: configuration, toolchainVersion: "1.97.0")
    #expect(path == "/locks/Cargo.lock")
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
