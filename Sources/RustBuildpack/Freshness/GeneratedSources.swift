/// Files that build scripts write among the sources instead of into their output folder.
///
/// They are not committed, so the next deployment lacks them. cargo would find the script fresh, not run it, and fail
/// on the missing file: a build that works without a cache would break because of it. So what was written is
/// remembered, and where it is missing, the app's build scripts lose their fingerprints and run again.
enum GeneratedSources {
  /// What stands below `sources` and not in `entries`, relative to it: only directories whose time has changed since
  /// it was assigned are looked at. `bin/` at the top is where cargo installs.
  static func find(in sources: FilePath, _ entries: SourceEntries) throws(FileError) -> [FilePath] {
    let index = PathIndex(entries)
    var found: [FilePath] = []
    for position in 0..<entries.count where entries[position].kind == .directory {
      let relative = FilePath(bytes: entries.path(position))
      let folder = sources.appending(bytes: relative.bytes)
      guard relative != "bin", let status = try folder.status(), status.modified != entries.modified(position) else {
        continue
      }
      for name in try folder.names() {
        let path = relative.bytes.isEmpty ? FilePath(bytes: name) : relative.appending(bytes: name)
        if path == "bin" || !index.subtree(of: path.bytes[...]).isEmpty { continue }
        try collect(path, in: sources, into: &found)
      }
    }
    return found
  }

  private static func collect(_ path: FilePath, in sources: FilePath, into found: inout [FilePath]) throws(FileError) {
    let entry = sources.appending(bytes: path.bytes)
    if entry.isRealDirectory {
      for name in try entry.names() { try collect(path.appending(bytes: name), in: sources, into: &found) }
    } else if found.count < 10_000 {
      found.append(path)
    }
  }

  /// Makes cargo run the build scripts of all packages below `sources` again if any of `generated` is missing there:
  /// which script wrote it can't be told.
  static func forget(
    _ generated: [FilePath],
    in sources: FilePath,
    _ entries: SourceEntries,
    _ target: FilePath
  ) throws(FileError) {
    guard generated.contains(where: { !sources.appending(bytes: $0.bytes).exists }) else { return }
    var names: Set<String> = []
    for position in 0..<entries.count {
      let path = FilePath(bytes: entries.path(position))
      guard path.lastComponent == "Cargo.toml",
        let content = try? sources.appending(bytes: path.bytes).contents(limit: 1 << 22),
        let name = (try? TOML.parse(content))?["package"]?["name"]?.string
      else { continue }
      names.insert(name)
    }
    let folders = target.entries.filter(\.isRealDirectory)
    for profile in folders + folders.flatMap(\.entries) {
      for unit in profile.appending(".fingerprint").entries where names.contains(package(of: unit)) {
        if unit.entries.contains(where: { $0.lastComponent.hasPrefix("run-build-script-") }) { try unit.removeTree() }
      }
    }
  }

  /// The package in the name of a unit's folder, "my-app-0123456789abcdef".
  private static func package(of unit: FilePath) -> String { String(unit.lastComponent.dropLast(17)) }
}
