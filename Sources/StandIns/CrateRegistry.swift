import Foundation

/// A stand-in for crates.io: a sparse registry made from folders of crates.
///
/// Its folder holds `index/` and `crates/`, to be served by a `LoopbackServer` with `CrateRegistry.handler`.
package struct CrateRegistry: Sendable {
  /// A crate that a test writes.
  package struct Crate: Sendable {
    /// The name, as the manifest has it.
    package let name: String
    /// The version, as the manifest has it.
    package let version: String
    /// What the manifest holds after `[package]`.
    package var manifest: String
    /// The files beside `Cargo.toml`, by path.
    package var files: [String: String]

    /// A crate with a library.
    package init(_ name: String, _ version: String, manifest: String = "", files: [String: String] = ["src/lib.rs": ""])
    {
      self.name = name
      self.version = version
      self.manifest = manifest
      self.files = files
    }
  }

  /// Where Debian's `librust-*-dev` packages put the crates.
  package static let debianFolder = "/usr/share/cargo/registry"

  /// The folder that holds `index/` and `crates/`.
  package let directory: String
  private let cargo: String

  /// A registry in `directory`, with what was added there before; crates are read by the toolchain's cargo.
  package init(directory: String, toolchain: InstalledToolchain) throws {
    self.directory = directory
    cargo = toolchain.directory + "/bin/cargo"
    let folder = directory + "/index"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Adds every crate that is a folder of `folder`; how many there are.
  @discardableResult
  package func addCrates(in folder: String = CrateRegistry.debianFolder) throws -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let folders = names.sorted().map { "\(folder)/\($0)" }.filter {
      FileManager.default.fileExists(atPath: $0 + "/Cargo.toml")
    }
    guard !folders.isEmpty else {
      throw StandInError("no crates in \(folder): install the packages of Tests/debian-packages.txt")
    }
    try addFolders(folders)
    return folders.count
  }

  /// Adds a crate that a test writes; replaces the one of the same name and version.
  package func add(_ crate: Crate) throws {
    let folder = try temporaryFolder("crate")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let package = "[package]\nname = \"\(crate.name)\"\nversion = \"\(crate.version)\"\nedition = \"2021\"\n"
    try write(package + crate.manifest, to: folder + "/Cargo.toml")
    for (path, text) in crate.files { try write(text, to: "\(folder)/\(path)") }
    try addFolders([folder])
  }

  /// Yanks a version: locked it can be used, chosen it is no more.
  package func yank(_ name: String, _ version: String) throws {
    let path = entryPath(name, version)
    var entry = try CrateEntry(data: Data(contentsOf: URL(fileURLWithPath: path)))
    entry.isYanked = true
    try write(entry.line, to: path)
    try writeIndex(of: name)
  }

  /// A configuration of cargo that puts this registry, served at `url`, in the place of crates.io.
  package static func configuration(url: String) -> String {
    """
    [source.crates-io]
    replace-with = "stand-in"

    [source.stand-in]
    registry = "sparse+\(url)/index/"

    """
  }

  /// Writes `.cargo/config.toml` in `folder`, a parent of the apps that shall use the registry.
  package static func configure(_ folder: String, url: String) throws {
    try write(configuration(url: url), to: folder + "/.cargo/config.toml")
  }

  /// Answers for `index/config.json`, which names the server's own address.
  package static let handler: LoopbackServer.Handler = { request in
    guard request.path == "/index/config.json" else { return nil }
    let base = "http://\(request.headers["host"] ?? "127.0.0.1")"
    let text = "{\"dl\":\"\(base)/crates/{crate}/{crate}-{version}.crate\"}\n"
    return HTTPResponse(type: "application/json", text: text)
  }

  // MARK: Adding

  private func addFolders(_ folders: [String]) throws {
    let changed = folders.filter { !isAdded($0) }
    let results = Results(count: changed.count)
    let workers = max(1, min(changed.count, ProcessInfo.processInfo.activeProcessorCount))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for index in stride(from: worker, to: changed.count, by: workers) {
        results.set(index, Result { try pack(changed[index]) })
      }
    }
    var entries = try results.values.map { try $0.get() }
    let digests = try sha256(ofFiles: entries.map { cratePath($0.name, $0.version) })
    for index in entries.indices {
      entries[index].checksum = digests[index]
      try write(entries[index].line, to: entryPath(entries[index].name, entries[index].version))
    }
    for name in Set(entries.map(\.name)) { try writeIndex(of: name) }
    for folder in changed { try write(stamp(of: folder), to: stampPath(of: folder)) }
  }

  /// Writes the `.crate` file of a folder.
  private func pack(_ folder: String) throws -> CrateEntry {
    let environment = ["CARGO_HOME": directory + "/cargo-home", "PATH": "/usr/bin:/bin"]
    let arguments = [cargo, "metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"]
    let text = try ToolRun.output(of: arguments + [folder + "/Cargo.toml"], environment: environment)
    let entry = try CrateEntry(metadata: Data(text.utf8))
    var tar = TarArchive()
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    for path in paths where path != ".cargo-checksum.json" && path != "Cargo.lock" {
      var isDirectory: ObjCBool = false
      let full = "\(folder)/\(path)"
      guard FileManager.default.fileExists(atPath: full, isDirectory: &isDirectory), !isDirectory.boolValue else {
        continue
      }
      let content = try Data(contentsOf: URL(fileURLWithPath: full))
      try tar.add("\(entry.name)-\(entry.version)/\(path)", content: content)
    }
    tar.finish()
    try write(storedGzip(tar.take()), to: cratePath(entry.name, entry.version))
    return entry
  }

  private func writeIndex(of name: String) throws {
    let folder = "\(directory)/entries/\(name)"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let lines = try files.map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
    let key = name.lowercased()
    let shelf =
      switch key.count {
      case 1, 2: "\(key.count)"
      case 3: "3/\(key.prefix(1))"
      default: "\(key.prefix(2))/\(key.dropFirst(2).prefix(2))"
      }
    try write(lines.joined(), to: "\(directory)/index/\(shelf)/\(key)")
  }

  private func cratePath(_ name: String, _ version: String) -> String {
    "\(directory)/crates/\(name)/\(name)-\(version).crate"
  }

  private func entryPath(_ name: String, _ version: String) -> String { "\(directory)/entries/\(name)/\(version).json" }

  // MARK: What is added already

  private func stampPath(of folder: String) -> String {
    "\(directory)/stamps/\(folder.replacingOccurrences(of: "/", with: "%"))"
  }

  private func stamp(of folder: String) -> String {
    let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/Cargo.toml")
    return "\(attributes?[.modificationDate] as? Date ?? .distantPast)"
  }

  private func isAdded(_ folder: String) -> Bool {
    (try? String(contentsOfFile: stampPath(of: folder), encoding: .utf8)) == stamp(of: folder)
  }
}

/// What several threads found, by number.
private final class Results: @unchecked Sendable {
  private let lock = NSLock()
  private var found: [Result<CrateEntry, any Error>?]

  init(count: Int) { found = Array(repeating: nil, count: count) }

  var values: [Result<CrateEntry, any Error>] { lock.withLock { found.compactMap { $0 } } }

  func set(_ index: Int, _ result: Result<CrateEntry, any Error>) { lock.withLock { found[index] = result } }
}
