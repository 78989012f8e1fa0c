/// What the platform gave this deployment: directories, variables, stack.
package struct BuildContext: Sendable {
  /// The app's sources, at a new path on every deployment; links in its own path resolved.
  package let buildDirectory: FilePath
  /// The folder of the app's manifest: the build directory, or what `RUST_APP_DIR` names below it. See `AppFolder`.
  package let appDirectory: FilePath
  /// What the app has left from the buildpack it used before.
  package let legacy: RustConfig?
  package let cache: CacheLayout
  /// The same folders as cargo and everything below it know them.
  package let work: WorkLayout
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
    var variables = AppVariables.merge(process, with: envDirectory?.absolute)
    appDirectory = try AppFolder.resolve(resolved, variables.environment, legacy)
    do throws(FileError) {
      try cacheDirectory.absolute.makeDirectories()
    } catch { throw .cacheUnusable(error) }
    guard let cache = cacheDirectory.absolute.resolved, cache.string != nil else {
      throw .cacheUnusable(FileError("use", cacheDirectory, .noSuchFile))
    }
    self.cache = CacheLayout(cache)
    self.buildpackDirectory = buildpackDirectory
    // It is the machine's, not the app's: another path on one deployment would make everything be compiled again.
    let link = process[WorkLayout.variable].flatMap { $0.isEmpty ? nil : FilePath($0) }
    if let link, !link.isAbsolute || link.string == nil {
      throw .setting(
        name: WorkLayout.variable,
        origin: "the environment",
        problem: "It must be an absolute path",
        known: []
      )
    }
    work = WorkLayout(link ?? WorkLayout.usualPlace)
    variables.environment[WorkLayout.variable] = nil
    appEnvironment = variables.environment
    skippedVariables = variables.skipped
  }

  /// The stack's name, "scalingo-24"; nothing where the platform does not set it.
  package var stack: String? { appEnvironment["STACK"].flatMap { $0.isEmpty ? nil : $0 } }

  /// The folder of the app's manifest by its constant path.
  package var app: FilePath { constant(appDirectory) }

  /// The constant path of a file or folder below the build directory; every other path stays as it is.
  package func constant(_ path: FilePath) -> FilePath {
    guard path.isInside(buildDirectory) else { return path }
    return work.app.appending(bytes: path.bytes.dropFirst(buildDirectory.bytes.count).drop { $0 == UInt8(ascii: "/") })
  }

  /// A path below the app, relative to the build directory; nil for every other path.
  package func relative(_ path: FilePath) -> FilePath? {
    guard let base = [work.app, buildDirectory].first(where: { path.isInside($0) }) else { return nil }
    return FilePath(bytes: path.bytes.dropFirst(base.bytes.count).drop { $0 == UInt8(ascii: "/") })
  }

  /// Variables that would give what the app's own programs start, such as a build script that calls cargo, the folders
  /// of the cargo around it: it would wait for that one's lock for ever.
  private static let misplacing = [
    "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR", "CARGO_INSTALL_ROOT", "RUSTUP_TOOLCHAIN",
  ]

  /// The variables for rustup, cargo and all they start: the app's, with the directories that are ours.
  package var toolEnvironment: Environment {
    var environment = appEnvironment
    for name in Self.misplacing { environment[name] = nil }
    environment["RUSTUP_HOME"] = work.rustup.description
    environment["CARGO_HOME"] = work.cargo.description
    // What a shell that had entered the folder by this path would have.
    environment["PWD"] = app.description
    environment.set("PATH", Array("\(work.cargo)/bin:".utf8) + path)
    return environment
  }

  /// The app's PATH. An empty one would mean the current directory, which is the app's.
  var path: [UInt8] {
    appEnvironment.values["PATH"].flatMap { $0.isEmpty ? nil : $0 }
      ?? Array("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".utf8)
  }
}
