// Times that count deployments, and cargo's hashes in paths.
import Testing

@testable import RustBuildpack

@Suite struct DeploymentClockTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func time(_ name: String) throws -> Timestamp { try #require(try folder[name].status()).modified }

  @Test func anArtifactStandsBetweenItsSourcesAndTheNext() {
    for number: UInt32 in [0, 1, 2, 1_000, 4_000_000_000] {
      #expect(DeploymentClock.source(number) < DeploymentClock.artifact(number))
      #expect(DeploymentClock.artifact(number) < DeploymentClock.afterFailure(number))
      #expect(DeploymentClock.afterFailure(number) < DeploymentClock.source(number + 1))
      #expect(DeploymentClock.source(number).seconds > DeploymentClock.beforeAll)
    }
    #expect(DeploymentClock.source(0).seconds == 946_684_800)
  }

  private static let times: [(name: String, time: Timestamp, isArtifact: Bool)] = [
    ("this deployment's", DeploymentClock.artifact(5), true), ("the first one's", DeploymentClock.artifact(1), true),
    ("that of one that failed", DeploymentClock.afterFailure(4), true),
    ("that of one without a number", DeploymentClock.artifact(0), true),
    ("a later one's", DeploymentClock.artifact(6), false), ("a source's", DeploymentClock.source(5), false),
    ("today's", Timestamp(seconds: 1_795_817_288, nanoseconds: 500_000_000), false),
    ("one before the count", Timestamp(seconds: 0, nanoseconds: 500_000_000), false),
  ]

  @Test(arguments: times) func artifactsAreTold(name: String, time: Timestamp, isArtifact: Bool) {
    #expect(DeploymentClock.isArtifact(time, upTo: 5) == isArtifact)
  }

  @Test func stampKeepsEarlierTimesAndStampsTheRest() throws {
    for name in ["old", "new", "later", "dir/x"] { try folder.write("", to: name) }
    try folder["old"].setModified(DeploymentClock.artifact(2))
    try folder["later"].setModified(DeploymentClock.artifact(9))
    #expect(try DeploymentClock.stamp(["old", "new", "later", "dir", "gone"], below: folder.path, number: 5))
    #expect(try time("old") == DeploymentClock.artifact(2))
    for name in ["new", "later", "dir"] { #expect(try time(name) == DeploymentClock.artifact(5), "\(name)") }
    #expect(try time("dir/x") != DeploymentClock.artifact(5), "a path stands for its entry alone")
    #expect(try !DeploymentClock.stamp(["old", "new", "later", "dir"], below: folder.path, number: 6))
  }

  @Test func directoriesAloneAreNotNew() throws {
    try folder.write("", to: "dir/x")
    try folder["dir/x"].setModified(DeploymentClock.artifact(1))
    #expect(try !DeploymentClock.stamp(["dir", "dir/x"], below: folder.path, number: 2))
    #expect(try time("dir") == DeploymentClock.artifact(2))
    try folder.write("", to: "hooks/target/deps/x")
    for name in ["hooks/target/deps/x"] { try folder[name].setModified(DeploymentClock.artifact(1)) }
    #expect(try !DeploymentClock.stamp(all: folder["hooks"], number: 2))
    #expect(try time("hooks/target/deps") == DeploymentClock.artifact(2))
  }

  @Test func linksAreStampedAndNotFollowed() throws {
    try folder.write("", to: "outside")
    let before = try time("outside")
    try folder.link("hooks/l", to: folder["outside"])
    #expect(try DeploymentClock.stamp(all: folder["hooks"], number: 3))
    #expect(try time("hooks/l") == DeploymentClock.artifact(3))
    #expect(try time("outside") == before)
  }

  /// What a script's cargo leaves, and whether it counts as made.
  @Test(arguments: [
    ("target/release/.cargo-lock", false), ("target/.rustc_info.json", false), ("target/release/app.d", false),
    ("target/release/app", true), ("target/release/deps/app-0123456789abcdef.d", true),
    ("target/release/.fingerprint/app-0123456789abcdef/.hidden", true), ("target/CACHEDIR.TAG", true),
    ("target/release/build/app/0123456789abcdef/out/app.d", true),
  ])
  func bookkeepingOfScriptsIsNotNew(name: String, isNew: Bool) throws {
    try folder.write("", to: "hooks/\(name)")
    #expect(try DeploymentClock.stamp(all: folder["hooks"], number: 1) == isNew)
    #expect(try time("hooks/\(name)") == DeploymentClock.artifact(1), "it is stamped all the same")
  }

  @Test func withoutAFolderNothingIsNew() throws {
    #expect(try !DeploymentClock.stamp(all: folder["missing"], number: 1))
    try folder.link("link", to: folder.path)
    #expect(try !DeploymentClock.stamp(all: folder["link"], number: 1))
  }

  // MARK: Hashes

  private static let hashes: [(path: String, hash: String?, name: String?)] = [
    // cargo's layout since 2014.
    ("release/deps/libserde-0123456789abcdef.rlib", "0123456789abcdef", "serde"),
    ("release/deps/libserde_json-0123456789abcdef.rmeta", "0123456789abcdef", "serde-json"),
    ("release/deps/my_app-0123456789abcdef", "0123456789abcdef", "my-app"),
    ("release/deps/my_app-0123456789abcdef.d", "0123456789abcdef", "my-app"),
    ("release/deps/my_app-0123456789abcdef.app.1a2b-cgu.0.rcgu.o", "0123456789abcdef", "my-app"),
    ("release/.fingerprint/my-app-0123456789abcdef/dep-bin-my-app", "0123456789abcdef", "my-app"),
    ("release/build/my-app-0123456789abcdef/out/gen.rs", "0123456789abcdef", "my-app"),
    (
      "x86_64-unknown-linux-musl/release/build/a-0123456789abcdef/build_script_build-fedcba9876543210",
      "0123456789abcdef", "a"
    ),
    // The layout of -Zbuild-dir-new-layout.
    ("release/build/my-app/0123456789abcdef/fingerprint/bin-my-app", "0123456789abcdef", "my-app"),
    ("release/build/my-app/0123456789abcdef/out/my_app.d", "0123456789abcdef", "my-app"),
    ("release/build/my-app/0123456789abcdef/out/build_script_build-fedcba9876543210", "0123456789abcdef", "my-app"),
    ("release/build/my-app/0123456789abcdef", "0123456789abcdef", "my-app"),
    // No unit's.
    ("release/deps/libplain.so", nil, nil), ("release/app", nil, nil), (".rustc_info.json", nil, nil),
    ("release/build/my-app", nil, nil), ("release/deps/app-0123456789ABCDEF", nil, nil),
    ("release/deps/app-0123456789abcde", nil, nil), ("release/deps/app-0123456789abcdef0", nil, nil),
    ("release/deps/app_0123456789abcdef", nil, nil), ("", nil, nil),
  ]

  @Test(arguments: hashes) func hashesAreFoundInBothLayouts(path: String, hash: String?, name: String?) {
    let found = UnitHash.find(in: Array(path.utf8)[...])
    #expect(found?.hash == hash)
    #expect(found?.name == name)
  }

  @Test func namesHaveOneSpelling() {
    for (name, expected) in [("serde_json", "serde-json"), ("libserde_json", "serde-json"), ("a-b", "a-b"), ("", "")] {
      #expect(UnitHash.plain(name[...]) == expected)
    }
  }
}
