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
/// - what a procedural macro read: cargo knows nothing of it. The root of the crate that expands it is touched.
/// - a source file over which a build script writes: cargo takes it as it was committed. The script is touched.
/// - a vendored crate that changed without another version: cargo does not look. What was made of it is removed.
///
/// What the app's script wrote keeps its time where the content is the same.
struct HonestCopy {
  /// The crates that cargo compiled.
  struct Compiled {
    var byHook: Set<String> = []
    var byBuild: Set<String> = []
  }

  let folder: String
  private let app: RandomApp
  private let platform: Platform
  private let toolchain: InstalledToolchain
  private var sources: [String: SourceFile] = [:]
  private var sourceFolder: String { folder + "/sources" }

  init(_ app: RandomApp, in folder: String, _ platform: Platform) throws {
    guard let rust = platform.rust else { throw Failure("no stand-ins") }
    self.app = app
    self.folder = folder
    self.platform = platform
    toolchain = rust.toolchain
    try makeFolder(folder + "/sources")
    try CrateRegistry.configure(folder, url: rust.server.url)
  }

  /// Edits the copy until it is `new`, runs the app's script, and builds it.
  mutating func build(_ new: [String: SourceFile], _ circumstances: Circumstances) throws -> Compiled {
    let isFirst = sources.isEmpty
    let ends = sources.filter { $0.value.isLink && new[$0.key] != $0.value }.compactMap { end(of: $0.key) }
    let changed = Set(sources.keys).union(new.keys).filter { sources[$0] != new[$0] }
    for path in sources.keys where new[path] == nil {
      try write(nil, to: path)
      touch(manifest(above: path))
    }
    for (path, entry) in new.sorted(by: { $0.key < $1.key }) where sources[path] != entry {
      if let old = sources[path], old.isLink != entry.isLink { touch(manifest(above: path)) }
      try write(entry, to: path)
    }
    // Ends exist only when all is written. A build's first edit is of a folder that cargo has not seen.
    for (path, entry) in new where entry.isLink && sources[path] != entry && !isFirst {
      if let end = end(of: path) { touchAll(end) }
    }
    for end in ends { touchAll(end) }
    if !isFirst { try tell(changed) }
    sources = new
    return Compiled(byHook: try runHook(circumstances), byBuild: try install(circumstances))
  }

  /// What an executable prints.
  func output(of binary: String) throws -> String {
    try ToolRun(["\(folder)/bin/\(binary)"], timeout: 20).output
  }

  // MARK: What cargo does not see

  private func tell(_ changed: Set<String>) throws {
    for package in app.packages {
      let readings = package.dependencies.compactMap { name in app.packages.first { $0.name == name }?.reading }
      let readsChanged = changed.contains { path in
        readings.contains(.file) && path == package.folder + "notes.txt"
          || readings.contains(.folder) && path.hasPrefix(package.folder + "migrations/")
      }
      if readsChanged { touch(package.folder + "src/lib.rs") }
      if package.script.writesSources, changed.contains(package.folder + "src/made.rs") {
        touch(package.folder + "build.rs")
      }
    }
    if changed.contains("vendor/\(app.words.name)/src/lib.rs") {
      try shell("find \"$1\" -type f -path '*freshness[-_]words*' -delete", folder + "/target")
    }
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

  // MARK: Programs

  private func runHook(_ circumstances: Circumstances) throws -> Set<String> {
    guard app.hook != .none, let user = app.packages.first(where: \.includesHooked) else { return [] }
    let file = "\(sourceFolder)/\(user.folder)src/hooked.txt"
    let before = try? String(contentsOfFile: file, encoding: .utf8)
    var status = stat()
    stat(file, &status)
    let errors = try run(
      [sourceFolder + "/bin/pre_compile"],
      ["CARGO_TARGET_DIR": folder + "/hook-target", "CARGO_INCREMENTAL": "0"],
      circumstances
    )
    if let before, try before == String(contentsOfFile: file, encoding: .utf8) {
      utimensat(AT_FDCWD, file, [status.st_atim, status.st_mtim], 0)
    }
    return Self.compiled(errors)
  }

  /// Builds and installs all binaries, with cargo's commands as the buildpack chooses them.
  private func install(_ circumstances: Circumstances) throws -> Set<String> {
    let target = folder + "/target"
    let owners = app.packages.filter(\.hasBinary)
    var arguments: [String]
    if owners.count == 1 {
      let path = owners[0].folder.isEmpty ? "." : String(owners[0].folder.dropLast())
      arguments = ["install", "--force", "--path", path, "--no-track", "--root", folder]
      if circumstances.hasFeature { arguments += ["--features", "extra"] }
    } else {
      arguments = ["build", "--bins"] + owners.flatMap { ["-p", $0.name] }
      if circumstances.hasFeature {
        arguments += ["--features", owners.map { "\($0.name)/extra" }.joined(separator: ",")]
      }
    }
    let profile = circumstances.profile ?? "release"
    arguments += ["--profile", profile, "--locked", "--target-dir", target]
    let errors = try run(["cargo"] + arguments, [:], circumstances)
    if owners.count > 1 {
      try makeFolder(folder + "/bin")
      let made = "\(target)/\(profile == "dev" ? "debug" : profile)"
      for owner in owners { try shell("cp -f \"$1\" \"$2\"", "\(made)/\(owner.name)", folder + "/bin") }
    }
    return Self.compiled(errors)
  }

  /// Runs a program in the app that must succeed; what it wrote to stderr.
  private func run(
    _ arguments: [String],
    _ variables: [String: String],
    _ circumstances: Circumstances
  ) throws -> String {
    var environment = [
      "PATH": "\(toolchain.directory)/bin:/usr/local/bin:/usr/bin:/bin", "HOME": folder,
      "CARGO_HOME": folder + "/cargo-home", "LANG": "C.UTF-8",
    ]
    environment.merge(circumstances.cargoVariables) { $1 }
    environment.merge(variables) { $1 }
    let run = try ToolRun(arguments, environment: environment, directory: sourceFolder, timeout: 120)
    guard run.status == 0 else { throw Failure("\(arguments.joined(separator: " ")) in place failed: \(run.errors)") }
    return run.errors
  }

  private static func compiled(_ errors: String) -> Set<String> {
    let lines = errors.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    return Set(lines.filter { $0.hasPrefix("Compiling ") }.map { String($0.split(separator: " ")[1]) })
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
