// Vendored crates that were edited. cargo takes a crate of one version for what never changes, and looks at none of its
// files; so what was made of such a crate is removed, by cargo itself.
extension Deployment {
  /// Names of the vendored crates of which a file changed.
  func editedCrates(_ changes: SourceChanges) -> [String] {
    let sources = CargoConfiguration(context).vendoredSources.compactMap { source in
      context.relative(source.base.appending(source.path).normalized)
    }
    var folders: Set<FilePath> = []
    for path in changes.changed {
      for source in sources where path.isInside(source) && path != source {
        let below = path.bytes.dropFirst(source.bytes.count).drop { $0 == UInt8(ascii: "/") }
        folders.insert(source.appending(bytes: below.prefix { $0 != UInt8(ascii: "/") }))
      }
    }
    let names = folders.compactMap { folder -> String? in
      let manifest = context.buildDirectory.appending(bytes: folder.bytes).appending("Cargo.toml")
      guard let content = try? manifest.contents(limit: 1 << 22) else { return nil }
      return (try? TOML.parse(content))?["package"]?["name"]?.string
    }
    return Set(names).sorted()
  }

  /// Removes what the app's scripts compiled if they may use a crate that was edited.
  func discardHooks(of crates: [String]) throws(BuildpackError) {
    guard !crates.isEmpty else { return }
    try guardingFiles { () throws(FileError) in try context.work.hooks.removeTree() }
  }

  /// Removes what was made of these crates; all that was compiled, if cargo does not know them.
  func discardUnits(of crates: [String], _ cargo: Cargo, _ plan: InstallPlan) throws(BuildpackError) {
    guard !crates.isEmpty, context.work.target.exists else { return }
    log.detail("Compiling \(crates.joined(separator: ", ")) again: the vendored source changed")
    guard try !cargo.clean(crates, plan) else { return }
    try guardingFiles { () throws(FileError) in try context.work.target.removeTree() }
  }
}
