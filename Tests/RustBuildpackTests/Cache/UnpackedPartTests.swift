// What an archive brought, and whether it is put in its place.
import Testing

@testable import RustBuildpack

@Suite struct UnpackedPartTests {
  let folder: TemporaryFolder
  private var work: WorkLayout { WorkLayout(folder["link"]) }

  init() throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("link")
    try folder.write("outside", to: "outside/file")
    try folder.link("link/app", to: folder["outside"])
  }

  private func place(_ part: CachePart) throws -> Bool { try UnpackedPart(part, in: work).place() }

  private func write(_ part: CachePart, _ name: String) throws {
    try folder.write("\(part)", to: "link/.unpacked-\(part.rawValue)/\(name)")
  }

  @Test(
    arguments: [
      (.toolchain, ["rustup/toolchains/a", "cargo/bin/cargo"]), (.toolchain, ["rustup/a"]),
      (.crates, ["cargo/registry/cache/a.crate", "cargo/git/db/a"]), (.dependencies, ["target/release/a"]),
      (.own, ["target/release/b", "sources.record"]), (.own, ["sources.record"]), (.hooks, ["hooks/target/a"]),
      (.tools, ["tools/a/bin/a", "sccache/a"]),
    ] as [(CachePart, [String])]
  )
  func whatBelongsThereIsMoved(part: CachePart, names: [String]) throws {
    for name in names { try write(part, name) }
    #expect(try place(part))
    let files = try folder.listing("link").filter { !$0.hasSuffix("/") && !$0.contains("->") }
    #expect(files == names.sorted())
    #expect(!folder["link/.unpacked-\(part.rawValue)"].exists)
  }

  @Test func twoPartsShareFolders() throws {
    try write(.toolchain, "cargo/bin/cargo")
    try write(.crates, "cargo/registry/a")
    try write(.own, "target/release/deps/own")
    try write(.own, "target/shared")
    try write(.dependencies, "target/release/deps/other")
    try write(.dependencies, "target/shared")
    for part in [CachePart.crates, .own, .dependencies, .toolchain] { #expect(try place(part)) }
    #expect(
      try folder.listing("link").filter { !$0.hasSuffix("/") && !$0.contains("->") } == [
        "cargo/bin/cargo", "cargo/registry/a", "target/release/deps/other", "target/release/deps/own", "target/shared",
      ]
    )
  }

  /// What an archive brought beside or instead of what belongs there.
  private static let strange: [(name: String, make: @Sendable (TemporaryFolder) throws -> Void)] = [
    ("nothing", { _ in }), ("another part's folder", { try $0.write("", to: "rustup/a") }),
    ("a file beside it", { try $0.write("", to: "a") }), ("the app", { try $0.write("", to: "app/src/main.rs") }),
    ("a file in its place", { try $0.write("", to: "cargo/registry") }),
    ("a link in its place", { try $0.link("cargo/registry", to: "/etc") }),
    ("a link above it", { try $0.link("cargo", to: "/") }),
    (
      "a FIFO in its place",
      { folder in
        try folder.makeFolder("cargo")
        try folder.fifo("cargo/registry")
      }
    ),
  ]

  @Test(arguments: strange)
  func whatDoesNotBelongThereIsRefused(name: String, make: @Sendable (TemporaryFolder) throws -> Void) throws {
    let archive = try TemporaryFolder()
    if name.contains("beside") || name == "the app" || name.contains("another") {
      try archive.write("", to: "cargo/registry/a")
    }
    try make(archive)
    try archive.path.rename(to: folder["link/.unpacked-crates"])
    #expect(try !place(.crates))
    #expect(!work.cargo.exists && !work.rustup.exists)
    #expect(try folder.listing("outside") == ["file"])
  }
}
