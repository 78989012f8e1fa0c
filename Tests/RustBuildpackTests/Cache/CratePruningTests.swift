import Foundation
import Glibc
import Testing

@testable import RustBuildpack

@Suite struct CratePruningTests {
  private let lock = """
    version = 4

    [[package]]
    name = "app"
    version = "0.1.0"

    [[package]]
    name = "Kept-Crate"
    version = "1.2.3"
    source = "registry+https://github.com/rust-lang/crates.io-index"

    [[package]]
    name = "from-git"
    version = "0.1.0"
    source = "git+https://example.com/from-git?branch=main#0123456789abcdef0123456789abcdef01234567"
    """

  private func home(_ files: [String]) throws -> FilePath {
    var template = Array((NSTemporaryDirectory() + "/crates-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    let home = FilePath(bytes: template.dropLast().map(UInt8.init(bitPattern:)))
    for file in files {
      try home.appending(file).parent.makeDirectories()
      try home.appending(file).write([1])
    }
    return home
  }

  private func files(_ home: FilePath) throws -> Set<String> {
    var found: Set<String> = []
    try home.walk { (path, status) throws(FileError) in
      if status.kind == .file {
        found.insert(String(decoding: path.bytes.dropFirst(home.bytes.count + 1), as: UTF8.self))
      }
      return true
    }
    return found
  }

  private let kept: Set<String> = [
    "bin/rustup", "config.toml", "registry/index/site-1/config.json", "registry/index/site-1/.cache/ke/pt/kept-crate",
    "registry/cache/site-1/Kept-Crate-1.2.3.crate", "registry/src/site-1/Kept-Crate-1.2.3/src/lib.rs",
    "git/db/from-git-1/HEAD", "git/checkouts/from-git-1/0123456/src/lib.rs",
  ]

  private let unused = [
    "registry/index/site-1/.cache/ol/d-/old-crate", "registry/cache/site-1/Kept-Crate-1.2.2.crate",
    "registry/cache/site-1/old-crate-1.0.0.crate", "registry/cache/site-1/Kept-Crate-1.2.3.crate.tmp",
    "registry/src/site-1/Kept-Crate-1.2.2/src/lib.rs", "registry/src/site-1/app-0.1.0/src/lib.rs",
    "git/db/old-2/HEAD", "git/checkouts/old-2/fedcba9/lib.rs", "git/checkouts/from-git-1/fedcba9/lib.rs",
    "credentials.toml",
  ]

  @Test func whatTheLockFileNamesStaysAndTheRestGoes() throws {
    let home = try home(Array(kept) + unused)
    defer { try? home.removeTree() }
    var pruning = try #require(CratePruning(home: home, lockFiles: [Array(lock.utf8)]))
    #expect(try pruning.run() > 0)
    #expect(try files(home) == kept)
  }

  @Test(arguments: ["package = 1\n[[package", "[[package]]\nname = \"a\"\n"])
  func aLockFileThatCantBeUnderstoodRemovesNothing(lock: String) {
    #expect(CratePruning(home: "/nowhere", lockFiles: [Array(lock.utf8)]) == nil)
  }

  @Test func aPackageOfAnyLockFileIsKept() throws {
    let home = try home(Array(kept))
    defer { try? home.removeTree() }
    var pruning = try #require(CratePruning(home: home, lockFiles: [Array("version = 4\n".utf8), Array(lock.utf8)]))
    #expect(try pruning.run() == 0)
    #expect(try files(home) == kept)
  }
}
