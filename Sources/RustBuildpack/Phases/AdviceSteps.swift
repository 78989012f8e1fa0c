extension Compile {
  /// Says which folder is the app's, if it is not the top.
  static func describeFolder(_ context: BuildContext, _ log: Log) {
    guard let folder = AppFolder.asked(context.appEnvironment) else { return }
    log.detail("Building the app in \(folder), from \(AppFolder.variable)")
  }

  /// What the words of a failed build tell of; to be asked before a missing lock file is made.
  static func circumstances(
    _ context: BuildContext,
    _ toolchain: Toolchain,
    _ request: ToolchainRequest,
    _ metadata: CargoMetadata
  ) -> BuildCircumstances {
    BuildCircumstances(
      rust: toolchain.version,
      origin: request.origin,
      hasLockFile: metadata.workspaceRoot.appending("Cargo.lock").exists,
      stack: context.stack,
      hasGit: context.buildDirectory.appending(".git").exists
    )
  }

  /// Tells of a lock file in a folder where cargo does not look for it, if it is missing where cargo does.
  static func warnOfLockFile(_ metadata: CargoMetadata, _ context: BuildContext, _ log: Log) {
    let right = metadata.workspaceRoot.appending("Cargo.lock")
    guard !right.exists, !AppFolder.movesLockFile(context.appDirectory, top: context.buildDirectory) else { return }
    let folders = metadata.packages.map { $0.manifest.parent } + [context.appDirectory, context.buildDirectory]
    guard let wrong = folders.map({ $0.appending("Cargo.lock") }).first(where: { $0 != right && $0.isFile }) else {
      return
    }
    func shown(_ path: FilePath) -> String {
      (context.relative(path) ?? path).description
    }
    log.warning(
      """
      Warning: The file \(shown(wrong)) is not read.

      cargo looks for \(shown(right)), beside the Cargo.toml of the workspace or of the package that is built.
      To build with the versions that it names: git mv \(shown(wrong)) \(shown(right))
      """
    )
  }

  /// What the app's containers set at their start if they are small, told in the log; nil if the app wants none of it.
  static func runtimeDefaults(_ settings: Settings, _ lockFile: LockFile?, _ log: Log) -> RuntimeDefaults? {
    if settings.setsRuntimeDefaults?.value == false { return nil }
    let defaults = RuntimeDefaults(lockFile)
    log.detail(defaults.remark)
    return defaults
  }

  /// Tells of what the app's files and variables hold that a build takes without a word.
  static func warnOfSources(_ context: BuildContext, _ log: Log) {
    // After the app's own script, which may fetch the real files. What can't be read is met again by the build.
    let pointers = (try? LargeFilePointers.find(in: context.buildDirectory)) ?? []
    if let warning = LargeFilePointers.warning(pointers) { log.warning(warning) }
    let origins = NativeProcessor.origins(
      context.appDirectory,
      top: context.buildDirectory,
      context.appEnvironment
    )
    if let warning = NativeProcessor.warning(origins) { log.warning(warning) }
  }
}
