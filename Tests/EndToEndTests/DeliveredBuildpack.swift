import Foundation
import StandIns
import Testing

/// The ways in which a platform comes by the buildpack.
enum Delivery: String, CaseIterable, CustomTestStringConvertible {
  case clone = "a clone"
  case shallowClone = "a clone of depth 1"
  case branch = "a clone of a branch"
  case tag = "a clone of a tag"
  case archive = "the archive"

  var testDescription: String { rawValue }
}

/// The buildpack of this checkout, offered as a git repository and as an archive; gone with `remove()`.
///
/// Nothing is built: what stands in `bin/` is offered, whether committed or not.
struct BuildpackSource {
  static let executables = ["compile", "detect", "release"]
  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// Readable by every user, so that an ordinary one can run what is delivered.
  let folder: String
  private var repository: String { folder + "/rust-buildpack.git" }

  /// Nothing, and a line that says so, where `bin/` has not been made.
  init?(_ test: String = #function) throws {
    let missing = Self.executables.filter {
      !FileManager.default.isExecutableFile(atPath: "\(Self.checkout)/bin/\($0)")
    }
    guard missing.isEmpty else {
      print("SKIPPED: \(test): bin/ has no \(missing.joined(separator: ", ")); ./release.sh --bin makes it")
      return nil
    }
    folder = try temporaryFolder("buildpack")
    do {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
      try makeRepository()
    } catch {
      remove()
      throw error
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  private func makeRepository() throws {
    let work = folder + "/work"
    try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
    for name in ["bin", "LICENSE", "README.md", "CHANGELOG.md", ".gitattributes", ".gitignore"] {
      try FileManager.default.copyItem(atPath: "\(Self.checkout)/\(name)", toPath: "\(work)/\(name)")
    }
    try git("init", "--quiet", "--initial-branch=main", in: work)
    try git("add", "--all", in: work)
    try git("commit", "--quiet", "--message", "Release", in: work)
    try git("tag", "v1.0.0", in: work)
    try git("branch", "other", in: work)
    // What is newer on main must not be what the tag and the branch deliver.
    try git("rm", "--quiet", "README.md", in: work)
    try git("commit", "--quiet", "--message", "Later", in: work)
    try git("clone", "--quiet", "--bare", work, repository, in: folder)
  }

  /// Brings the buildpack to the machine in this way, into a new folder of that name; its path.
  func deliver(_ way: Delivery, to name: String = "buildpack") throws -> String {
    let place = "\(folder)/\(name)"
    // "file://" makes git transfer the repository as from a server; a plain path would be copied, at full depth.
    let url = "file://\(repository)"
    switch way {
    case .clone: try git("clone", "--quiet", url, place, in: folder)
    case .shallowClone: try git("clone", "--quiet", "--depth", "1", url, place, in: folder)
    case .branch: try git("clone", "--quiet", "--branch", "other", url, place, in: folder)
    case .tag: try git("clone", "--quiet", "--branch", "v1.0.0", url, place, in: folder)
    case .archive: try extractArchive(into: place)
    }
    return place
  }

  /// Packs `bin/` as it stands and fetches it over HTTP, as a platform that is given the URL of an archive does.
  private func extractArchive(into place: String) throws {
    let served = folder + "/served"
    let name = try pack(into: served)
    let server = try LoopbackServer(root: served)
    defer { server.stop() }
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    let script = "set -euo pipefail; curl --silent --fail --noproxy '*' \"$1\" | tar xz"
    try succeed(["bash", "-c", script, "bash", "\(server.url)/\(name)"], in: place)
  }

  /// Packs `bin/` as it stands into `folder`; the archive's name.
  func pack(into folder: String) throws -> String {
    try succeed(["\(Self.checkout)/release.sh", "--pack", folder], in: "/")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try #require(names.first { $0.hasSuffix(".tgz") })
  }

  private func git(_ arguments: String..., in directory: String) throws {
    try succeed(["git", "-c", "safe.directory=*"] + arguments, in: directory)
  }

  private func succeed(_ command: [String], in directory: String) throws {
    var environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder]
    for role in ["AUTHOR", "COMMITTER"] {
      environment["GIT_\(role)_NAME"] = "Tests"
      environment["GIT_\(role)_EMAIL"] = "tests@example.invalid"
    }
    let run = try ToolRun(command, environment: environment, directory: directory, timeout: 120)
    try #require(run.status == 0, "\(command.joined(separator: " ")): \(run.output)\(run.errors)")
  }
}
