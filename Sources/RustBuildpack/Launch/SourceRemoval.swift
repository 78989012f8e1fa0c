/// Takes what the build consumed out of the image, for apps that ask for it.
package enum SourceRemoval {
  /// Removes cargo's manifests, lock files and toolchain files, `.rs` files, and folders left empty by that; everything
  /// else stays, since the app may need it at run time. Links are removed by their own name, never followed.
  ///
  /// Returns the bytes on disk that are free now.
  package static func run(_ app: FilePath) throws(FileError) -> Int64 {
    var freed: Int64 = 0
    _ = try prune(app, isTop: true, &freed)
    return freed
  }

  /// Returns whether the folder is empty now and was not before.
  private static func prune(_ folder: FilePath, isTop: Bool, _ freed: inout Int64) throws(FileError) -> Bool {
    var left = 0
    var removed = 0
    for entry in folder.entries {
      guard let status = try entry.status() else { continue }
      let isGone: Bool
      switch status.kind {
      case .directory:
        // What this buildpack has just written is for the run time.
        let isOurs = isTop && [".scalingo", ".profile.d"].contains(entry.lastComponent)
        isGone = isOurs ? false : try prune(entry, isTop: false, &freed)
        if isGone { try entry.removeTree() }
      case .file, .link:
        isGone = isSource(entry.lastComponent)
        if isGone {
          freed += status.kind == .file ? status.allocated : 0
          try entry.removeTree()
        }
      case .special: isGone = false
      }
      if isGone { removed += 1 } else { left += 1 }
    }
    return left == 0 && removed > 0
  }

  static func isSource(_ name: String) -> Bool {
    ["Cargo.toml", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml"].contains(name) || name.hasSuffix(".rs")
  }
}
