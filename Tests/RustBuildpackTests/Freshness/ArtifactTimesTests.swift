import Foundation
import Glibc
import Testing

@testable import RustBuildpack

/// What a way between two builds does to the times in the cache.
private struct Way: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Whether artefacts of an unfinished build can still be told from older ones.
  let keepsOrder: Bool
  let time: @Sendable (Timestamp) -> Timestamp
}

private let ways = [
  Way(testDescription: "exact", keepsOrder: true) { $0 },
  Way(testDescription: "whole seconds", keepsOrder: true) { Timestamp(seconds: $0.seconds) },
  Way(testDescription: "even seconds", keepsOrder: false) { Timestamp(seconds: $0.seconds / 2 * 2) },
  Way(testDescription: "now", keepsOrder: false) { _ in Clock.now },
  Way(testDescription: "1970", keepsOrder: false) { _ in Timestamp(seconds: 0) },
]

@Suite struct ArtifactTimesTests {
  @Test(arguments: ways) private func afterACompleteBuildNothingDependsOnTheWay(way: Way) throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "a")
    try lab.setCacheTimes(way.time)
    try lab.move()
    #expect(try lab.deploy(.killed).changedFiles == 0)
    let artifact = try lab.time(ofArtifact: "a")
    #expect(try lab.times().values.allSatisfy { $0 < artifact })
    try lab.write("src/a.rs", "AAAA")
    try lab.deploy(.killed)
    #expect(try #require(try lab.times()["src/a.rs"]) > lab.time(ofArtifact: "a"))
  }

  @Test(arguments: ways, [SourceLab.Ending.failed, .killed])
  private func afterAnUnfinishedBuildOldArtefactsStayOld(way: Way, ending: SourceLab.Ending) throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "old")
    usleep(2_100_000)
    try lab.write("src/a.rs", "AAAA")
    try lab.deploy(ending, making: "new")
    try lab.setCacheTimes(way.time)
    let changes = try lab.deploy(.killed)
    let source = try #require(try lab.times()["src/a.rs"])
    #expect(try source > lab.time(ofArtifact: "old"))
    if way.keepsOrder {
      #expect(try source < lab.time(ofArtifact: "new"))
      #expect(changes.allChangedReason == nil)
    } else {
      #expect(try source > lab.time(ofArtifact: "new"), "nothing is fresh when times can't be told")
      #expect(changes.allChangedReason != nil)
    }
  }

  @Test func aClockThatWentBackIsOvertaken() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "a")
    let path = FilePath(lab.record)
    var record = try #require(SourceRecord.read(path)).record
    let ahead = Clock.now.seconds + 86_400
    record.latest = ahead
    record.artifacts = .complete(ahead)
    try record.write(path)
    for round in 1...3 {
      try lab.write("src/a.rs", "AA\(round)")
      try lab.deploy(round == 2 ? .failed : .complete, making: "b")
      try lab.deploy(.killed)
      let source = try #require(try lab.times()["src/a.rs"])
      #expect(source > Timestamp(seconds: ahead))
      #expect(try source < lab.time(ofArtifact: "b"))
    }
    try lab.write("src/a.rs", "last")
    try lab.deploy(.killed)
    #expect(try #require(try lab.times()["src/a.rs"]) > lab.time(ofArtifact: "b"))
  }

  @Test func manyDeploymentsWithinOneSecondStayInOrder() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "a")
    for round in 0..<12 {
      try lab.write("src/a.rs", "\(round)")
      try lab.deploy(.killed)
      #expect(try #require(try lab.times()["src/a.rs"]) > lab.time(ofArtifact: "a"))
      try lab.build("a")
      if round % 3 == 0 { continue }
      try lab.deploy(.complete)
      try lab.deploy(.killed)
      #expect(try #require(try lab.times()["src/a.rs"]) < lab.time(ofArtifact: "a"))
    }
  }

  @Test func sourcesOfCratesStayOldInACopiedCache() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    let crate = FilePath(lab.folder + "/cache/rust/cargo/registry/src/index/c-1.0.0/build.rs")
    try crate.parent.makeDirectories()
    try crate.write([1])
    try lab.deploy(making: "a")
    try lab.setCacheTimes { _ in Timestamp(seconds: Clock.now.seconds + 100) }
    try lab.deploy(.killed)
    #expect(try #require(try crate.status()).modified < lab.time(ofArtifact: "a"))
  }

  @Test func aTimeThatTheFileSystemCutsIsAnError() throws {
    let lab = try SourceLab()
    try lab.writeApp()
    try lab.deploy(making: "a")
    let path = FilePath(lab.record)
    var record = try #require(SourceRecord.read(path)).record
    record.latest = 1 << 36
    record.artifacts = .complete(1 << 36)
    try record.write(path)
    try lab.write("src/a.rs", "AAAA")
    let probe = FilePath(lab.sources + "/src/b.rs")
    try probe.setModified(Timestamp(seconds: 1 << 36))
    if try probe.status()?.modified.seconds == 1 << 36 { return }
    #expect(throws: FileError.self) { try lab.deploy(.killed) }
  }
}
