import Foundation
import Glibc

// What happens to the cache between deployments, and to the times of sources on their way.
extension RandomHistory {
  mutating func harmCache(_ numbers: inout SeededNumbers) throws {
    guard FileManager.default.fileExists(atPath: platform.rustCache) else { return }
    // What a deployment that was killed left running may still write; no platform packs the cache then.
    let limit = Date(timeIntervalSinceNow: 20)
    while !processes(in: platform.folder).isEmpty, Date() < limit { usleep(20_000) }
    switch Int.random(in: 0..<24, using: &numbers) {
    case 0, 1:
      history.append("  the cache moves through an archive with whole seconds")
      try platform.archiveCache()
    case 2, 3:
      history.append("  the cache is copied to another path without times")
      try platform.copyCacheWithoutTimes()
    case 4, 5, 6: try damage(&numbers)
    default: break
    }
  }

  private mutating func damage(_ numbers: inout SeededNumbers) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: platform.rustCache).sorted()
    let files = names.filter { $0 == "cache.json" || $0.contains(".tar") }
    guard let name = files.randomElement(using: &numbers) else { return }
    let path = "\(platform.rustCache)/\(name)"
    guard var bytes = FileManager.default.contents(atPath: path), !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &numbers)
    switch Int.random(in: 0..<3, using: &numbers) {
    case 0:
      history.append("  lose \(name)")
      try FileManager.default.removeItem(atPath: path)
    case 1:
      history.append("  cut \(name)")
      try bytes.prefix(place).write(to: URL(fileURLWithPath: path))
    default:
      history.append("  damage \(name)")
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      try bytes.write(to: URL(fileURLWithPath: path))
    }
    harmed.insert(name.split(separator: "-").first.map(String.init) ?? name)
  }

  /// Gives everything in a folder times that mean nothing; in words.
  func scrambleTimes(below folder: String, _ numbers: inout SeededNumbers) throws -> String {
    let now = time(nil)
    let choices: [(String, () -> Int)] = [
      ("now", { now }), ("1970", { 0 }), ("1980", { 315_532_800 }), ("2100", { 4_102_444_800 }),
      ("an hour ago", { now - 3_600 }), ("a commit's", { now - 40 }), ("in five seconds", { now + 5 }),
      ("as of the first deployment", { 946_684_801 }),
    ]
    var random = SeededNumbers(seed: numbers.next())
    let choice = Int.random(in: 0...choices.count, using: &numbers)
    for path in [""] + (try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()) {
      let seconds = choice < choices.count ? choices[choice].1() : Int.random(in: 0...now + 1_000, using: &random)
      let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
      utimensat(AT_FDCWD, path.isEmpty ? folder : "\(folder)/\(path)", times, AT_SYMLINK_NOFOLLOW)
    }
    return choice < choices.count ? choices[choice].0 : "random"
  }
}

/// What the cache says of itself.
struct CacheSnapshot: CustomStringConvertible {
  let note: Data?
  private(set) var deployments: Int?
  /// The archive of the app's own crates.
  private(set) var own: String?
  /// Whether all archives that it names are there in their size.
  private(set) var isWhole = false

  init(_ folder: String) {
    note = FileManager.default.contents(atPath: folder + "/cache.json")
    guard let note, let document = try? JSONSerialization.jsonObject(with: note) as? [String: Any],
      let state = document["state"] as? [String: Any], let archives = state["archives"] as? [String: [String: Any]]
    else { return }
    deployments = state["deployments"] as? Int
    own = archives["own"]?["name"] as? String
    isWhole = archives.values.allSatisfy { archive in
      let name = archive["name"] as? String ?? "?"
      let size = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int
      return size != nil && size == archive["size"] as? Int
    }
  }

  var description: String {
    "\(note.map { String(decoding: $0, as: UTF8.self) } ?? "no cache.json")\(isWhole ? "" : " (not whole)")"
  }
}

extension Deployment {
  /// The crates that cargo says it compiled in a step of the log.
  func compiled(in step: String) -> [String] {
    var isInside = false
    var found: [String] = []
    for line in log.split(separator: "\n") {
      if line.hasPrefix("----->") {
        isInside = line == "-----> \(step)"
      } else if isInside {
        let words = line.split(separator: " ")
        if words.first == "Compiling", words.count > 2, words[2].hasPrefix("v") { found.append(String(words[1])) }
      }
    }
    return found
  }
}
