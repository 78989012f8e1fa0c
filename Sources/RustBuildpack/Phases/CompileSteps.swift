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
      log.warning("Warning: \(unknown.origin) has the key \"\(unknown.key)\", which is not a known setting.\(hint)")
    }
    for unknown in settings.unknownVariables {
      let hint = unknown.nearest.map { " Did you mean \($0)?" } ?? ""
      log.warning("Warning: The config var \(unknown.name) is not a known setting.\(hint)")
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
    if settings.tools?.value.isEmpty == false || context.work.tools.exists { log.step("Installing tools") }
    return try tools.install(settings.tools)
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
    let defaults = runtimeDefaults(settings, lockFile, log)
    let holdsPath = try guardingFiles { () throws(FileError) in
      try record.write(into: app)
      let holdsPath = try executablesHold(context.work.app, result, in: app)
      try ProfileScript.write(into: app, frameworks, defaults, linking: holdsPath ? context.work.app : nil)
      return holdsPath
    }
    if holdsPath { log.detail("\(context.work.app), which executables hold, leads to the app's folder at the start") }
    if Procfile(app) != nil {
      log.detail("Processes are started as the app's Procfile says")
    } else if record.processTypes.isEmpty {
      warnOfUnclearWebProcess(result.executables.map(\.name), plan, log)
    } else {
      for type in record.processTypes { log.detail("Process type \(type.name): \(type.command)") }
    }
  }

  /// Whether an executable holds the path by which the compiler knew the app, as `env!("CARGO_MANIFEST_DIR")` gives it.
  private static func executablesHold(
    _ path: FilePath,
    _ result: BuildResult,
    in app: FilePath
  ) throws(FileError) -> Bool {
    let search = PathSearch(path)
    for executable in result.executables {
      if try search.isIn(file: app.appending("bin").appending(executable.name)) { return true }
    }
    return false
  }

  /// Makes the links that an old Procfile wants; after the app's last script, whose own `target` would be in the way.
  static func linkOldPlaces(_ installed: [String], _ app: FilePath, _ log: Log) throws(BuildpackError) {
    guard let procfile = Procfile(app) else { return }
    let links = try guardingFiles { () throws(FileError) in try procfile.linkOldPlaces(app, installed: installed) }
    for link in links { log.detail("Linked \(link) to bin/, since the Procfile names it there") }
  }

  /// Tells of what will go wrong with the app's processes, after the app's own script, which may make programs.
  static func checkProcfile(
    _ result: BuildResult,
    _ tools: [InstalledExecutable],
    _ plan: InstallPlan,
    _ context: BuildContext,
    _ log: Log
  ) {
    let check = ProcfileCheck(
      context.buildDirectory,
      executables: result.executables.map { $0.name },
      tools: tools.map { $0.name },
      packages: plan.steps.map { $0.package.name },
      environment: context.appEnvironment
    )
    for warning in check.warnings { log.warning(warning) }
  }

  private static func warnOfUnclearWebProcess(_ names: [String], _ plan: InstallPlan, _ log: Log) {
    let likely = LikelyWebProcess.choose(among: names, packages: plan.steps.map { $0.package.name })
    log.warning(
      """
      Warning: It is not clear which executable is the web process: \(names.joined(separator: ", ")).

      Without one the platform has nothing to start. Do one of these:
      1. Commit a Procfile at the top of the app, for example with the line "web: \(likely ?? "app")".
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
}
