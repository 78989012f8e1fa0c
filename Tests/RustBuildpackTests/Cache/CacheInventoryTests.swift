// What a deployment finds of the damage that its cache took on the way, and how much it throws away for it.
import Testing

@testable import RustBuildpack

@Suite struct CacheInventoryTests {
  let folder: TemporaryFolder
  private let layout: CacheLayout
  private let log = Log(colored: false)

  /// What a deployment leaves: something in each part, small and large.
  private static let files = [
    "rustup/settings.toml", "rustup/toolchains/stable/bin/rustc", "cargo/registry/cache/index-1/one-1.0.0.crate",
    "cargo/registry/src/index-1/one-1.0.0/lib.rs", "cargo/registry/src/index-1/two-1.0.0/lib.rs",
    "cargo/registry/index/index-1/config.json", "cargo/git/db/three/HEAD", "target/release/app",
  ]

  init() throws {
    folder = try TemporaryFolder()
    layout = CacheLayout(folder["cache"])
    for name in Self.files { try folder.write("content of \(name)", to: "cache/rust/\(name)") }
    try folder.write(String(repeating: "x", count: 200_000), to: "cache/rust/target/release/large")
    try folder.link("cache/rust/target/release/link", to: "app")
    try folder.write("record", to: "cache/rust/sources.record")
    _ = try CacheInventory.write(layout, since: nil)
  }

  /// The files that are gone after the next deployment has looked.
  private func discarded() throws -> Set<String> {
    let before = Set(try folder.listing("cache/rust"))
    _ = try CacheInventory.discardDamaged(layout, log)
    return before.subtracting(try folder.listing("cache/rust")).filter { !$0.hasSuffix("/") }
  }

  private static let compiled: Set<String> = [
    "inventory", "sources.record", "target/release/app", "target/release/large", "target/release/link -> app",
  ]
  private static let rust: Set<String> = [
    "inventory", "rustup/settings.toml", "rustup/toolchains/stable/bin/rustc",
  ]

  @Test func findsNothingWhereNothingHappened() throws {
    for name in Self.files { try folder["cache/rust/\(name)"].setModified(Timestamp(seconds: 1)) }
    try folder.write("added", to: "cache/rust/target/release/new")
    try folder.write("changed", to: "cache/rust/sources.record")
    try folder.write("changed", to: "cache/rust/cargo/.global-cache")
    try folder.write("changed", to: "cache/rust/target/release/.cargo-lock")
    #expect(try discarded() == ["inventory"])
    #expect(try discarded() == [])
  }

  private static let lacks: [(String, Set<String>)] = [
    ("rustup/toolchains/stable/bin/rustc", rust),
    ("cargo/registry/cache/index-1/one-1.0.0.crate", ["inventory"]),
    ("cargo/registry/src/index-1/one-1.0.0/lib.rs", ["inventory"]),
    ("cargo/registry/index/index-1/config.json", ["inventory"]),
    ("cargo/git/db/three/HEAD", ["inventory"]),
    ("target/release/app", compiled),
  ]

  @Test(arguments: lacks)
  func discardsThePartThatLacksAFile(name: String, expected: Set<String>) throws {
    try folder["cache/rust/\(name)"].removeTree()
    #expect(try discarded() == expected.subtracting([name]))
  }

  private static let spoilt: [(String, Set<String>)] = [
    ("rustup/settings.toml", rust),
    ("cargo/registry/cache/index-1/one-1.0.0.crate", ["inventory", "cargo/registry/cache/index-1/one-1.0.0.crate"]),
    ("cargo/registry/src/index-1/two-1.0.0/lib.rs", ["inventory", "cargo/registry/src/index-1/two-1.0.0/lib.rs"]),
    ("target/release/app", compiled),
  ]

  @Test(arguments: spoilt)
  func discardsThePartWithOtherBytes(name: String, expected: Set<String>) throws {
    let file = folder["cache/rust/\(name)"]
    var content = try file.contents()
    content[content.count / 2] ^= 1
    try file.write(content)
    #expect(try discarded() == expected)
  }

  @Test(arguments: [0, 100_000, 199_999])
  func looksAtBeginningMiddleAndEndOfALargeFile(place: Int) throws {
    let file = folder["cache/rust/target/release/large"]
    var content = try file.contents()
    content[place] ^= 1
    try file.write(content)
    #expect(try discarded() == Self.compiled)
  }

  @Test func seesAnotherKindAndAnotherEndOfALink() throws {
    try folder["cache/rust/target/release/link"].removeTree()
    try folder.link("cache/rust/target/release/link", to: "large")
    #expect(try discarded().contains("target/release/app"))
    _ = try CacheInventory.write(layout, since: nil)
    try folder["cache/rust/rustup/settings.toml"].removeTree()
    try folder.makeFolder("cache/rust/rustup/settings.toml")
    #expect(try discarded() == Self.rust.subtracting(["rustup/settings.toml"]))
  }

  @Test func trustsNoDamagedInventory() throws {
    var content = try layout.inventory.contents()
    content[content.count / 2] ^= 1
    try layout.inventory.write(content)
    try folder["cache/rust/target/release/app"].removeTree()
    #expect(try discarded() == ["inventory"])
  }

  @Test func countsAllThatIsThere() throws {
    let size = try CacheInventory.write(layout, since: nil)
    try folder.write(String(repeating: "x", count: 1 << 20), to: "cache/rust/tools/diesel/bin/diesel")
    #expect(try CacheInventory.write(layout, since: nil) == size + (1 << 20))
    #expect(layout.root.allocatedSize() == size + (1 << 20))
  }

  /// A listing that follows another takes over what was not touched; a change that keeps size and time is seen all the
  /// same, be it long after the file was made or at once.
  @Test(arguments: [0.0, 3.2])
  func readsAgainWhatWasTouched(secondsBefore: Double) throws {
    Clock.sleep(seconds: secondsBefore)
    let file = folder["cache/rust/target/release/app"]
    let time = try #require(try file.status()).modified
    let before = try CacheListing(layout)
    #expect(try CacheListing(layout, since: before).entries == before.entries)
    var content = try file.contents()
    content[3] ^= 1
    try file.write(content)
    try file.setModified(time)
    let after = try CacheListing(layout, since: before)
    #expect(after.entries != before.entries)
    #expect(try CacheListing(layout).entries == after.entries)
  }
}
