extension Compile {
  /// Returns the app's lock file, which is made if there is none (nil when it can't be understood, of which cargo will
  /// tell), and whether a file was written among the sources.
  static func provideLockFile(
    _ metadata: CargoMetadata,
    _ cargo: Cargo,
    _ toolchain: Toolchain,
    _ context: BuildContext,
    _ log: Log
  ) throws(BuildpackError) -> (lockFile: LockFile?, isWritten: Bool) {
    let root = metadata.workspaceRoot
    let path = context.constant(
      LockFile.path(
        workspaceRoot: root,
        configuration: CargoConfiguration(context),
        toolchainVersion: toolchain.version
      )
    )
    let isElsewhere = path != root.appending("Cargo.lock")
    let shown = path.isInside(root) ? String(path.description.dropFirst(root.description.count + 1)) : "\(path)"
    if isElsewhere { log.detail("The lock file is \(shown), as resolver.lockfile-path says") }
    let isMissing = !path.exists
    if isMissing {
      log.warning(
        """
        Warning: The app has no \(shown).

        The newest versions of all dependencies are chosen again on every deployment, so that the same sources
        may give another app tomorrow, or none. To have what you tested, run

          cargo generate-lockfile
          git add --force \(shown) && git commit -m "Add Cargo.lock"

        and see that \(shown) does not stand in .gitignore or .slugignore.
        """
      )
      try cargo.generateLockFile()
    }
    return try guardingFiles { () throws(FileError) in
      let content = try path.contents()
      // "cargo install" ignores the setting, and would choose versions as if there were no lock file.
      if isElsewhere { try root.appending("Cargo.lock").write(content) }
      return (LockFile(content), isElsewhere || isMissing)
    }
  }
}
