import Foundation
import StandIns

@testable import RustBuildpack

// The archives in a platform's cache, opened and made by hand.
extension Platform {
  /// An archive that `cache.json` names: its path and its size in bytes.
  func archive(_ part: CachePart) throws -> (path: String, size: Int64) {
    let path = try "\(rustCache)/\(SealedCache.name(part, in: rustCache))"
    return (path, try FilePath(path).status()?.size ?? 0)
  }

  /// The names in an archive, folders with a slash behind them.
  func archived(_ part: CachePart) throws -> [String] {
    try shell("tar -I zstd -tf \"$1\"", archive(part).path).split(separator: "\n").map { String($0) }
  }

  /// Changes what an archive holds by a shell script that runs where it is unpacked, and makes `cache.json` fit it.
  func repack(_ part: CachePart, _ script: String) throws {
    let draft = folder + "/repacked"
    try? FileManager.default.removeItem(atPath: draft)
    try makeFolder(draft)
    let steps = "cd \"$1\" && tar -I zstd -xf \"$2\" && eval \"$3\" && tar --format=pax -I zstd -cf \"$2\" *"
    try shell(steps, draft, archive(part).path, script)
    try SealedCache.sign(part, in: rustCache)
  }
}
