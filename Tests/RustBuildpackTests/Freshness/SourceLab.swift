import Foundation
import Glibc

@testable import RustBuildpack

/// Sources, a target directory and a record in a real folder, deployed without cargo; gone when the test ends.
final class SourceLab {
  /// How a deployment ends.
  enum Ending { case complete, failed, killed }

  let folder: String
  private(set) var sources: String
  private var moves = 0
  var target: String { folder + "/cache/rust/target" }
  var record: String { folder + "/cache/rust/sources.record" }

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/freshness-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    sources = folder + "/build"
    try FileManager.default.createDirectory(atPath: folder + "/cache/rust", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: true)
  }

  deinit {
    _ = try? FilePath(folder).removeTree()
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
    mkfifo(sources + "/junk/pipe", 0o644)
    try FilePath(bytes: Array((sources + "/junk/").utf8) + [0xff, 0xfe]).write(Array("not UTF-8".utf8))
  }

  func write(_ path: String, _ text: String) throws {
    let full = "\(sources)/\(path)"
    let parent = (full as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    unlink(full)
    try Data(text.utf8).write(to: URL(fileURLWithPath: full))
  }

  func link(_ path: String, to text: String) throws {
    let parent = ("\(sources)/\(path)" as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try FilePath("\(sources)/\(path)").makeLink(to: FilePath(text))
  }

  func remove(_ path: String) throws { try FilePath("\(sources)/\(path)").removeTree() }

  /// Gives the sources another path, as every deployment does.
  func move() throws {
    moves += 1
    let new = "\(folder)/build-\(moves)"
    try FileManager.default.moveItem(atPath: sources, toPath: new)
    sources = new
  }

  /// Writes a file of the target directory, as a build does that runs now.
  func build(_ name: String) throws {
    let deps = target + "/release/deps"
    try FileManager.default.createDirectory(atPath: deps, withIntermediateDirectories: true)
    try Data("artefact".utf8).write(to: URL(fileURLWithPath: "\(target)/release/deps/\(name)"))
  }

  func time(ofArtifact name: String) throws -> Timestamp {
    try FilePath("\(target)/release/deps/\(name)").status()?.modified ?? Timestamp(seconds: -1)
  }

  /// Does what a deployment does around cargo; `artifact` is what the build makes.
  @discardableResult
  func deploy(_ ending: Ending = .complete, making artifact: String? = nil) throws -> SourceChanges {
    var freshness = try Freshness(
      sources: FilePath(sources),
      target: FilePath(target),
      record: FilePath(record),
      crates: FilePath(folder + "/cache/rust/cargo"),
      cache: FilePath(folder + "/cache")
    )
    if let artifact { try build(artifact) }
    switch ending {
    case .complete: try freshness.endComplete(compiled: artifact != nil)
    case .failed: try freshness.endUnfinished()
    case .killed: break
    }
    return freshness.changes
  }

  /// The times of all entries below the build directory, which is "." itself.
  func times() throws -> [String: Timestamp] {
    let root = FilePath(sources)
    var times = [".": try root.status()?.modified ?? Timestamp(seconds: 0)]
    try root.walk { (path, status) throws(FileError) in
      times[String(decoding: path.bytes.dropFirst(root.bytes.count + 1), as: UTF8.self)] = status.modified
      return true
    }
    return times
  }

  /// The entries that get another time in a deployment after `edit`, beside the paths that are new.
  func changed(by edit: (SourceLab) throws -> Void) throws -> Set<String> {
    let before = try times()
    try edit(self)
    try move()
    try deploy()
    return Set(try times().filter { before[$0.key] != $0.value }.keys)
  }

  /// Sets the times of everything in the cache, the record's too.
  func setCacheTimes(_ time: (Timestamp) -> Timestamp) throws {
    let root = FilePath(folder + "/cache")
    try root.walk { (path, status) throws(FileError) in
      try path.setModified(time(status.modified))
      return true
    }
  }
}
