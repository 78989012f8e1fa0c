/// Which folder of what was deployed is the app's, and where others may be.
package enum AppFolder {
  /// The config var that names the folder, relative to the top of what was deployed.
  package static let variable = "RUST_APP_DIR"

  /// What the config var names; nil when it is not set, or names the top.
  package static func asked(_ environment: Environment) -> String? {
    guard let text = environment[variable] else { return nil }
    let parts = text.split { $0 == "/" || $0.isNewline }.map { String($0) }.filter { $0 != "." }
    return parts.isEmpty ? nil : parts.joined(separator: "/")
  }

  /// The app's folder: what `RUST_APP_DIR` names, else `BUILD_PATH` of RustConfig, else the top.
  ///
  /// - Throws: when there is no such folder below the top, links followed.
  static func resolve(
    _ top: FilePath,
    _ environment: Environment,
    _ legacy: RustConfig?
  ) throws(BuildpackError) -> FilePath {
    let asked = asked(environment)
    guard let path = asked ?? legacy?.buildPath else { return top }
    guard let folder = top.appending(path).resolved, folder.isInside(top), folder.isRealDirectory else {
      throw .setting(
        name: asked == nil ? "BUILD_PATH" : variable,
        origin: asked == nil ? "RustConfig" : variable,
        problem: "there is no folder \"\(path)\" in the app",
        known: withManifest(below: top)
      )
    }
    return folder
  }

  /// Folders below `top`, at most three levels down, that hold a manifest: those with a program first, else sorted.
  package static func withManifest(below top: FilePath, limit: Int = 20) -> [String] {
    var programs: [String] = []
    var others: [String] = []
    func look(_ folder: FilePath, _ depth: Int) {
      for entry in folder.entries where entry.isRealDirectory && !passedOver.contains(entry.lastComponent) {
        if entry.appending("Cargo.toml").isFile {
          let name = String(decoding: entry.bytes.dropFirst(top.bytes.count + 1), as: UTF8.self)
          if entry.appending("src/main.rs").isFile || entry.appending("src/bin").isRealDirectory {
            programs.append(name)
          } else {
            others.append(name)
          }
        }
        if depth > 1, programs.count + others.count < 1_000 { look(entry, depth - 1) }
      }
    }
    look(top, 3)
    return Array((programs + others).filter { isPrintable($0) }.prefix(limit))
  }

  /// Whether cargo's configuration, in a folder from the app's up to `top`, says that the lock file is elsewhere.
  package static func movesLockFile(_ app: FilePath, top: FilePath) -> Bool {
    var folder = app
    while folder.isInside(top) {
      for name in [".cargo/config", ".cargo/config.toml"] {
        if let content = try? folder.appending(name).contents(limit: 1 << 20),
          content.indices.contains(where: { content[$0...].starts(with: Array("lockfile-path".utf8)) })
        {
          return true
        }
      }
      if folder.parent == folder { break }
      folder = folder.parent
    }
    return false
  }

  private static let passedOver: Set<String> = [".git", "node_modules", "target", "vendor"]

  private static func isPrintable(_ name: String) -> Bool { name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
