// When a target directory is of no use any more, and the words for it.
import Testing

@testable import RustBuildpack

@Suite struct CacheKeyTests {
  private func key(
    stack: String? = "scalingo-24",
    link: FilePath = "/tmp/rust-buildpack",
    version: String = "1.95.0",
    identity: String = "rustc 1.95.0",
    profile: String? = "release",
    _ variables: [String: String] = ["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x"]
  ) -> CacheKey {
    CacheKey(
      stack: stack,
      link: link,
      toolchain: Toolchain(channel: "stable", version: version, identity: identity),
      profile: profile,
      environment: Environment(variables.mapValues { Array($0.utf8) })
    )
  }

  @Test func namesEachReasonOldAndNew() {
    let cases: [(CacheKey, [String])] = [
      (key(), []), (key(stack: "scalingo-26"), ["the stack changed from scalingo-24 to scalingo-26"]),
      (key(stack: nil), ["the stack changed from scalingo-24 to unknown"]),
      (key(link: "/var/tmp/x"), ["the path of the work directory changed from /tmp/rust-buildpack to /var/tmp/x"]),
      (key(version: "1.96.0", identity: "rustc 1.96.0"), ["Rust changed from 1.95.0 to 1.96.0"]),
      (key(identity: "rustc 1.95.0 (other)"), ["the compiler changed"]),
      (key(profile: "dist"), ["the profile changed from release to dist"]),
      (key(["RUSTFLAGS": "-C secret"]), ["RUSTFLAGS changed", "CARGO_TARGET_X_RUSTFLAGS is no longer set"]),
      (
        key(["RUSTFLAGS": "-C a", "CARGO_TARGET_X_RUSTFLAGS": "x", "CARGO_BUILD_TARGET": "t"]),
        ["CARGO_BUILD_TARGET is set now"]
      ),
      (
        key(stack: "scalingo-26", profile: "dist"),
        [
          "the stack changed from scalingo-24 to scalingo-26", "the profile changed from release to dist",
        ]
      ),
    ]
    for (new, expected) in cases {
      #expect(new.reasons(since: key()) == expected)
      #expect((new == key()) == expected.isEmpty)
    }
  }

  @Test func aProfileThatIsNotKnownYetIsNoReason() {
    #expect(key(profile: nil).reasons(since: key()).isEmpty)
    #expect(key(profile: nil).reasons(since: key(profile: "dist")).isEmpty)
    #expect(key(stack: nil, profile: nil).reasons(since: key()) == ["the stack changed from scalingo-24 to unknown"])
    #expect(key().reasons(since: key(profile: nil)) == ["the profile is set now"], "a note always has one")
  }

  @Test func looksAtNoOtherVariables() {
    #expect(key(["DATABASE_URL": "a", "CARGO_TARGET_DIR": "/a", "RUSTFLAGS_X": "a"]) == key([:]))
    #expect(key(["CARGO_ENCODED_RUSTFLAGS": "a"]) != key([:]))
    #expect(key(["CARGO_BUILD_RUSTFLAGS": "a"]) != key([:]))
  }

  @Test func isReadBackAndShowsNoValues() {
    for key in [key(["RUSTFLAGS": "-C secret"]), CacheKey()] {
      #expect(CacheKey(key.json) == key)
      #expect(!key.json.serialized().contains("secret"))
    }
  }

  @Test(arguments: ["{}", "1", "[1]", "[{}]", "[{\"name\": \"a\"}]", "[{\"name\": 1, \"value\": \"a\"}]"])
  func isNothingWhenDamaged(text: String) throws {
    #expect(CacheKey(try JSON.parse(Array(text.utf8))) == nil)
  }
}
