/// What the platform gave this deployment: directories, variables, stack.
package struct BuildContext: Sendable {
  /// The app's sources, at a new path on every deployment; links in its own path resolved.
  package let buildDirectory: FilePath
  /// The folder of the app's manifest: the build directory, or `BUILD_PATH` of RustConfig below it.
  package let appDirectory: FilePath
  /// What the app has left from the buildpack it used before.
  package let legacy: RustConfig?
  package let cache: CacheLayout
  /// Where this buildpack stands: the folder above the executable's, if that is known.
  package let buildpackDirectory: FilePath?
  /// The app's variables and the platform's, before any of ours.
  package let appEnvironment: Environment
  /// Files of the env directory that could not become variables, with the reason.
  package let skippedVariables: [(name: String, reason: String)]

  /// Checks and resolves the arguments of `bin/compile`, and makes the cache directory.
  package init(
    buildDirectory: FilePath,
    cacheDirectory: FilePath,
    envDirectory: FilePath?,
    buildpackDirectory: FilePath?,
    process: Environment
  ) throws(BuildpackError) {
    guard buildDirectory.string != nil, let resolved = buildDirectory.absolute.resolved, resolved.string != nil
    else { throw .noBuildDirectory(buildDirectory) }
    guard resolved.isRealDirectory else { throw .noBuildDirectory(buildDirectory) }
    self.buildDirectory = resolved
    legacy = RustConfig(resolved)
    appDirectory = try Self.appDirectory(resolved, legacy)
    do throws(FileError) {
      try cacheDirectory.absolute.makeDirectories()
    } catch { throw .cacheUnusable(error) }
    guard let cache = cacheDirectory.absolute.resolved, cache.string != nil else {
      throw .cacheUnusable(FileError("use", cacheDirectory, .noSuchFile))
    }
    self.cache = CacheLayout(cache)
    self.buildpackDirectory = buildpackDirectory
    let variables = AppVariables.merge(process, with: envDirectory?.absolute)
    appEnvironment = variables.environment
    skippedVariables = variables.skipped
  }

  /// The folder that `BUILD_PATH` names, which must lie inside the build directory.
  private static func appDirectory(_ build: FilePath, _ legacy: RustConfig?) throws(BuildpackError) -> FilePath {
    guard let path = legacy?.buildPath else { return build }
    guard let folder = build.appending(path).resolved, folder.isInside(build), folder.isRealDirectory else {
      throw .setting(
        name: "BUILD_PATH",
        origin: "RustConfig",
        problem: "there is no folder \"\(path)\" in the app",
        known: []
      )
    }
    return folder
  }

  /// The stack's name, "scalingo-24"; nothing where the platform does not set it.
  package var stack: String? { appEnvironment["STACK"].flatMap { $0.isEmpty ? nil : $0 } }

  /// The variables for rustup, cargo and all they start: the app's, with the directories that are ours.
  package var toolEnvironment: Environment {
    var environment = appEnvironment
    for name in ["CARGO_BUILD_TARGET_DIR", "CARGO_INSTALL_ROOT", "RUSTUP_TOOLCHAIN"] { environment[name] = nil }
    environment["RUSTUP_HOME"] = cache.rustup.description
    environment["CARGO_HOME"] = cache.cargo.description
    environment["CARGO_TARGET_DIR"] = cache.target.description
    // cargo lets the app's own configuration split intermediate files off the target directory; a variable beats that.
    environment["CARGO_BUILD_BUILD_DIR"] = cache.target.description
    // An empty PATH would mean the current directory, which is the app's.
    let path = appEnvironment.values["PATH"].flatMap { $0.isEmpty ? nil : $0 }
    let fallback = Array("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".utf8)
    environment.set("PATH", Array("\(cache.cargo)/bin:".utf8) + (path ?? fallback))
    return environment
  }
}
