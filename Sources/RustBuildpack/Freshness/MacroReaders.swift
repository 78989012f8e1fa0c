/// Finds the app's packages that expand a procedural macro which may read files.
///
/// cargo is told nothing of what a macro reads (`sqlx::migrate!`, `include_dir!`, templates, translations). So when a
/// file changed that such a package did not declare as an input, the package's crates count as changed. Rust sources
/// that other crates are made of, and what another package declared of its own folder, are taken for that package's
/// business alone. Which macros read nothing is known of the
/// most used ones by `MacroCrates`; every other one may read, the app's own first of all.
package struct MacroReaders {
  /// A package of the app.
  package struct Package: Sendable {
    package let name: String
    /// Relative to the build directory.
    package let folder: FilePath
    /// The roots of its crates, relative to the build directory.
    package let roots: [FilePath]
    package let isMacro: Bool

    package init(name: String, folder: FilePath, roots: [FilePath], isMacro: Bool) {
      self.name = name
      self.folder = folder
      self.roots = roots
      self.isMacro = isMacro
    }
  }

  private let lockFiles: [LockFile]
  private let cargoHome: FilePath
  /// "name version" of packages that cargo's messages show to be macros.
  private let knownMacros: Set<String>
  private let ownMacros: Set<String>

  package init(lockFiles: [LockFile], cargoHome: FilePath, knownMacros: Set<String>, own: [Package]) {
    self.lockFiles = lockFiles
    self.cargoHome = cargoHome
    self.knownMacros = knownMacros
    ownMacros = Set(own.filter { $0.isMacro }.map { $0.name })
  }

  /// The packages of `own` that may read, with what they declared.
  package func readers(among own: [Package], _ inputs: DeclaredInputs) -> [SourceRecord.Reader] {
    let (macros, manifestMacros) = readingMacros()
    guard !macros.isEmpty || !manifestMacros.isEmpty else { return [] }
    let sources = inputs.rustSources
    let declared = own.map { inputs.of(package: $0.name, folder: $0.folder, roots: $0.roots) }
    return own.indices.compactMap { index -> SourceRecord.Reader? in
      let package = own[index]
      let mayReadAll = reaches(package.name, macros)
      guard mayReadAll || reaches(package.name, manifestMacros) else { return nil }
      var foreign = sources
      var foreignFolders: [FilePath] = []
      for other in own.indices where other != index {
        let folder = own[other].folder
        // Below the folder of a package at the top of the app stand those of others.
        let isOwn = { (path: FilePath) in owner(of: path, own) == folder }
        foreign.formUnion(declared[other].files.filter(isOwn))
        foreignFolders += declared[other].watched.filter(isOwn)
      }
      let mine = declared[index]
      return SourceRecord.Reader(
        package: package.name,
        roots: package.roots,
        files: mine.files.union(foreign),
        folders: mine.watched + foreignFolders + (mine.watchesPackage ? [package.folder] : []),
        readsManifestsAlone: !mayReadAll
      )
    }
  }

  /// The folder of the package that a file belongs to.
  private func owner(of path: FilePath, _ own: [Package]) -> FilePath? {
    own.map { $0.folder }.filter { $0.bytes.isEmpty || path.isInside($0) }.max { $0.bytes.count < $1.bytes.count }
  }

  /// "name version" of all macros in the lock files that may read, and of those that read nothing but manifests.
  private func readingMacros() -> (all: Set<String>, manifests: Set<String>) {
    var found: Set<String> = []
    var manifests: Set<String> = []
    for package in lockFiles.flatMap({ $0.packages }) {
      let key = Self.key(package)
      if package.source == nil {
        if ownMacros.contains(package.name) { found.insert(key) }
      } else if !MacroCrates.readNoFile(package.name), knownMacros.contains(key) || isMacro(package) {
        if MacroCrates.readManifest.contains(package.name) { manifests.insert(key) } else { found.insert(key) }
      }
    }
    return (found, manifests)
  }

  /// Whether the sources that cargo has fetched say so. Those of a git repository are not looked for: such a package may
  /// be a macro. One that was not fetched is not used.
  private func isMacro(_ package: LockFile.Package) -> Bool {
    if package.source?.hasPrefix("git+") == true { return true }
    let name = "\(package.name)-\(package.version)"
    let mark = Array("proc-macro = true".utf8)
    for registry in cargoHome.appending("registry/src").entries {
      guard let manifest = try? registry.appending(name).appending("Cargo.toml").contents(limit: 1 << 22) else {
        continue
      }
      return manifest.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual(mark) }
    }
    return false
  }

  /// Whether a package depends on one of the macros, however indirectly: crates pass on the macros of others.
  private func reaches(_ name: String, _ macros: Set<String>) -> Bool {
    for lockFile in lockFiles {
      guard let start = lockFile.packages.first(where: { $0.name == name && $0.source == nil }) else { continue }
      var waiting = [start]
      var seen: Set<String> = [Self.key(start)]
      while let package = waiting.popLast() {
        for dependency in lockFile.dependencies(of: package) {
          let key = Self.key(dependency)
          if macros.contains(key) { return true }
          if seen.insert(key).inserted { waiting.append(dependency) }
        }
      }
    }
    return false
  }

  private static func key(_ package: LockFile.Package) -> String { "\(package.name) \(package.version)" }
}
