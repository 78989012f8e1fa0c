// The record's bytes: what is written is read, and what is damaged is none.
import Testing

@testable import RustBuildpack

@Suite struct SourceRecordTests {
  private func record() throws -> SourceRecord {
    let lab = try SourceLab()
    try lab.write("a", "1")
    try lab.write("src/b.rs", "2")
    try lab.link("l", to: "src/b.rs")
    let pushed = try SourceScan(lab.sources, excluding: lab.cache, previous: nil).entries
    try lab.write("c", "3")
    let built = try SourceScan(lab.sources, excluding: lab.cache, previous: nil).entries
    return SourceRecord(
      pushed: pushed,
      built: built,
      written: [SourceRecord.Written(path: "src/b.rs", digest: "12ab")],
      buildScripts: ["build.rs", "p/build.rs"],
      readers: [
        SourceRecord.Reader(
          package: "p \"quoted\"",
          roots: ["p/src/lib.rs"],
          files: ["p/src/lib.rs", "p/a b.txt"],
          folders: ["", "p/assets"],
          readsManifestsAlone: true
        )
      ]
    )
  }

  @Test func whatIsWrittenIsRead() throws {
    let folder = try TemporaryFolder()
    let record = try record()
    try record.write(folder["sources.record"])
    let read = try #require(SourceRecord.read(folder["sources.record"]))
    #expect(read.pushed.bytes == record.pushed.bytes && read.pushed.offsets == record.pushed.offsets)
    #expect(read.built?.bytes == record.built?.bytes)
    #expect(read.written == record.written)
    #expect(read.buildScripts == record.buildScripts)
    #expect(read.readers == record.readers)
    #expect(read.serialized == record.serialized)
  }

  @Test func withoutAScriptThereIsOneList() throws {
    let whole = try record()
    let plain = SourceRecord(pushed: whole.pushed, built: nil, written: [], buildScripts: [], readers: [])
    let read = try #require(SourceRecord(plain.serialized))
    #expect(read.built == nil && read.written.isEmpty && read.readers.isEmpty)
    #expect(read.pushed.count == 5)
  }

  @Test func damagedBytesAreNoCrash() throws {
    let whole = try record().serialized
    #expect(SourceRecord(whole) != nil)
    for index in whole.indices {
      #expect(SourceRecord(Array(whole[..<index])) == nil, "cut at \(index)")
      for bit: UInt8 in [1, 0x80] {
        var damaged = whole
        damaged[index] ^= bit
        // A digest or a path with another bit is a record all the same: the archive's digest settles that it is whole.
        guard let read = SourceRecord(damaged) else { continue }
        for position in 0..<read.pushed.count { _ = read.pushed[position] }
        if let built = read.built { for position in 0..<built.count { _ = built[position] } }
      }
    }
    #expect(SourceRecord(whole + [0]) == nil)
    #expect(SourceRecord([]) == nil)
    #expect(SourceRecord(Array("rust-buildpack sources 4\n".utf8) + whole.dropFirst(25)) == nil)
  }

  @Test func hugeLengthsAreNoCrash() throws {
    let whole = try record().serialized
    for start in [25, 29, 33, 37, 41 + 39, 41 + 43] {
      for byte: UInt8 in [0x7F, 0xFF, 0xFE] {
        var damaged = whole
        for index in start..<(start + 4) { damaged[index] = byte }
        _ = SourceRecord(damaged)
      }
    }
  }

  @Test(arguments: ["lost", "a folder", "a link", "a FIFO"]) func whatIsNoFileIsNoRecord(how: String) throws {
    let folder = try TemporaryFolder()
    switch how {
    case "a folder": try folder.makeFolder("record")
    case "a link": try folder.link("record", to: "nothing")
    case "a FIFO": try folder.fifo("record")
    default: break
    }
    #expect(SourceRecord.read(folder["record"]) == nil)
  }

  @Test func pathsThatAreNotTextSurviveInTheEntries() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy()
    #expect(try lab.deploy().isNone)
  }
}
