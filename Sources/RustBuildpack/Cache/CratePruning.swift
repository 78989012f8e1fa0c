/// Removes from cargo's home what the lock file does not name: crates, their sources, index entries, git repositories.
package struct CratePruning {
  private let home: FilePath
  private var names: Set<String> = []
  /// "serde-1.0.200": how a crate's archive and source folder are named.
  private var crates: Set<String> = []
  /// Commits of git dependencies, in full.
  private var commits: [String] = []
  private var freed: Int64 = 0

  /// A package in any of `lockFiles` is kept.
  package init(home: FilePath, lockFiles: [LockFile]) {
    self.home = home
    for package in lockFiles.flatMap(\.packages) {
      guard let source = package.source else { continue }
      if source.hasPrefix("git+") {
        if let mark = source.lastIndex(of: "#") { commits.append(String(source[source.index(after: mark)...])) }
      } else {
        names.insert(package.name.lowercased())
        crates.insert("\(package.name)-\(package.version)")
      }
    }
  }

  /// Prunes, and returns the bytes on disk that are free now.
  package mutating func run() throws(FileError) -> Int64 {
    let registry = home.appending("registry")
    for folder in [registry, home.appending("git")] where !folder.isRealDirectory { try remove(folder) }
    for archive in registry.appending("cache").entries.flatMap(\.entries) {
      let name = archive.lastComponent
      if !name.hasSuffix(".crate") || !crates.contains(String(name.dropLast(".crate".count))) { try remove(archive) }
    }
    for source in registry.appending("src").entries.flatMap(\.entries) where !crates.contains(source.lastComponent) {
      try remove(source)
    }
    for index in registry.appending("index").entries where index.isRealDirectory {
      try pruneIndex(index.appending(".cache"))
    }
    try pruneGit(home.appending("git"))
    return freed
  }

  /// Entries are files named after crates, at any depth ("se/rd/serde").
  private mutating func pruneIndex(_ folder: FilePath) throws(FileError) {
    for entry in folder.entries {
      if entry.isRealDirectory {
        try pruneIndex(entry)
        if entry.entries.isEmpty { try remove(entry) }
      } else if !names.contains(entry.lastComponent) {
        try remove(entry)
      }
    }
  }

  /// `checkouts/NAME-HASH/COMMIT` holds a commit's files, its name being the first digits; `db/NAME-HASH` the history.
  private mutating func pruneGit(_ folder: FilePath) throws(FileError) {
    var used: Set<String> = []
    for repository in folder.appending("checkouts").entries {
      for checkout in repository.entries {
        if commits.contains(where: { $0.hasPrefix(checkout.lastComponent) }) {
          used.insert(repository.lastComponent)
        } else {
          try remove(checkout)
        }
      }
      if !used.contains(repository.lastComponent) { try remove(repository) }
    }
    for database in folder.appending("db").entries where !used.contains(database.lastComponent) {
      try remove(database)
    }
  }

  private mutating func remove(_ entry: FilePath) throws(FileError) {
    guard let status = try entry.status() else { return }
    freed += status.kind == .directory ? entry.allocatedSize() : status.allocated
    try entry.removeTree()
  }
}
