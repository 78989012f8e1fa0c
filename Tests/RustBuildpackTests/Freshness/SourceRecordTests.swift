import Foundation
import Testing

@testable import RustBuildpack

@Suite struct SourceRecordTests {
  private func bytes(_ lab: SourceLab) throws -> [UInt8] { try FilePath(lab.record).contents() }

  @Test(arguments: [
    ArtifactState.complete(1_700_000_000), .unfinished(known: [], pending: nil, distinct: true),
    .unfinished(known: [5, 6], pending: 7, distinct: false), .unknown,
  ])
  func whatIsWrittenIsRead(state: ArtifactState) throws {
    let lab = try SourceLab()
    try lab.write("a", "1")
    let scan = try SourceScan(FilePath(lab.sources), excluding: FilePath(lab.folder + "/cache"), previous: nil)
    let record = SourceRecord(artifacts: state, latest: 9, roots: ["/build/1", "/build/2"], entries: scan.entries)
    try record.write(FilePath(lab.record))
    let read = try #require(SourceRecord.read(FilePath(lab.record)))
    #expect(read.record.artifacts == state)
    #expect(read.record.latest == 9)
    #expect(read.record.roots == ["/build/1", "/build/2"])
    #expect(read.record.entries.bytes == scan.entries.bytes)
    #expect(read.precision == .exact)
  }

  @Test func aDamagedRecordIsNone() throws {
    let lab = try SourceLab()
    try lab.write("a", "1")
    try lab.deploy()
    let whole = try bytes(lab)
    for index in whole.indices {
      var damaged = whole
      damaged[index] ^= 1
      try FilePath(lab.record).write(damaged)
      #expect(SourceRecord.read(FilePath(lab.record)) == nil, "byte \(index)")
      try FilePath(lab.record).write(whole[..<index])
      #expect(SourceRecord.read(FilePath(lab.record)) == nil, "cut at \(index)")
    }
    try FilePath(lab.record).write(whole + [0])
    #expect(SourceRecord.read(FilePath(lab.record)) == nil)
    try FilePath(lab.record).write(whole)
    #expect(SourceRecord.read(FilePath(lab.record)) != nil)
  }

  @Test func theRecordOfAnotherVersionIsNone() throws {
    let lab = try SourceLab()
    try lab.write("a", "1")
    try lab.deploy()
    var other = Array(try bytes(lab).dropLast(32))
    other[SourceRecord.format.count - 2] = UInt8(ascii: "1")
    try FilePath(lab.record).write(other + SHA256.hash(other).bytes)
    #expect(SourceRecord.read(FilePath(lab.record)) == nil)
  }

  @Test(arguments: ["lost", "a folder", "a link"]) func withoutARecordAllIsChanged(how: String) throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "a")
    try FilePath(lab.record).removeTree()
    if how == "a folder" { try FilePath(lab.record).makeDirectories() }
    if how == "a link" { try FilePath(lab.record).makeLink(to: "nothing") }
    if how == "a folder" {
      #expect(throws: FileError.self, "the caller removes it") { try lab.deploy(.killed) }
      return
    }
    let changes = try lab.deploy(.killed)
    #expect(!changes.hadRecord)
    let artifact = try lab.time(ofArtifact: "a")
    #expect(try lab.times().values.allSatisfy { $0 > artifact })
  }
}

extension SourceLab.Ending: CustomStringConvertible {
  var description: String {
    switch self {
    case .complete: "complete"
    case .failed: "failed"
    case .killed: "killed"
    }
  }
}
