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

  static func describe(_ legacy: RustConfig, _ log: Log) {
    log.detail("Reading RustConfig, which is of another buildpack; these lines replace it:")
    for line in legacy.translations { log.detail("- \(line.line): \(line.replacement)") }
    if !legacy.unreadable.isEmpty {
      log.warning(
        "Warning: RustConfig is read, not executed, and these of its lines are no assignments: "
          + legacy.unreadable.map { String($0) }.joined(separator: ", ")
      )
    }
  }

  static func describeAccess(_ context: BuildContext, _ log: Log) {
    for remark in SourceAccess(context.appEnvironment).remarks { log.detail(remark) }
    if Cargo.usesOfflineQueries(context) {
      log.detail("Setting SQLX_OFFLINE=true for the build, since the app has a folder .sqlx")
    }
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

  /// Asks cargo for the packages; what it refuses is explained where that can be done better here.
  static func readMetadata(_ cargo: Cargo, _ manifests: ManifestCheck) throws(BuildpackError) -> CargoMetadata {
    do throws(BuildpackError) {
      return try cargo.metadata()
    } catch {
      if case .manifestRejected = error, let trouble = manifests.trouble() { throw trouble }
      throw error
    }
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
        (context.legacy?.section, "RustConfig"),
      ]
    )
    for line in settings.summary { log.detail(line) }
    for unknown in settings.unknownKeys {
      let hint = unknown.nearest.map { " Did you mean \"\($0)\"?" } ?? ""
      log.warning("Warning: \(unknown.origin) has the key \"\(unknown.key)\", which means nothing here.\(hint)")
    }
    for unknown in settings.unknownVariables {
      let hint = unknown.nearest.map { " Did you mean \($0)?" } ?? ""
      log.warning("Warning: The config var \(unknown.name) means nothing here.\(hint)")
    }
    for package in metadata.packages where package.settings != nil && package.id != metadata.rootPackage?.id {
      log.warning(
        """
        Warning: The settings in the package \(package.name) are not read.

        They count in the Cargo.toml at the top of the app: under [package.metadata.scalingo], or in a workspace under
        [workspace.metadata.scalingo].
        """
      )
    }
    return settings
  }

  static func describe(_ plan: InstallPlan, _ log: Log) {
    for step in plan.steps {
      log.detail(
        "Found the package \(step.package.name) with the \(step.names.count == 1 ? "binary" : "binaries") "
          + step.names.joined(separator: ", ")
      )
    }
    for binary in plan.leftOut {
      log.notice(
        "the binary \(binary.binary) of \(binary.package) is left out: it requires the "
          + "\(binary.features.count == 1 ? "feature" : "features") \(binary.features.joined(separator: ", "))"
      )
    }
  }

  /// Installs tools; the step stands in the log only if there is something to say.
  static func installTools(
    _ tools: ToolInstaller,
    _ settings: Settings,
    _ context: BuildContext,
    _ log: Log
  ) throws(BuildpackError) -> [ToolInstaller.Installed] {
    if settings.tools?.value.isEmpty == false || context.cache.tools.exists { log.step("Installing tools") }
    return try tools.install(settings.tools)
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
        crates: context.cache.cargo,
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
    _ tools: [InstalledExecutable],
    _ plan: InstallPlan,
    _ settings: Settings,
    _ lockFile: LockFile?,
    _ context: BuildContext,
    _ log: Log
  ) throws(BuildpackError) {
    let app = context.buildDirectory
    for tool in tools { log.detail("Installed bin/\(tool.name) (\(sizeText(tool.size)))") }
    let record = LaunchRecord(
      executables: result.executables.map(\.name),
      defaultRuns: plan.steps.compactMap(\.package.defaultRun),
      addons: settings.addons?.value
    )
    let frameworks = Framework.all.filter { lockFile?.has($0.crate) == true }
    for framework in frameworks {
      log.detail("The app depends on \(framework.crate): it is told at the start to listen on 0.0.0.0 and PORT")
    }
    try guardingFiles { () throws(FileError) in
      try record.write(into: app)
      try ProfileScript.write(into: app, frameworks)
    }
    if let procfile = Procfile(app) {
      log.detail("Processes are started as the app's Procfile says")
      try link(procfile, result.executables.map(\.name) + tools.map(\.name), app, log)
    } else if record.processTypes.isEmpty {
      warnOfUnclearWebProcess(result.executables.map(\.name), log)
    } else {
      for type in record.processTypes { log.detail("Process type \(type.name): \(type.command)") }
    }
  }

  private static func link(
    _ procfile: Procfile,
    _ installed: [String],
    _ app: FilePath,
    _ log: Log
  ) throws(BuildpackError) {
    let links = try guardingFiles { () throws(FileError) in try procfile.linkOldPlaces(app, installed: installed) }
    for link in links { log.detail("Linked \(link) to bin/, since the Procfile names it there") }
  }

  /// Tells of what the Procfile starts and nothing has made, the app's own script after the build included.
  static func warnOfMissing(
    _ result: BuildResult,
    _ tools: [InstalledExecutable],
    _ context: BuildContext,
    _ log: Log
  ) {
    let installed = result.executables.map(\.name) + tools.map(\.name)
    for missing in Procfile(context.buildDirectory)?.missing(in: context.buildDirectory) ?? [] {
      let hint = nearest(FilePath(missing.written).lastComponent, among: installed).map { " Did you mean bin/\($0)?" }
      log.warning(
        """
        Warning: The Procfile's process "\(missing.process)" starts "\(missing.written)", which the build did not make.

        It will crash at its start. Installed in bin/: \(installed.joined(separator: ", ")).\(hint ?? "")
        """
      )
    }
  }

  private static func warnOfUnclearWebProcess(_ names: [String], _ log: Log) {
    log.warning(
      """
      Warning: It is not clear which executable is the web process: \(names.joined(separator: ", ")).

      Without one the platform has nothing to start. Do one of these:
      1. Commit a Procfile at the top of the app, for example with the line "web: \(names.first ?? "app")".
      2. Set default-run in the package's section of Cargo.toml.
      3. Name the binary "web".
      """
    )
  }

  /// Takes crate sources out of the image if the app asks for it.
  static func removeSources(_ settings: Settings, _ context: BuildContext, _ log: Log) throws(BuildpackError) {
    guard let setting = settings.keepsSources, !setting.value else { return }
    let freed = try guardingFiles { () throws(FileError) in try SourceRemoval.run(context.buildDirectory) }
    log.detail("Removed \(sizeText(freed)) of crate sources from the image, as \(setting.origin) says")
  }

  /// Leaves in the cache what the next deployment can use, and nothing else.
  static func save(
    _ result: BuildResult,
    _ lockFile: LockFile?,
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
    if let lockFile {
      var crates = CratePruning(home: context.cache.cargo, lockFiles: [lockFile])
      freed += try crates.run()
    }
    if freed > 0 { log.detail("Removed \(sizeText(freed)) that this build did not use") }
  }
}
