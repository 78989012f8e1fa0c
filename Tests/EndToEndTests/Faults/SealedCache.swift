import Foundation
import StandIns

@testable import RustBuildpack

/// What stands in our part of CACHE_DIR between deployments: `cache.json`, and the archives that it names.
struct SealedCache: Equatable {
  /// The bytes of `cache.json`; nil when there is none.
  let note: Data?
  /// The digest of each named archive's bytes; of one that is missing or unreadable, why.
  let archives: [String: String]
  /// Why this is not a whole state; nil when it is, and when there is nothing at all.
  let trouble: String?

  init(_ folder: String) throws {
    let path = folder + "/cache.json"
    guard FileManager.default.fileExists(atPath: path) else {
      (note, archives, trouble) = (nil, [:], nil)
      return
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    guard let state = CacheNote(Array(bytes)) else {
      (note, archives, trouble) = (bytes, [:], "cache.json is not whole")
      return
    }
    var found: [String: String] = [:]
    var troubles: [String] = []
    for archive in state.archives.values {
      let file = FilePath("\(folder)/\(archive.name)")
      let digest = (try? BLAKE2b.hash(file: file, followingLinks: false).hex) ?? "missing"
      found[archive.name] = digest
      if digest != archive.digest { troubles.append("\(archive.name) is \(digest) instead of \(archive.digest)") }
    }
    (note, archives, trouble) = (bytes, found, troubles.isEmpty ? nil : troubles.joined(separator: ", "))
  }

  /// Lets `cache.json` name an archive as it is now: with the digest and size of the file.
  static func sign(_ part: CachePart, in folder: String) throws {
    let path = FilePath(folder + "/cache.json")
    guard var state = CacheNote(try path.contents()), let old = state.archives[part] else { throw Failure("no note") }
    let file = FilePath("\(folder)/\(old.name)")
    state.archives[part] = CacheArchive(
      name: old.name,
      digest: try BLAKE2b.hash(file: file, followingLinks: false).hex,
      size: try file.status()?.size ?? 0,
      list: old.list,
      firstSize: old.firstSize
    )
    try path.write(state.serialized)
  }

  /// The name of a part's archive.
  static func name(_ part: CachePart, in folder: String) throws -> String {
    let note = CacheNote(try FilePath(folder + "/cache.json").contents())
    guard let archive = note?.archives[part] else { throw Failure("the cache has no archive of \(part.title)") }
    return archive.name
  }
}

/// The names in a folder that a clean deployment would not leave in our part of CACHE_DIR.
func strayNames(in folder: String) throws -> [String] {
  let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  let named = CacheNote((try? FilePath(folder + "/cache.json").contents()) ?? [])?.archives.values.map(\.name) ?? []
  return names.filter { $0 != "cache.json" && $0 != "lock" && !named.contains($0) }
}
