// cache.json: the same state gives the same bytes, and what is no note is none.
import Testing

@testable import RustBuildpack

@Suite struct CacheNoteTests {
  private var note: CacheNote {
    var note = CacheNote()
    note.deployments = 12
    note.key = CacheKey(
      stack: "scalingo-24",
      link: "/tmp/rust-buildpack",
      toolchain: Toolchain(channel: "stable", version: "1.95.0", identity: "rustc 1.95.0"),
      profile: "release",
      environment: Environment(["RUSTFLAGS": Array("-C secret".utf8)])
    )
    var toolchain = Toolchain(channel: "stable", version: "1.95.0", identity: "rustc 1.95.0\nhost: x")
    toolchain.targets = ["wasm32-unknown-unknown"]
    toolchain.components = ["rust-src"]
    toolchain.release = "0123456789abcdef0123"
    note.toolchain = toolchain
    for part in CachePart.allCases {
      note.archives[part] = CacheArchive(
        name: "\(part.rawValue)-1.tar.zst",
        digest: "ab",
        size: 5_000_000_000,
        list: "cd",
        firstSize: 7
      )
    }
    note.dependencyUnits = ["00000000000000aa", "00000000000000bb"]
    return note
  }

  @Test func whatIsWrittenIsRead() throws {
    #expect(CacheNote(note.serialized) == note)
    #expect(CacheNote(CacheNote().serialized) == CacheNote())
    let read = try #require(CacheNote(note.serialized))
    #expect(read.archives[.own]?.size == 5_000_000_000)
    #expect(read.toolchain?.release == "0123456789abcdef0123")
  }

  @Test func theSameStateGivesTheSameBytes() throws {
    for _ in 1...10 { #expect(note.serialized == note.serialized) }
    #expect(try #require(CacheNote(note.serialized)).serialized == note.serialized)
    #expect(note.serialized.last == UInt8(ascii: "\n"))
  }

  @Test func valuesOfVariablesAreNotShown() {
    let text = String(decoding: note.serialized, as: UTF8.self)
    #expect(text.contains("RUSTFLAGS") && !text.contains("secret"))
  }

  /// A place in the whole note's text, what stands there instead, and whether that is a note.
  private static let changes: [(name: String, old: String, new: String, isNote: Bool)] = [
    ("nothing", "x", "x", true),
    ("deployments below zero", "\"deployments\": 12", "\"deployments\": -1", false),
    ("deployments that are no number", "\"deployments\": 12", "\"deployments\": 1.5", false),
    ("no key", "\"key\"", "\"k\"", false), ("no archives", "\"archives\"", "\"a\"", false),
    ("an unknown part", "\"own\"", "\"other\"", false), ("a folder in a name", "\"own-1.tar", "\"a/own-1.tar", false),
    ("a name that leads out", "\"own-1.tar.zst\"", "\"../own\"", false),
    ("an absolute name", "\"own-1.tar.zst\"", "\"/own\"", false), ("an empty name", "\"own-1.tar.zst\"", "\"\"", false),
    ("the folder itself", "\"own-1.tar.zst\"", "\".\"", false),
    ("a hidden name", "\"own-1.tar.zst\"", "\".own\"", false),
    ("a size that is text", "\"size\": 5000000000", "\"size\": \"5\"", false),
    ("no digest", "\"digest\"", "\"d\"", false), ("no first size", "\"first_size\"", "\"f\"", false),
    ("no toolchain", "\"channel\"", "\"c\"", true),
    ("no units", "\"dependency_units\"", "\"d\"", true),
    ("more than we know", "\"deployments\"", "\"new\": 1, \"deployments\"", true),
  ]

  @Test(arguments: changes)
  func whatIsNoStateIsNone(name: String, old: String, new: String, isNote: Bool) throws {
    let file = try JSON.parse(note.serialized)
    let text = try #require(file["state"]).serialized(indented: true)
    if old != new { try #require(text.contains(old), "\(text)") }
    let state = try JSON.parse(Array(text.replacing(old, with: new).utf8))
    #expect((CacheNote(state: state) != nil) == isNote)
  }

  @Test(arguments: [
    ("\"format\": 1", "\"format\": 2"), ("\"format\": 1", "\"format\": \"1\""), ("\"format\"", "\"f\""),
    ("\"digest\"", "\"d\""), ("\"state\"", "\"s\""), ("\"deployments\": 12", "\"deployments\": 13"),
  ])
  func whatDoesNotFitItsDigestIsNone(old: String, new: String) throws {
    let text = String(decoding: note.serialized, as: UTF8.self)
    let range = try #require(text.firstRange(of: old))
    #expect(CacheNote(Array((text[..<range.lowerBound] + new + text[range.upperBound...]).utf8)) == nil)
  }

  @Test func damagedBytesAreNoNote() {
    let whole = note.serialized
    for index in whole.indices {
      #expect(index >= whole.count - 1 || CacheNote(Array(whole[..<index])) == nil, "cut at \(index)")
      var damaged = whole
      damaged[index] ^= 4
      #expect(CacheNote(damaged) == nil, "byte \(index)")
    }
    for text in ["", "{", "[]", "{}", "null", "\u{0}"] { #expect(CacheNote(Array(text.utf8)) == nil) }
  }
}
