/// Removes from the target directory what the last build did not use.
///
/// cargo names the files of one unit by a hash: `deps/libserde-0123456789abcdef.rlib`,
/// `.fingerprint/serde-0123456789abcdef/`, `build/serde-0123456789abcdef/`. Its messages name the files that a build
/// used, fresh ones too, and so the hashes. Only an executable's message names its final place, `release/app`; that is
/// a hard link to `deps/app-0123456789abcdef`, or where the file system has none, a copy.
///
/// Libraries that are loaded at run time (`cdylib`, `dylib`) carry no hash; their unit is found by the crate's name in
/// its fingerprint.
///
/// Judging by hashes, never by package names, keeps hyphens, renamed libraries and two versions of one crate apart.
package struct TargetPruning {
  /// What came of it.
  package struct Outcome: Sendable {
    /// Bytes on disk that are free now.
    package let freed: Int64
    /// Whether the target directory is of the layout known here, so that all that is left is what the build used.
    package let isComplete: Bool
  }

  private let target: FilePath
  private let files: Set<FilePath>
  private var hashes: Set<String> = []
  private var freed: Int64 = 0

  /// `files`: every file and folder that cargo's messages named, below `target`.
  package init(_ target: FilePath, files: Set<FilePath>) {
    self.target = target
    self.files = files.filter { $0.isInside(target) }
    hashes = Set(self.files.compactMap { Self.hash(in: $0.bytes.dropFirst(target.bytes.count)) })
  }

  /// Prunes every profile's folder, for every target triple.
  package mutating func run() throws(FileError) -> Outcome {
    let folders = target.entries.filter(\.isRealDirectory)
    let profiles = (folders + folders.filter { !isProfile($0) }.flatMap(\.entries)).filter(isProfile)
    // A cargo that puts its files elsewhere would leave us with units of older builds that we don't see.
    var isComplete = files.allSatisfy { file in profiles.contains(where: file.isInside) }
    for profile in profiles where try !prune(profile: profile) { isComplete = false }
    return Outcome(freed: freed, isComplete: isComplete)
  }

  /// Whether cargo made this folder for a profile.
  private func isProfile(_ folder: FilePath) -> Bool {
    folder.isRealDirectory
      && (folder.appending(".fingerprint").isRealDirectory || folder.appending("deps").isRealDirectory)
  }

  /// Returns whether every executable was traced to its unit; if not, only what is surely unused is gone.
  private mutating func prune(profile: FilePath) throws(FileError) -> Bool {
    let used = files.filter { $0.isInside(profile) }
    guard !used.isEmpty else {
      try remove(profile)
      return true
    }
    let finals = used.filter { $0.parent == profile }
    let deps = profile.appending("deps")
    let plain = used.filter { $0.parent == deps && Self.hash(in: $0.lastComponent.utf8) == nil }
    let plainNames = Set(plain.map { Self.stem($0.lastComponent) })
    var traced = try trace(finals, in: deps) && profile.appending(".fingerprint").isRealDirectory
    for name in plainNames where !traceLibrary(name, in: profile.appending(".fingerprint")) { traced = false }
    for place in [".fingerprint", "build", "deps"] {
      for entry in profile.appending(place).entries {
        let name = entry.lastComponent
        if let hash = Self.hash(in: name.utf8) {
          if !hashes.contains(hash), traced || !isExecutableUnit(profile, hash) {
            try remove(entry)
          } else if place == "build" {
            try removeDrafts(in: entry)
          } else if place == "deps", Self.isLinkersDraft(name) {
            try remove(entry)
          }
        } else if place == "deps", !plain.contains(entry),
          !(name.hasSuffix(".d") && plainNames.contains(Self.stem(name)))
        {
          try remove(entry)
        }
      }
    }
    try pruneFinals(profile, finals)
    try pruneIncremental(profile.appending("incremental"))
    return traced
  }

  /// Removes what a rustc that was killed has left beside a build script: cargo keeps one folder there, `out`.
  private mutating func removeDrafts(in folder: FilePath) throws(FileError) {
    for entry in folder.entries {
      let name = entry.lastComponent
      if name.hasPrefix("rustc") && entry.isRealDirectory || Self.isLinkersDraft(name) { try remove(entry) }
    }
  }

  /// What lld writes before it renames it to the executable: "app-0123456789abcdef.tmpde45cc9".
  private static func isLinkersDraft(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    let suffix = name[name.index(after: dot)...]
    return suffix.count == 10 && suffix.hasPrefix("tmp") && suffix.dropFirst(3).allSatisfy(\.isHexDigit)
  }

  /// Finds the units that the final executables belong to.
  private mutating func trace(_ finals: Set<FilePath>, in deps: FilePath) throws(FileError) -> Bool {
    var byFile: [UInt64: String] = [:]
    var executables: [(path: FilePath, status: FileStatus, hash: String)] = []
    for entry in deps.entries {
      guard let status = try entry.status(), status.kind == .file,
        let hash = Self.hash(in: entry.bytes.dropFirst(deps.bytes.count)), status.permissions & 0o100 != 0
      else { continue }
      byFile[status.inode] = hash
      executables.append((entry, status, hash))
    }
    var isComplete = true
    for final in finals where Self.hash(in: final.bytes.dropFirst(deps.bytes.count)) == nil {
      guard let status = try final.status(), status.kind == .file else { continue }
      if let hash = byFile[status.inode] {
        hashes.insert(hash)
        continue
      }
      let same = executables.filter { $0.status.size == status.size }
      let digest = same.isEmpty ? nil : try SHA256.hash(file: final)
      var found = 0
      for candidate in same where try SHA256.hash(file: candidate.path) == digest {
        hashes.insert(candidate.hash)
        found += 1
      }
      // Two units with one content: the other one may be of an older build.
      if found > 1 || found == 0 && status.permissions & 0o100 != 0 { isComplete = false }
    }
    return isComplete
  }

  /// Finds the unit of a library without a hash in its name; false when there is more than one that it could be.
  private mutating func traceLibrary(_ name: Substring, in fingerprints: FilePath) -> Bool {
    let units = fingerprints.entries.filter { $0.appending("lib-\(name)").isFile }
    for unit in units { if let hash = Self.hash(in: unit.lastComponent.utf8) { hashes.insert(hash) } }
    return units.count == 1
  }

  /// Whether an executable could be the unit's product, which could then be one that was not traced.
  private func isExecutableUnit(_ profile: FilePath, _ hash: String) -> Bool {
    profile.appending("deps").entries.contains { entry in
      entry.isExecutable && Self.hash(in: entry.bytes[...]) == hash
    }
  }

  /// Removes executables and dependency lists at the top of a profile's folder that this build did not make.
  private mutating func pruneFinals(_ profile: FilePath, _ finals: Set<FilePath>) throws(FileError) {
    for entry in profile.entries where ((try? entry.status()) ?? nil)?.kind == .file {
      let name = entry.lastComponent
      if finals.contains(entry) || name.hasPrefix(".") { continue }
      if name.hasSuffix(".d"), finals.contains(where: { Self.stem($0.lastComponent) == name.dropLast(2) }) { continue }
      try remove(entry)
    }
  }

  /// Keeps the newest state of each crate: incremental compilation is off in release builds, and the app's own choice.
  private mutating func pruneIncremental(_ folder: FilePath) throws(FileError) {
    var newest: [Substring: (path: FilePath, time: Timestamp)] = [:]
    for entry in folder.entries {
      guard let status = try entry.status() else { continue }
      let crate = entry.lastComponent.prefix { $0 != "-" }
      if let other = newest[crate], other.time >= status.modified {
        try remove(entry)
      } else {
        if let other = newest[crate] { try remove(other.path) }
        newest[crate] = (entry, status.modified)
      }
    }
  }

  private mutating func remove(_ entry: FilePath) throws(FileError) {
    guard let status = try entry.status() else { return }
    freed += status.kind == .directory ? entry.allocatedSize() : status.linkCount > 1 ? 0 : status.allocated
    try entry.removeTree()
  }

  private static func stem(_ name: String) -> Substring {
    let isLibrary = [".rlib", ".rmeta", ".so", ".a"].contains { name.hasSuffix($0) } && name.hasPrefix("lib")
    return (isLibrary ? name.dropFirst(3) : name[...]).prefix { $0 != "." }
  }

  /// The hash in a path: 16 hexadecimal digits behind a hyphen, up to a dot, a slash or the end; the first such.
  static func hash(in path: some Collection<UInt8>) -> String? {
    for component in Array(path).split(separator: UInt8(ascii: "/")) {
      guard let hyphen = component.lastIndex(of: UInt8(ascii: "-")) else { continue }
      let rest = component[(hyphen + 1)...]
      let digits = rest.prefix { $0 != UInt8(ascii: ".") }
      let isHash =
        digits.count == 16
        && digits.allSatisfy { byte in
          (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
      if isHash { return String(decoding: digits, as: UTF8.self) }
    }
    return nil
  }
}
