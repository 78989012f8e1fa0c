/// Chooses from the target directory the units that a build used, as cargo's messages name them.
///
/// cargo's layout is its own affair; one habit of every layout so far is relied on: a unit has a hash of sixteen
/// hexadecimal digits, and all of it stands in files and folders that carry the hash as the end of their name
/// (`libserde-0123456789abcdef.rlib`), or below a folder of that name. Where a message names a library without one, the
/// layout is not known, and everything is chosen.
///
/// An executable's message names its final place, which has no hash: a hard link to the unit's own file. What can't be
/// traced like this (a library for C, or a file system without hard links) brings all units of its package along; where
/// a library is for C, neither that nor the one for Rust beside it has a hash, and both are chosen by their names.
struct UnitSelection {
  /// Units of packages that are not the app's own, and the directories above their files: relative to the target
  /// directory, sorted.
  private(set) var dependencies: [FilePath] = []
  /// The same for the app's own packages.
  private(set) var own: [FilePath] = []
  /// The hashes of the units in `dependencies`, sorted.
  private(set) var dependencyUnits: [String] = []
  /// Whether units could be told apart; if not, all that there is stands in `own`.
  private(set) var knowsLayout = true

  /// `app`: the folder of the app's packages, by the path that cargo knows. `kept`: hashes of units of dependencies that
  /// are chosen whether or not they were used.
  init(
    _ target: FilePath,
    units: [CargoMessages.Unit],
    app: FilePath,
    kept: [String] = []
  ) throws(FileError) {
    let entries = try TargetEntries(target)
    var ownHashes: Set<String> = []
    var otherHashes = Set(kept)
    var linked: Set<FileIdentity> = []
    var named: Set<FilePath> = []
    for unit in units {
      let files = unit.files.filter { $0.isInside(target) }
      var hashes = Set(files.compactMap { entries.unit(of: $0, linked: &linked) })
      if hashes.isEmpty, !files.isEmpty {
        hashes = entries.units(named: [unit.name, PackageIdentifier(unit.packageID)?.name ?? ""])
        let isForC = files.contains { $0.lastComponent.hasSuffix(".so") }
        let isLibrary = files.contains { $0.lastComponent.hasSuffix(".rlib") || $0.lastComponent.hasSuffix(".rmeta") }
        if hashes.isEmpty || isLibrary && !isForC { knowsLayout = false }
        if isForC { named.formUnion(files) }
      }
      if unit.isOwn(below: app) { ownHashes.formUnion(hashes) } else { otherHashes.formUnion(hashes) }
    }
    guard knowsLayout else {
      own = entries.all.map { $0.path }
      return
    }
    // A crate of the app may be a dependency's dependency by a patch; then it counts as the app's.
    otherHashes.subtract(ownHashes)
    let finals = Set(units.flatMap { $0.files })
    for entry in entries.all {
      if let hash = entry.hash {
        if ownHashes.contains(hash) { own.append(entry.path) }
        if otherHashes.contains(hash) { dependencies.append(entry.path) }
      } else if entry.path == ".rustc_info.json" || entry.path == "CACHEDIR.TAG" {
        // Without the tag, cargo cleans nothing.
        own.append(entry.path)
      } else if let identity = entry.identity {
        let isFinal = finals.contains(target.appending(bytes: entry.path.bytes))
        if linked.contains(identity), !isFinal { own.append(entry.path) }
      } else if named.contains(target.appending(bytes: entry.path.bytes)) {
        own.append(entry.path)
      }
    }
    dependencyUnits = otherHashes.sorted()
  }
}

/// Everything in a target directory, with the unit that each entry belongs to.
private struct TargetEntries {
  struct Entry {
    /// Relative to the target directory.
    let path: FilePath
    let hash: String?
    /// For a file that has more than one name.
    let identity: FileIdentity?
  }

  private var target: FilePath
  private(set) var all: [Entry] = []
  private var byIdentity: [FileIdentity: String] = [:]
  /// Hashes by the name that stands before them, with `-` for `_` and without `lib`.
  private var byName: [String: Set<String>] = [:]

  init(_ target: FilePath) throws(FileError) {
    self.target = target
    guard target.isRealDirectory else { return }
    var found = self
    try target.walk { (path, status) throws(FileError) in
      let relative = path.bytes.dropFirst(target.bytes.count + 1)
      // The state of incremental compilation is large, and of use only for crates that change.
      if status.kind == .directory, path.lastComponent == "incremental" { return false }
      let mark = UnitHash.find(in: relative)
      let isShared = status.kind == .file && status.linkCount > 1
      found.all.append(
        Entry(path: FilePath(bytes: relative), hash: mark?.hash, identity: isShared ? status.identity : nil)
      )
      if let mark {
        found.byName[mark.name, default: []].insert(mark.hash)
        if isShared { found.byIdentity[status.identity] = mark.hash }
      }
      return true
    }
    self = found
  }

  /// The unit that made a file; notes the file's other names in `linked` when it carries no hash itself.
  func unit(of file: FilePath, linked: inout Set<FileIdentity>) -> String? {
    let relative = file.bytes.dropFirst(target.bytes.count + 1)
    if let mark = UnitHash.find(in: relative) { return mark.hash }
    guard let status = (try? file.status()) ?? nil, status.kind == .file, status.linkCount > 1 else { return nil }
    linked.insert(status.identity)
    return byIdentity[status.identity]
  }

  func units(named names: [String]) -> Set<String> {
    var found: Set<String> = []
    for name in names { found.formUnion(byName[UnitHash.plain(name[...])] ?? []) }
    return found
  }
}
