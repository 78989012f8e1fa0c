/// Sources of crates that the app brings along ("cargo vendor"), given a path that does not move.
///
/// cargo knows a crate that is no member of the workspace by the full path of its sources, and compiles it anew when
/// that differs; the build directory is another one on every deployment. So cargo is shown the folder through a link in
/// the cache, whose path stays. Times and contents are those of the app's own files.
struct VendoredSources {
  private let context: BuildContext
  /// Names of the sources in the app's cargo configuration, with the folders that they stand for.
  private let folders: [(name: String, folder: FilePath)]

  init(_ context: BuildContext) {
    self.context = context
    var found: [(name: String, folder: FilePath)] = []
    var place = context.appDirectory
    while place.isInside(context.buildDirectory) {
      for (name, folder) in Self.folders(in: place)
      where folder.isInside(context.buildDirectory) && !found.contains(where: { $0.name == name }) {
        found.append((name, folder))
      }
      place = place.parent
    }
    folders = found
  }

  /// What cargo is told so that it uses the links.
  var arguments: [String] {
    folders.flatMap { ["--config", "source.\($0.name).directory=\"\(link($0.name))\""] }
  }

  /// Makes the links, and no others stay.
  func makeLinks() throws(BuildpackError) {
    try guardingFiles { () throws(FileError) in
      try context.cache.vendored.removeTree()
      guard !folders.isEmpty else { return }
      try context.cache.vendored.makeDirectories()
      for (name, folder) in folders { try link(name).makeLink(to: folder) }
    }
  }

  private func link(_ name: String) -> FilePath { context.cache.vendored.appending(name) }

  /// The sources of one folder's configuration that are real folders themselves.
  private static func folders(in place: FilePath) -> [(name: String, folder: FilePath)] {
    for file in [".cargo/config", ".cargo/config.toml"] {
      guard let content = try? place.appending(file).contents(limit: 1 << 20), let document = try? TOML.parse(content)
      else { continue }
      return (document["source"]?.object ?? []).compactMap { member in
        guard let text = member.value["directory"]?.string, !text.hasPrefix("/"), !member.key.contains("."),
          ToolchainRequest.isName(member.key), let folder = place.appending(text).resolved, folder.isRealDirectory
        else { return nil }
        return (member.key, folder)
      }
    }
    return []
  }
}
