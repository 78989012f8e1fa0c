import Foundation
import Glibc
import StandIns
import Testing

@testable import RustBuildpack

/// Damage to the archives and to `cache.json`: the next deployment is right, says what it discarded, and writes nothing
/// outside our part of the cache.
@Suite(.needsStandIns, .serialized) struct CacheFaultTests {
  private enum Damage: String, CaseIterable {
    case removed, emptied, cut, random, folder, link, fifo
    case oneBit = "altered in one bit"
    case linkToTheSame = "a link to the same bytes"

    /// What the log says of a damaged archive, after its name.
    var words: String {
      switch self {
      case .removed: "is missing"
      case .emptied, .cut: "is damaged: its size is not the one noted"
      case .random, .oneBit: "is damaged: its digest is not the one noted"
      case .folder, .link, .linkToTheSame, .fifo: "is not a file"
      }
    }
  }

  @Test(.timeLimit(.minutes(60))) func anArchive() throws {
    let lab = try CacheLab()
    let cases = CachePart.allCases.flatMap { part in Damage.allCases.map { (part, $0) } }
    for (part, damage) in Faults.cut(cases, to: 10, "archives") {
      Faults.attempt("Cache", "\(part.rawValue) \(damage.rawValue)") {
        let name = try lab.archiveName(part)
        return try lab.trouble(reason: "Discarding from the build cache: \(part.title), since \(name) \(damage.words)")
        {
          try Self.apply(damage, to: "\($0)/\(name)", lab.outside)
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(60))) func theNote() throws {
    let lab = try CacheLab()
    for damage in Faults.cut(Damage.allCases, to: 5, "note") {
      Faults.attempt("Cache", "cache.json \(damage.rawValue)") {
        let words = damage == .removed ? "missing" : "damaged, or of another version of this buildpack"
        return try lab.trouble(reason: "Discarding the build cache: cache.json is \(words)") {
          try Self.apply(damage, to: $0 + "/cache.json", lab.outside)
        }
      }
    }
    // A digit more or less in a number is a note like any other, but for its digest.
    let count = Faults.isAll ? 200 : 20
    for number in 0..<count {
      Faults.attempt("Cache", "cache.json, a bit of it: \(number)") {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: lab.platform.rustCache + "/cache.json"))
        var changed = Array(bytes)
        changed[Int.random(in: 0..<changed.count)] ^= 1 << UInt8.random(in: 0..<8)
        guard let read = CacheNote(changed) else { return nil }
        return read == CacheNote(Array(bytes))
          ? nil : "another state is read: \(String(decoding: changed, as: UTF8.self))"
      }
    }
    Faults.attempt("Cache", "cache.json of a later version") {
      try lab.trouble(reason: "cache.json is damaged, or of another version of this buildpack") {
        try shell("sed -i 's/\"format\": 1/\"format\": 2/' \"$1/cache.json\"", $0)
      }
    }
  }

  private static func apply(_ damage: Damage, to path: String, _ outside: String) throws {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    switch damage {
    case .removed: try FileManager.default.removeItem(atPath: path)
    case .emptied: truncate(path, 0)
    case .cut: truncate(path, size / 2)
    case .random, .oneBit:
      // Times tell nothing.
      var status = stat()
      stat(path, &status)
      let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      if damage == .random {
        handle.write(Data((0..<size).map { _ in UInt8.random(in: 0...255) }))
      } else {
        let place = UInt64.random(in: 0..<UInt64(size))
        try handle.seek(toOffset: place)
        let byte = try handle.read(upToCount: 1)?.first ?? 0
        try handle.seek(toOffset: place)
        handle.write(Data([byte ^ 1 << UInt8.random(in: 0..<8)]))
      }
      try handle.close()
      utimensat(AT_FDCWD, path, [status.st_atim, status.st_mtim], 0)
    case .folder:
      try FileManager.default.removeItem(atPath: path)
      try makeFolder(path + "/sub")
      try Data("x".utf8).write(to: URL(fileURLWithPath: path + "/sub/file"))
    case .link:
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside + "/a")
    case .linkToTheSame:
      try shell("mv \"$1\" \"$2.elsewhere\" && ln -s \"$2.elsewhere\" \"$1\"", path, outside)
    case .fifo:
      try FileManager.default.removeItem(atPath: path)
      mkfifo(path, 0o600)
    }
  }
}
