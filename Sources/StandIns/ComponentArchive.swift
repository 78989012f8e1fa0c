import Foundation

/// One component of a release in rustup's format: a list of files and where each comes from.
struct ComponentArchive {
  /// What a file of a component holds.
  enum Content {
    case text(String)
    case script(String)
    case file(String)
  }

  /// `rustc`, `clippy-preview`, …
  let name: String
  /// The target triple, or `*`.
  let target: String
  let version: String
  let files: [(path: String, content: Content)]

  private var stem: String { target == "*" ? "\(name)-\(version)" : "\(name)-\(version)-\(target)" }
  private var component: String { name == "rust-std" ? "rust-std-\(target)" : name }

  /// Writes the archive below `directory`; the path of the file.
  ///
  /// Small ones are stored as `.tar.gz`; large ones are compressed by zstd, or by gzip where zstd is missing, unless
  /// they are there already.
  func write(to directory: String, isLarge: Bool) throws -> String {
    let archives = [".tar.zst", ".tar.gz"].map { "\(directory)/\(stem)\($0)" }
    if isLarge, let path = archives.first(where: { FileManager.default.fileExists(atPath: $0) }) { return path }
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let temporary = "\(directory)/.\(stem).\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let output = FileHandle(forWritingAtPath: temporary)
    else { throw StandInError("cannot write to \(directory)") }
    try writeTar { try output.write(contentsOf: $0) }
    try output.close()
    if !isLarge {
      try StandIns.write(storedGzip(try Data(contentsOf: URL(fileURLWithPath: temporary))), to: archives[1])
      return archives[1]
    }
    let (command, suffix, path) = Self.compressor(archives)
    _ = try ToolRun.output(of: command + [temporary])
    guard rename(temporary + suffix, path) == 0 else { throw StandInError("cannot write \(path)") }
    return path
  }

  private static func compressor(_ archives: [String]) -> (command: [String], suffix: String, path: String) {
    let hasZstd = (try? ToolRun(["zstd", "-V"]))?.status == 0
    return hasZstd
      ? (["zstd", "-1", "-T0", "-q", "-f"], ".zst", archives[0]) : (["gzip", "-1", "-n", "-f"], ".gz", archives[1])
  }

  private func writeTar(_ write: (Data) throws -> Void) throws {
    var tar = TarArchive()
    func add(_ path: String, _ content: String) throws {
      try tar.add("\(stem)/\(path)", content: Data(content.utf8))
    }
    try add("rust-installer-version", "3\n")
    try add("version", version + "\n")
    try add("components", component + "\n")
    try add("\(component)/manifest.in", files.map { "file:\($0.path)\n" }.joined())
    for (path, content) in files {
      let full = "\(stem)/\(component)/\(path)"
      switch content {
      case .text(let text): try tar.add(full, content: Data(text.utf8))
      case .script(let text): try tar.add(full, isExecutable: true, content: Data(text.utf8))
      case .file(let source):
        let content = try Data(contentsOf: URL(fileURLWithPath: source), options: .mappedIfSafe)
        try tar.add(full, isExecutable: FileManager.default.isExecutableFile(atPath: source), content: content)
      }
      try write(tar.take())
    }
    tar.finish()
    try write(tar.take())
  }
}
