/// `bin/compile BUILD_DIR CACHE_DIR ENV_DIR`: the story of a build. Read `build` first: it is the table of contents.
package enum Compile {
  /// Builds the app and returns the exit code; what went wrong has been told in the log.
  package static func run(_ arguments: [FilePath], process: Environment) -> Int32 {
    Termination.install()
    if tellsVersion(arguments) { return 0 }
    if arguments.first == SharedCacheServer.argument {
      return SharedCacheServer.main(Array(arguments.dropFirst()), process: process)
    }
    let log = Log(
      colored: (process["NO_COLOR"] ?? "").isEmpty,
      isDebugging: !(process["BUILDPACK_DEBUG"] ?? "").isEmpty
    )
    do throws(BuildpackError) {
      guard arguments.count >= 2, arguments.count <= 3, !arguments.contains(where: \.bytes.isEmpty) else {
        throw .usage("usage: bin/compile BUILD_DIR CACHE_DIR [ENV_DIR]")
      }
      let context = try BuildContext(
        buildDirectory: arguments[0],
        cacheDirectory: arguments[1],
        envDirectory: arguments.count > 2 ? arguments[2] : nil,
        buildpackDirectory: Machine.executable.flatMap(buildpackDirectory),
        process: process
      )
      try build(context, log)
      return 0
    } catch {
      log.error(error.text)
      return 1
    }
  }

  private static func build(_ context: BuildContext, _ log: Log) throws(BuildpackError) {
    let start = Clock.seconds
    log.step("Rust buildpack \(buildpackVersion)")
    describe(context, log)
    describeFolder(context, log)
    if let legacy = context.legacy { describe(legacy, log) }
    let request = try ToolchainRequest.read(
      context.appDirectory,
      top: context.buildDirectory,
      context.appEnvironment,
      context.legacy
    )
    // An app of another language may want the toolchain alone, and have no manifest.
    let skipsBuild = Settings.skipsBuild(context.appEnvironment) || context.legacy?.skipsBuild == true
    guard skipsBuild || context.appDirectory.appending("Cargo.toml").isFile else {
      throw .noManifest(context.appDirectory.appending("Cargo.toml"))
    }
    // Without it all would be compiled, and then be nowhere to be put.
    if !skipsBuild { try guardingFiles(context.buildDirectory.requireWritable) }

    log.step("Restoring the build cache")
    let cache = try BuildCache.open(context, log, parts: skipsBuild ? [.toolchain] : CachePart.allCases)
    defer { cache.close() }
    var deployment = Deployment(context, cache, log)
    do throws(BuildpackError) {
      if skipsBuild {
        try deployment.provideToolchain(request)
        deployment.keepToolchain()
        log.step("Done in \(durationText(Clock.seconds - start)): the toolchain only, as RUST_SKIP_BUILD says")
      } else {
        try deployment.run(request)
        log.step("Done in \(durationText(Clock.seconds - start))")
      }
    } catch {
      deployment.saveAfterFailure()
      throw error
    }
  }
}

extension Deployment {
  /// All of a deployment, from the sources to the executables and what is left for the next one.
  fileprivate mutating func run(_ request: ToolchainRequest) throws(BuildpackError) {
    // While the toolchain is unpacked.
    var freshness = try assignTimes()

    let toolchain = try provideToolchain(request)
    var state = try judgeCache(toolchain, profile: nil)

    Compile.describeAccess(context, log)
    try discardHooks(of: editedCrates(freshness.changes))
    let targets = HookTargets(context, lockFiles: freshness.files(named: "Cargo.lock"))
    let hasHook = try Hook.beforeBuild.run(context, toolchain, targets, log)

    log.step("Reading the app")
    Compile.warnOfSources(context, log)
    let sharedCache = try Compile.openSharedCache(context, toolchain, log)
    defer { _ = sharedCache?.close() }
    let cargo = Cargo(context, toolchain, sharedCache, log)
    let manifests = ManifestCheck(context, toolchain, origin: request.origin)
    let metadata = try Compile.readMetadata(cargo, manifests)
    let settings = try Compile.readSettings(metadata, context, log)
    let plan = try InstallPlan(
      metadata,
      settings,
      app: context.buildDirectory,
      environment: context.appEnvironment,
      knowsDebugProfile: !ManifestCheck.isOlder(toolchain.version, than: "1.99")
    )
    try manifests.check(plan, metadata)
    Compile.describe(plan, log)
    let circumstances = Compile.circumstances(context, toolchain, request, metadata)
    Compile.warnOfLockFile(metadata, context, log)
    let (lockFile, isWritten) = try Compile.provideLockFile(metadata, cargo, toolchain, context, log)
    // What the script and the lock file's step wrote counts by content, like everything else.
    if hasHook || isWritten || freshness.wasBuiltOtherwise { try rereadSources(&freshness) }
    readLockFiles(lockFile, freshness)
    let tools = ToolInstaller(context, toolchain, cargo, log)
    let installedTools = try Compile.installTools(tools, settings, context, log)
    try tools.check(installedTools, plan)
    if case .discarded = try judgeCache(toolchain, profile: settings.profile?.value ?? "release") { state = .empty }

    log.step("Building")
    describe(freshness.changes)
    edited = editedCrates(freshness.changes)
    if state == .restored { try discardUnits(of: edited, cargo, plan) }
    // "cargo install" would choose versions for what a lock file lacks without a word.
    let isWithoutCrates = cache.onDisk.archives[.crates] == nil
    let hasCrates = try cache.has(.crates)
    let isAsBuilt = freshness.changes.manifestsAreAsBuilt && state == .restored && (hasCrates || isWithoutCrates)
    if !isAsBuilt { try cargo.checkLockFile(plan, lockFile) }
    let explains = state == .restored && freshness.changes.isNone
    let result: BuildResult
    do throws(BuildpackError) {
      result = try Build.run(
        plan,
        cargo,
        freshness,
        in: context.buildDirectory,
        offline: isAsBuilt,
        explains: explains,
        messages: &messages
      )
    } catch { throw error.adding(circumstances) }
    Compile.describe(result, log)
    if explains { explainCompilation(result) }
    if let sharedCache { Compile.describe(sharedCache, log) }

    log.step("Preparing the start")
    let copied = try tools.copy(installedTools, into: context.buildDirectory)
    try Compile.prepareLaunch(result, copied, plan, settings, lockFile, context, log)
    try Compile.writeBillOfMaterials(result, installedTools, plan, toolchain, settings, lockFile, context, log)
    try Hook.afterBuild.run(context, toolchain, targets, log)
    try Compile.linkOldPlaces((result.executables + copied).map { $0.name }, context.buildDirectory, log)
    Compile.checkProcfile(result, copied, plan, context, log)
    try Compile.removeSources(settings, context, log)

    log.step("Saving the build cache")
    save(result, freshness, metadata, targets)
  }
}
