import Glibc
import Testing

@testable import RustBuildpack

/// An app's sources in a real folder, deployed without cargo, and the record that the last success left.
final class SourceLab {
  /// How a deployment ends.
  enum Ending: String, CustomTestStringConvertible, Sendable {
    case complete, failed
    var testDescription: String { rawValue }
  }

  let folder: TemporaryFolder
  private(set) var sources: FilePath
  private(set) var record: SourceRecord?
  /// How many deployments have succeeded.
  private(set) var number: UInt32 = 0
  private var moves = 0
  var cache: FilePath { folder["cache"] }

  init() throws {
    folder = try TemporaryFolder()
    sources = folder["build"]
    try sources.makeDirectories()
    try cache.makeDirectories()
  }

  /// Two packages with links of every kind, and what no compiler can read.
  func writeApp() throws {
    try write("Cargo.toml", "[package]")
    try write("src/a.rs", "aaaa")
    try write("src/b.rs", "bbbb")
    try write("data/deep/x.txt", "x")
    try write("data/y.txt", "")
    try write("p/Cargo.toml", "[package]")
    try write("p/src/lib.rs", "lib")
    try link("link", to: "src/a.rs")
    try link("chain", to: "link")
    try link("folder", to: "data")
    try link("junk/nowhere", to: "nothing")
    try link("junk/loop", to: "loop")
    _ = sources.appending("junk/pipe").withCString { mkfifo($0, 0o644) }
    try sources.appending("junk").appending(bytes: [0xff, 0xfe]).write(Array("not UTF-8".utf8))
  }

  func path(_ name: String) -> FilePath { sources.appending(name) }

  func write(_ name: String, _ text: String) throws {
    try path(name).parent.makeDirectories()
    try path(name).write(Array(text.utf8))
  }

  func link(_ name: String, to text: FilePath) throws {
    try path(name).parent.makeDirectories()
    try path(name).makeLink(to: text)
  }

  func remove(_ name: String) throws { try path(name).removeTree() }

  /// Gives the sources another path, as every deployment does.
  func move() throws {
    moves += 1
    let new = folder["build-\(moves)"]
    try sources.rename(to: new)
    sources = new
  }

  /// Does what a deployment does around cargo. `script` is the app's script, `build` what cargo does to the sources.
  @discardableResult
  func deploy(
    _ ending: Ending = .complete,
    readers: [SourceRecord.Reader] = [],
    buildScripts: [FilePath] = [],
    script: (() throws -> Void)? = nil,
    build: () throws -> Void = {}
  ) throws -> SourceChanges {
    var freshness = try Freshness(sources, excluding: cache, number: number + 1, record: record)
    try script?()
    if script != nil || freshness.wasBuiltOtherwise { try freshness.readAgain() }
    try build()
    guard ending == .complete else { return freshness.changes }
    let written = try freshness.written()
    let next = freshness.record(written: written, buildScripts: buildScripts, readers: readers)
    record = SourceRecord(next.serialized)
    number += 1
    return freshness.changes
  }

  /// The numbers that the times of all entries stand for; the build directory is ".", and what shows no deployment's
  /// time has -1.
  func numbers() throws -> [String: Int64] {
    var found: [String: Int64] = [:]
    func note(_ name: String, _ time: Timestamp) {
      let number = time.seconds - DeploymentClock.source(0).seconds
      found[name] = time.nanoseconds == 0 && (0..<1_000).contains(number) ? number : -1
    }
    note(".", try sources.status()?.modified ?? Timestamp(seconds: 0))
    try sources.walk { (path, status) throws(FileError) in
      note(String(decoding: path.bytes.dropFirst(sources.bytes.count + 1), as: UTF8.self), status.modified)
      return true
    }
    return found
  }

  /// The entries that show this number.
  func entries(numbered number: Int64) throws -> Set<String> {
    Set(try numbers().filter { $0.value == number }.keys)
  }
}
