// A cargo home of empty files, and which of them are packed.
import Testing

@testable import RustBuildpack

@Suite struct CrateSelectionTests {
  let folder: TemporaryFolder
  private let commit = "0123456789abcdef0123456789abcdef01234567"

  init() throws { folder = try TemporaryFolder() }

  private var lock: String {
    """
    [[package]]
    name = "app"
    version = "0.1.0"
    dependencies = [ "serde" ]

    [[package]]
    name = "serde"
    version = "1.0.200"
    source = "registry+https://github.com/rust-lang/crates.io-index"
    checksum = "ddc6f9cc94d67c0e21aaf7eda3a010fd3af78ebf6e096aa6e2e13c79749cce4f"

    [[package]]
    name = "Inflector"
    version = "0.11.4+build.1"
    source = "sparse+https://example.test/index/"

    [[package]]
    name = "own"
    version = "0.1.0"
    source = "git+https://example.test/own?branch=main#\(commit)"
    """
  }

  private func paths(_ locks: String...) -> [FilePath] {
    CrateSelection(home: folder.path, lockFiles: locks.compactMap { LockFile(Array($0.utf8)) }).paths
  }

  /// All files that the paths stand for.
  private func files(_ paths: [FilePath]) throws -> [String] {
    try folder.listing().filter { name in !name.hasSuffix("/") && paths.contains { folder[name].isInside($0) } }
  }

  @Test(arguments: ["", "version = 3\n", "version = 4\n"])
  func whatTheLockFileNamesIsChosen(version: String) throws {
    let index = "registry/index/index.crates.io-1949cf8c6b5b557f"
    let git = "registry/index/github.com-1ecc6299db9ec823"
    let chosen = [
      "registry/cache/a-1/serde-1.0.200.crate", "registry/cache/b-2/Inflector-0.11.4+build.1.crate",
      "registry/src/a-1/serde-1.0.200/Cargo.toml", "registry/src/a-1/serde-1.0.200/src/lib.rs",
      "\(index)/config.json", "\(index)/.last-updated", "\(index)/.cache/se/rd/serde",
      "\(index)/.cache/in/fl/inflector", "\(git)/.git/objects/pack/x.pack", "\(git)/.cache/se/rd/serde",
      "git/checkouts/own-1/0123456/Cargo.toml", "git/db/own-1/HEAD",
    ]
    let others = [
      "registry/CACHEDIR.TAG", "registry/cache/a-1/serde-1.0.199.crate", "registry/cache/a-1/app-0.1.0.crate",
      "registry/cache/a-1/serde-1.0.200", "registry/src/a-1/old-1.0.0/Cargo.toml",
      "registry/src/a-1/serde-1.0.20/Cargo.toml", "\(index)/.cache/ol/d-/old-one",
      "git/checkouts/own-1/fedcba9/Cargo.toml", "git/checkouts/other-2/0000000/Cargo.toml", "git/db/other-2/HEAD",
      "git/CACHEDIR.TAG", "bin/rustup", ".package-cache", "credentials.toml", "credentials", "config.toml", "config",
      ".crates.toml", "env", ".global-cache", "registry/credentials.toml",
    ]
    for name in chosen + others { try folder.write("x", to: name) }
    let paths = paths(version + lock)
    #expect(try files(paths) == chosen.sorted())
    #expect(paths == paths.sorted() && Set(paths).count == paths.count)
  }

  @Test func whatAnyLockFileNamesIsChosen() throws {
    for name in ["serde-1.0.200.crate", "libc-0.2.1.crate"] { try folder.write("", to: "registry/cache/a/\(name)") }
    let other = "[[package]]\nname = \"libc\"\nversion = \"0.2.1\"\nsource = \"registry+x\"\n"
    #expect(paths(lock, other).count == 2)
    #expect(paths(lock) == [folder["registry/cache/a/serde-1.0.200.crate"]])
    #expect(paths().isEmpty)
  }

  @Test(arguments: [
    "registry", "registry/cache", "registry/cache/a", "registry/src", "registry/src/a", "registry/index",
    "registry/index/a", "registry/index/a/.cache", "git", "git/checkouts", "git/checkouts/a", "git/db",
  ])
  func noLinkIsFollowed(name: String) throws {
    let outside = try TemporaryFolder()
    for file in [
      "serde-1.0.200.crate", "a/serde-1.0.200.crate", "cache/a/serde-1.0.200.crate", "serde-1.0.200/x", "se/rd/serde",
      "0123456/x", "own/0123456/x", "checkouts/own/0123456/x",
    ] { try outside.write("", to: file) }
    try folder.link(name, to: outside.path)
    #expect(paths(lock).isEmpty)
  }

  @Test func anEmptyHomeHasNothing() { #expect(paths(lock).isEmpty) }
}
