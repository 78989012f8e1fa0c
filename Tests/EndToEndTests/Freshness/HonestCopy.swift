import Foundation
import Glibc
import StandIns

/// An app that is edited and built in one place by cargo alone: every change has the time at which it was made.
///
/// Where cargo itself would be stale in place, a touch tells it; these are all the cases:
/// - a link that is new, gone or leads elsewhere: cargo looks at the time of its end alone, and keeps the end's path.
///   What it leads to and what it led to is touched.
/// - a removed entry: a build script that names no inputs is judged by the newest file that is left. The manifest is
///   touched.
/// - a changed mode: it has no modification time. The file is touched.
struct HonestCopy {
  private let folder: String
  private let app: RandomApp
  private let toolchain: InstalledToolchain
  private var sources: [String: SourceFile] = [:]
  private var sourceFolder: String { folder + "/sources" }

  init(_ app: RandomApp, in folder: String, _ toolchain: InstalledToolchain) throws {
    self.app = app
    self.folder = folder
    self.toolchain = toolchain
    try makeFolder(folder + "/sources")
  }

  /// Edits the copy until it is `new`, and builds it; the crates that cargo compiled.
  mutating func build(_ new: [String: SourceFile]) throws -> Set<String> {
    let ends = sources.filter { $0.value.isLink && new[$0.key] != $0.value }.compactMap { end(of: $0.key) }
    for path in sources.keys where new[path] == nil {
      try write(nil, to: path)
      touch(manifest(above: path))
    }
    for (path, entry) in new.sorted(by: { $0.key < $1.key }) where sources[path] != entry {
      if let old = sources[path], old.isLink != entry.isLink { touch(manifest(above: path)) }
      try write(entry, to: path)
    }
    // Ends exist only when all is written. A build's first edit is of a folder that cargo has not seen.
    for (path, entry) in new where entry.isLink && sources[path] != entry && !sources.isEmpty {
      if let end = end(of: path) { touchAll(end) }
    }
    for end in ends { touchAll(end) }
    sources = new
    return try Self.install(app, from: sourceFolder, target: folder + "/target", root: folder, toolchain)
  }

  private func manifest(above path: String) -> String {
    var folder = path.split(separator: "/").dropLast()
    while true {
      let candidate = (folder + ["Cargo.toml"]).joined(separator: "/")
      if FileManager.default.fileExists(atPath: "\(sourceFolder)/\(candidate)") || folder.isEmpty { return candidate }
      folder = folder.dropLast()
    }
  }

  private func write(_ entry: SourceFile?, to path: String) throws {
    try SourceFile.write(entry, to: "\(sourceFolder)/\(path)")
  }

  private func touch(_ path: String) { utimensat(AT_FDCWD, "\(sourceFolder)/\(path)", nil, 0) }

  private func end(of link: String) -> String? {
    guard let end = realpath("\(sourceFolder)/\(link)", nil) else { return nil }
    defer { free(end) }
    return String(cString: end)
  }

  private func touchAll(_ top: String) {
    for name in [""] + ((try? FileManager.default.subpathsOfDirectory(atPath: top)) ?? []) {
      utimensat(AT_FDCWD, name.isEmpty ? top : "\(top)/\(name)", nil, AT_SYMLINK_NOFOLLOW)
    }
  }

  /// Runs "cargo install" for each binary's package, as the buildpack does; the crates that cargo compiled.
  static func install(
    _ app: RandomApp,
    from sources: String,
    target: String,
    root: String,
    _ toolchain: InstalledToolchain
  ) throws -> Set<String> {
    var compiled: Set<String> = []
    for package in app.packages where package.hasBinary {
      let path = package.folder.isEmpty ? "." : String(package.folder.dropLast())
      let run = try ToolRun(
        [
          "cargo", "install", "--force", "--path", path, "--locked", "--no-track", "--target-dir", target, "--root",
          root,
        ],
        environment: [
          "PATH": "\(toolchain.directory)/bin:/usr/local/bin:/usr/bin:/bin", "HOME": root,
          "CARGO_HOME": root + "/cargo-home", "LANG": "C.UTF-8",
        ],
        directory: sources,
        timeout: 60
      )
      guard run.status == 0 else { throw Failure("cargo in place failed: \(run.errors)") }
      for line in run.errors.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) })
      where line.hasPrefix("Compiling ") {
        compiled.insert(String(line.split(separator: " ")[1]))
      }
    }
    return compiled
  }
}

extension SourceFile {
  var isLink: Bool {
    if case .link = self { true } else { false }
  }

  /// Puts the entry in the place of whatever is there; nothing takes it away, and folders that become empty.
  static func write(_ entry: SourceFile?, to path: String) throws {
    unlink(path)
    let folder = (path as NSString).deletingLastPathComponent
    switch entry {
    case nil:
      _ = rmdir(folder)
    case .file(let text, let isExecutable):
      try makeFolder(folder)
      guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
        throw Failure("cannot write \(path)")
      }
      chmod(path, isExecutable ? 0o755 : 0o644)
    case .link(let text):
      try makeFolder(folder)
      symlink(text, path)
    case .fifo:
      try makeFolder(folder)
      mkfifo(path, 0o644)
    }
  }
}
