import Foundation
import Glibc
import StandIns
import Testing

/// Damage to any one file or folder of the cache: the next deployment is right, and says what it discarded.
@Suite(.needsStandIns) struct CacheFaultTests {
  private enum Damage: String, CaseIterable {
    case removed, emptied, truncated, random, folder, link
  }

  /// What cargo keeps for itself and makes again without harm, and what is judged by its content and not thrown away.
  private static let unspoken = [
    "lock", "inventory", "downloads", "tmp", ".package-cache", ".package-cache-mutate", ".global-cache", "CACHEDIR.TAG",
    ".rustc_info.json", ".cargo-lock",
    ".cargo-build-lock", ".cargo-artifact-lock", "env", "env.fish", "env.nu", "env.tcsh", "env.xsh", ".crates.toml",
    ".crates2.json",
  ]

  @Test(.timeLimit(.minutes(60))) func theNextDeploymentIsRight() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try FaultApp.publish(to: rust)
    let app = try FaultApp(rust)
    let platform = try Platform(rust: rust)
    let first = try platform.deploy(app.app("whole"))
    guard first.exitCode == 0 else { throw Failure(first.log) }
    let whole = platform.folder + "/whole"
    let outside = platform.folder + "/outside"
    try shell("cp -a \"$1\" \"$2\"", platform.cache, whole)
    try makeFolder(outside + "/deep")
    for name in ["a", "b.crate", "deep/c.rlib"] {
      try Data("canary".utf8).write(to: URL(fileURLWithPath: "\(outside)/\(name)"))
    }
    let canaries = try contentState(of: outside)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: whole + "/rust").sorted()
    let cases = paths.flatMap { path in Damage.allCases.map { (path, $0) } }
    var number = 0
    for (path, damage) in Faults.cut(Self.thinned(cases), to: 16, "cache") {
      number += 1
      Faults.attempt("Cache", "\(path) \(damage)") {
        try shell("rm -rf \"$1\" && cp -a \"$2\" \"$1\"", platform.cache, whole)
        guard try Self.apply(damage, to: "\(platform.rustCache)/\(path)", outside) else { return nil }
        let next = try platform.deploy(app.app("after \(number)"))
        if let trouble = next.trouble(printing: "after \(number)") { return trouble }
        if try contentState(of: outside) != canaries { return "the folder outside was changed" }
        let says = next.log.contains("Discarding") || next.log.contains("missing or damaged")
        let isTold = says || next.log.contains("There is no earlier build") || next.log.contains("Recorded the content")
        let name = String(path.split(separator: "/").last ?? "")
        return isTold || Self.unspoken.contains(name) ? nil : "it does not say what it discarded: \(next.log)"
      }
    }
  }

  /// All that is ours, and samples of the many files that are alike.
  private static func thinned(_ cases: [(String, Damage)]) -> [(String, Damage)] {
    var seen: [String: Int] = [:]
    return cases.filter { path, damage in
      let plain = path.replacingOccurrences(of: "[0-9a-f]{16}", with: "*", options: .regularExpression)
      let depth = plain.split(separator: "/").count
      guard depth > 3 else { return true }
      let suffix = URL(fileURLWithPath: plain).pathExtension
      let key = plain.split(separator: "/").prefix(3).joined(separator: "/") + suffix + damage.rawValue
      seen[key, default: 0] += 1
      return seen[key, default: 0] <= 6
    }
  }

  /// Returns whether the damage changes anything.
  private static func apply(_ damage: Damage, to path: String, _ outside: String) throws -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw Failure("no \(path)") }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    let isFile = status.st_mode & S_IFMT == S_IFREG
    let url = URL(fileURLWithPath: path)
    let isEmpty = try isFolder && FileManager.default.contentsOfDirectory(atPath: path).isEmpty
    if isEmpty, damage == .emptied || damage == .folder { return false }
    switch damage {
    case .removed: try FileManager.default.removeItem(atPath: path)
    case .emptied:
      if isFolder {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
          try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
      } else if isFile, status.st_size > 0 {
        truncate(path, 0)
      } else {
        return false
      }
    case .truncated:
      guard isFile, status.st_size > 1 else { return false }
      truncate(path, status.st_size / 2)
    case .random:
      guard isFile, status.st_size > 0 else { return false }
      let times = [status.st_atim, status.st_mtim]
      let bytes = Data((0..<Int(status.st_size)).map { _ in UInt8.random(in: 0...255) })
      let handle = try FileHandle(forWritingTo: url)
      handle.write(bytes)
      try handle.close()
      // Size and times tell nothing.
      utimensat(AT_FDCWD, path, times, 0)
    case .folder:
      try FileManager.default.removeItem(atPath: path)
      try makeFolder(path + "/sub")
      try Data("x".utf8).write(to: URL(fileURLWithPath: path + "/sub/file"))
    case .link:
      try FileManager.default.removeItem(atPath: path)
      let target = isFolder ? outside : outside + "/a"
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
    return true
  }
}
