/// What of cargo's home the cache keeps: crates, their sources, index entries and git repositories that a lock file names.
///
/// cargo's logins and settings, which stand beside them, are never packed: they may be secrets, and would steer a later
/// build whose sources know nothing of them.
struct CrateSelection {
  private let home: FilePath
  private var names: Set<String> = []
  /// "serde-1.0.200": how a crate's archive and source folder are named.
  private var crates: Set<String> = []
  /// Commits of git dependencies, in full.
  private var commits: [String] = []

  /// A package in any of `lockFiles` is chosen.
  init(home: FilePath, lockFiles: [LockFile]) {
    self.home = home
    for package in lockFiles.flatMap({ $0.packages }) {
      guard let source = package.source else { continue }
      if source.hasPrefix("git+") {
        if let mark = source.lastIndex(of: "#") { commits.append(String(source[source.index(after: mark)...])) }
      } else {
        names.insert(package.name.lowercased())
        crates.insert("\(package.name)-\(package.version)")
      }
    }
  }

  /// The entries to pack, folders standing for all that they hold, sorted.
  var paths: [FilePath] {
    var found: [FilePath] = []
    // What lies behind a link is not cargo's.
    let (registry, git) = (home.appending("registry"), home.appending("git"))
    if registry.isRealDirectory { addCrates(registry, to: &found) }
    if git.isRealDirectory { addRepositories(git, to: &found) }
    return found.sorted()
  }

  private func addCrates(_ registry: FilePath, to found: inout [FilePath]) {
    found += registry.appending("cache").entries.flatMap { $0.entries }.filter { archive in
      let name = archive.lastComponent
      return name.hasSuffix(".crate") && crates.contains(String(name.dropLast(".crate".utf8.count)))
    }
    found += registry.appending("src").entries.flatMap { $0.entries }.filter { crates.contains($0.lastComponent) }
    for index in registry.appending("index").entries where index.isRealDirectory {
      // Everything but the entries of crates, and a git index as it is.
      found += index.entries.filter { $0.lastComponent != ".cache" }
      addEntries(index.appending(".cache"), to: &found)
    }
  }

  /// Entries are files named after crates, at any depth ("se/rd/serde").
  private func addEntries(_ folder: FilePath, to found: inout [FilePath]) {
    for entry in folder.entries {
      if entry.isRealDirectory {
        addEntries(entry, to: &found)
      } else if names.contains(entry.lastComponent) {
        found.append(entry)
      }
    }
  }

  /// `checkouts/NAME-HASH/COMMIT` holds a commit's files, its name being the first digits; `db/NAME-HASH` the history.
  private func addRepositories(_ folder: FilePath, to found: inout [FilePath]) {
    var used: Set<String> = []
    for repository in folder.appending("checkouts").entries {
      let chosen = repository.entries.filter { checkout in
        commits.contains { $0.hasPrefix(checkout.lastComponent) }
      }
      if !chosen.isEmpty { used.insert(repository.lastComponent) }
      found += chosen
    }
    found += folder.appending("db").entries.filter { used.contains($0.lastComponent) }
  }
}
