// The steps of `Compile.build`, in its order.
extension Compile {
  /// The buildpack's folder, if the executable stands in its `bin`; a development build stands elsewhere.
  static func buildpackDirectory(of executable: FilePath) -> FilePath? {
    executable.parent.lastComponent == "bin" ? executable.parent.parent : nil
  }

  static func describe(_ context: BuildContext, _ log: Log) {
    log.detail("Building for the stack \(context.stack ?? "(unknown: STACK is not set)")")
    guard !context.skippedVariables.isEmpty else { return }
    let list = context.skippedVariables.prefix(10).map { "  \($0.name): \($0.reason)" }
    let more = context.skippedVariables.count > 10 ? ["  … and \(context.skippedVariables.count - 10) more"] : []
    log.warning(
      """
      Warning: Some entries of the env directory could not become variables:

      \((list + more).joined(separator: "\n"))
      """
    )
  }

  static func describe(_ request: ToolchainRequest, _ log: Log) {
    log.detail("Using the toolchain \"\(request.channel)\", from \(request.origin)")
    if !request.targets.isEmpty { log.detail("With targets: \(request.targets.joined(separator: ", "))") }
    if !request.components.isEmpty { log.detail("With components: \(request.components.joined(separator: ", "))") }
    if !request.leftOut.isEmpty {
      log.notice("not installed, since no build needs them: \(request.leftOut.joined(separator: ", "))")
    }
    for remark in request.remarks { log.notice(remark) }
  }

  static func readSettings(
    _ metadata: CargoMetadata,
    _ context: BuildContext,
    _ log: Log
  ) throws(BuildpackError) -> Settings {
    let settings = try Settings(
      context.appEnvironment,
      [
        (metadata.rootPackage?.settings, "[package.metadata.scalingo]"),
        (metadata.workspaceSettings, "[workspace.metadata.scalingo]"),
      ]
    )
    for line in settings.summary { log.detail(line) }
    for unknown in settings.unknownKeys {
      let hint = unknown.nearest.map { " Did you mean \"\($0)\"?" } ?? ""
      log.warning("Warning: \(unknown.origin) has the key \"\(unknown.key)\", which means nothing here.\(hint)")
    }
    return settings
  }

  static func describe(_ plan: InstallPlan, _ log: Log) {
    for step in plan.steps {
      let names = step.binaries ?? step.package.binaries
      log.detail(
        "Found the package \(step.package.name) with the \(names.count == 1 ? "binary" : "binaries") "
          + names.joined(separator: ", ")
      )
    }
  }

  /// Returns the content of the app's lock file, which is checked, or made if there is none.
  static func provideLockFile(
    _ metadata: CargoMetadata,
    _ plan: InstallPlan,
    _ cargo: Cargo,
    _ log: Log
  ) throws(BuildpackError) -> [UInt8] {
    let path = metadata.workspaceRoot.appending("Cargo.lock")
    if path.exists {
      try cargo.checkLockFile(plan)
    } else {
      log.warning(
        """
        Warning: The app has no Cargo.lock.

        The newest versions of all dependencies are chosen anew on every deployment, so that the same sources
        may give another app tomorrow, or none. To have what you tested, run

          cargo generate-lockfile
          git add --force Cargo.lock && git commit -m "Add Cargo.lock"

        and see that Cargo.lock does not stand in .gitignore or .slugignore.
        """
      )
      try cargo.generateLockFile()
    }
    return try guardingFiles { () throws(FileError) in try path.contents() }
  }

  static func describe(_ state: CacheState, _ log: Log) {
    switch state {
    case .empty: log.detail("There is no earlier build: everything will be compiled")
    case .restored: log.detail("Using what the last build compiled")
    case .discarded: log.detail("Everything will be compiled")
    }
  }

  /// Gives all sources the times that their content asks for; where that can't be done, makes sure that nothing is
  /// compared with them.
  static func assignTimes(
    _ context: BuildContext,
    _ cache: borrowing BuildCache,
    _ log: Log
  ) throws(BuildpackError) -> Freshness? {
    do throws(FileError) {
      let freshness = try Freshness(
        sources: context.buildDirectory,
        target: context.cache.target,
        record: context.cache.sources,
        cache: context.cache.directory
      )
      let changes = freshness.changes
      let files = countText(changes.files, "file")
      if let reason = changes.allChangedReason {
        log.detail("Taking all of \(files) for changed, since \(reason)")
      } else if changes.hadRecord {
        log.detail("\(changes.changedFiles) of \(files) changed since the last build")
      } else {
        log.detail("Recorded the content of \(files)")
      }
      return freshness
    } catch {
      do throws(FileError) { try cache.discardTarget(["the buildpack \(error)"]) } catch { throw .cacheUnusable(error) }
      return nil
    }
  }

  static func describe(_ result: BuildResult, _ log: Log) {
    for line in result.messages.strayLines { log.toolLine(line[...]) }
    let reused = result.messages.used.count - result.messages.compiled.count
    log.detail("Compiled \(countText(result.messages.compiled.count, "crate")), reused \(reused)")
    for executable in result.executables {
      log.detail("Installed bin/\(executable.name) (\(sizeText(executable.size)))")
    }
  }

  static func prepareLaunch(
    _ result: BuildResult,
    _ plan: InstallPlan,
    _ settings: Settings,
    _ context: BuildContext,
    _ log: Log
  ) throws(BuildpackError) {
    let record = LaunchRecord(
      executables: result.executables.map(\.name),
      defaultRuns: plan.steps.compactMap(\.package.defaultRun),
      addons: settings.addons?.value
    )
    try guardingFiles { () throws(FileError) in
      try record.write(into: context.buildDirectory)
      try ProfileScript.write(into: context.buildDirectory)
    }
    if context.buildDirectory.appending("Procfile").exists {
      log.detail("Processes are started as the app's Procfile says")
    } else if record.processTypes.isEmpty {
      let names = result.executables.map(\.name)
      log.warning(
        """
        Warning: It is not clear which executable is the web process: \(names.joined(separator: ", ")).

        Without one the platform has nothing to start. Do one of these:
        1. Commit a Procfile at the top of the app, for example with the line "web: \(names.first ?? "app")".
        2. Set default-run in the package's section of Cargo.toml.
        3. Name the binary "web".
        """
      )
    } else {
      for type in record.processTypes { log.detail("Process type \(type.name): \(type.command)") }
    }
  }

  /// Leaves in the cache what the next deployment can use, and nothing else.
  static func save(
    _ result: BuildResult,
    _ lockFile: [UInt8],
    _ freshness: inout Freshness?,
    _ context: BuildContext,
    _ log: Log
  ) throws(FileError) {
    var pruning = TargetPruning(context.cache.target, files: result.messages.files)
    let outcome = try pruning.run()
    if outcome.isComplete {
      try freshness?.endComplete(compiled: !result.messages.compiled.isEmpty)
    } else {
      log.debug("The target directory is not of the layout known here; it was pruned in part")
      try freshness?.endUnfinished()
    }
    var freed = outcome.freed
    if var crates = CratePruning(home: context.cache.cargo, lockFiles: [lockFile]) { freed += try crates.run() }
    if freed > 0 { log.detail("Removed \(sizeText(freed)) that this build did not use") }
  }
}
