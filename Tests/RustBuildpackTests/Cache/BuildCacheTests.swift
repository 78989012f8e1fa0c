// Our part of the cache directory: what is kept, what is thrown out, and that nothing outside is touched.
import Testing

@testable import RustBuildpack

@Suite struct BuildCacheTests {
  let folder: TemporaryFolder
  private let log = Log(colored: false)

  init() throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("build")
    try folder.write("of another buildpack", to: "cache/node/file")
    try folder.write("outside", to: "outside/release/file")
  }

  private func context(_ variables: [String: String] = [:]) throws -> BuildContext {
    try BuildContext(
      buildDirectory: folder["build"],
      cacheDirectory: folder["cache"],
      envDirectory: nil,
      buildpackDirectory: nil,
      process: Environment(variables.mapValues { Array($0.utf8) })
    )
  }

  private func key(_ version: String = "1.95.0") -> CacheKey {
    let toolchain = Toolchain(channel: "stable", version: version, identity: version)
    return CacheKey(stack: nil, toolchain: toolchain, profile: nil, environment: Environment())
  }

  private func words(_ state: CacheState) -> String {
    switch state {
    case .empty: "empty"
    case .restored: "restored"
    case .discarded(let reasons): reasons.joined(separator: "; ")
    }
  }

  /// The entries of our folder once the cache was opened.
  private func openAndList(_ variables: [String: String] = [:]) throws -> [String] {
    _ = try BuildCache.open(try context(variables), log)
    #expect(try folder["cache/node/file"].text() == "of another buildpack")
    #expect(try folder["outside/release/file"].text() == "outside")
    return try folder.listing("cache/rust")
  }

  @Test func keepsWhatBelongsThere() throws {
    #expect(try openAndList() == ["lock"])
    for name in ["rustup/a", "cargo/a", "target/a", "downloads/a", "key.json", "sources.record"] {
      try folder.write("", to: "cache/rust/\(name)")
    }
    let all = [
      "cargo/", "cargo/a", "downloads/", "downloads/a", "key.json", "lock", "rustup/", "rustup/a", "sources.record",
      "target/", "target/a",
    ]
    #expect(try openAndList() == all)
    #expect(try openAndList(["RUST_CACHE": "off"]) == ["lock"])
  }

  @Test func throwsStrangersOut() throws {
    try folder.write("", to: "cache/rust/stranger")
    try folder.write("", to: "cache/rust/key.json.draft")
    try folder.write("", to: "cache/rust/folder/file")
    try folder.write("", to: "cache/rust/target")
    try folder.makeFolder("cache/rust/key.json")
    try folder.makeFolder("cache/rust/lock")
    try folder["cache/rust"].appending(bytes: [0xFF]).write([])
    #expect(try openAndList() == ["lock"])
  }

  @Test func removesLinksAndDoesNotFollowThem() throws {
    for name in ["rustup", "cargo", "target", "downloads", "key.json", "sources.record", "lock", "stranger"] {
      try folder.link("cache/rust/\(name)", to: folder["outside"])
    }
    #expect(try openAndList() == ["lock"])
    try folder["cache/rust"].removeTree()
    try folder.link("cache/rust", to: folder["outside"])
    #expect(try openAndList() == ["lock"])
    #expect(folder["cache/rust"].isRealDirectory)
  }

  @Test(arguments: [
    "cargo/bin", "cargo/registry", "cargo/registry/cache", "cargo/registry/src", "cargo/registry/index", "cargo/git",
    "cargo/git/checkouts", "cargo/git/db", "rustup/toolchains", "rustup/update-hashes", "rustup/tmp",
    "rustup/downloads",
  ])
  func removesLinksInOurToolsHomes(name: String) throws {
    try folder.link("cache/rust/\(name)", to: folder["outside"])
    let listing = try openAndList()
    #expect(!listing.contains { $0.contains("->") }, "\(listing)")
  }

  @Test func anotherDeploymentHasToWait() throws {
    var cache = try BuildCache.open(try context(), log)
    #expect(try !isFree(folder["cache/rust/lock"]))
    #expect(cache.close() >= 0)
  }

  @Test func restoresUnderTheSameKeyOnly() throws {
    let cache = try BuildCache.open(try context(), log)
    let target = folder["cache/rust/target"]
    #expect(words(try cache.restore(under: key())) == "empty")
    try folder.write("", to: "cache/rust/target/release/file")
    try folder.write("", to: "cache/rust/sources.record")
    #expect(words(try cache.restore(under: key())) == "restored")
    #expect(target.appending("release/file").exists && folder["cache/rust/sources.record"].exists)
    #expect(words(try cache.restore(under: key("1.96.0"))) == "Rust changed from 1.95.0 to 1.96.0")
    #expect(!target.exists && !folder["cache/rust/sources.record"].exists)
    #expect(words(try cache.restore(under: key("1.96.0"))) == "empty")
  }

  @Test func discardsWhatItCannotJudge() throws {
    let cache = try BuildCache.open(try context(), log)
    let reason = "the note on how it was built is missing or damaged"
    for text in [nil, "{}", "garbage"] {
      try folder["cache/rust/key.json"].removeTree()
      if let text { try folder.write(text, to: "cache/rust/key.json") }
      try folder.write("", to: "cache/rust/target/release/file")
      try folder.write("", to: "cache/rust/sources.record")
      #expect(words(try cache.restore(under: key())) == reason)
      #expect(try folder.listing("cache/rust") == ["key.json", "lock"])
    }
  }

  @Test func forgetsTheSourcesOfATargetThatIsGone() throws {
    let cache = try BuildCache.open(try context(), log)
    try key().write(folder["cache/rust/key.json"])
    try folder.write("", to: "cache/rust/sources.record")
    #expect(words(try cache.restore(under: key())) == "empty")
    #expect(!folder["cache/rust/sources.record"].exists)
  }
}
