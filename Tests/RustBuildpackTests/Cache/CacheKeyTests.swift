// When a target directory is of no use any more, and the words for it.
import Testing

@testable import RustBuildpack

@Suite struct CacheKeyTests {
  private func key(
    stack: String? = "scalingo-24",
    version: String = "1.95.0",
    identity: String = "rustc 1.95.0",
    profile: String? = nil,
    _ variables: [String: String] = [:]
  ) -> CacheKey {
    CacheKey(
      stack: stack,
      toolchain: Toolchain(channel: "stable", version: version, identity: identity),
      profile: profile,
      environment: Environment(variables.mapValues { Array($0.utf8) })
    )
  }

  @Test func namesEachReasonOldAndNew() {
    let base = key(["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x"])
    let cases: [(CacheKey, [String])] = [
      (base, []),
      (
        key(stack: "scalingo-26", ["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x"]),
        ["the stack changed from scalingo-24 to scalingo-26"]
      ),
      (
        key(stack: nil, ["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x"]),
        ["the stack changed from scalingo-24 to unknown"]
      ),
      (
        key(version: "1.96.0", identity: "rustc 1.96.0", ["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x"]),
        ["Rust changed from 1.95.0 to 1.96.0"]
      ),
      (
        key(identity: "rustc 1.95.0 (other)", ["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x"]),
        ["the compiler changed"]
      ),
      (
        key(profile: "dist", ["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x"]),
        ["the profile changed from release to dist"]
      ),
      (key(["RUSTFLAGS": "-C secret"]), ["RUSTFLAGS changed", "CARGO_TARGET_X_RUSTFLAGS is no longer set"]),
      (
        key(["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x", "CARGO_BUILD_TARGET": "t"]),
        ["CARGO_BUILD_TARGET is set now"]
      ),
    ]
    for (new, expected) in cases {
      #expect(new.reasons(since: base) == expected)
      #expect((new == base) == expected.isEmpty)
    }
  }

  @Test func looksAtNoOtherVariables() {
    #expect(key(["DATABASE_URL": "a", "CARGO_TARGET_DIR": "/a", "RUSTFLAGS_X": "a"]) == key())
    #expect(key(profile: "release") == key())
  }

  @Test func isKeptInAFileThatShowsNoValues() throws {
    let folder = try TemporaryFolder()
    let key = key(["RUSTFLAGS": "-C secret"])
    try key.write(folder["key.json"])
    #expect(CacheKey.read(folder["key.json"]) == key)
    #expect(try !folder["key.json"].text().contains("secret"))
  }

  @Test(arguments: [
    "", "{", "[]", "{}", "{\"circumstances\": {}}", "{\"circumstances\": [1]}",
    "{\"circumstances\": [{\"name\": \"a\"}]}",
    "\u{0}",
  ])
  func isNothingWhenDamaged(text: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "key.json")
    #expect(CacheKey.read(folder["key.json"]) == nil)
  }

  @Test func isNothingWhenItCannotBeRead() throws {
    let folder = try TemporaryFolder()
    #expect(CacheKey.read(folder["missing"]) == nil)
    try folder.makeFolder("folder")
    #expect(CacheKey.read(folder["folder"]) == nil)
    try folder.fifo("fifo")
    #expect(CacheKey.read(folder["fifo"]) == nil)
  }
}
