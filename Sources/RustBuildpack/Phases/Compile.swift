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
    var cache = try BuildCache.open(context, log)
    defer { cache.close() }
    // Also those that a deployment left which was killed.
    CargoHome.forgetSettings(context.cache, log)
    defer { CargoHome.forgetSettings(context.cache, log) }

    log.step("Installing Rust")
    describe(request, log)
    let toolchain = try ToolchainInstaller(context, log).install(request)
    let isExported = ExportFile.write(into: context.buildpackDirectory, context.cache, channel: toolchain.channel)
    log.debug(isExported ? "Wrote the export file for later buildpacks" : "The buildpack's folder can't be written to")
    guard !skipsBuild else {
      log.step("Done in \(durationText(Clock.seconds - start)): the toolchain only, as RUST_SKIP_BUILD says")
      return
    }

    describeAccess(context, log)
    try Hook.beforeBuild.run(context, toolchain, log)

    log.step("Reading the app")
    let sharedCache = try openSharedCache(context, toolchain, log)
    defer { _ = sharedCache?.close() }
    let cargo = Cargo(context, toolchain, sharedCache, log)
    let manifests = ManifestCheck(context, toolchain, origin: request.origin)
    let metadata = try readMetadata(cargo, manifests)
    let settings = try readSettings(metadata, context, log)
    let plan = try InstallPlan(metadata, settings, app: context.buildDirectory, environment: context.appEnvironment)
    try manifests.check(plan, metadata)
    try VendoredSources(context).makeLinks()
    describe(plan, log)
    let lockFile = try provideLockFile(metadata, cargo, toolchain, context, log)
    let tools = ToolInstaller(context, toolchain, cargo, log)
    let installedTools = try installTools(tools, settings, context, log)
    try tools.check(installedTools, plan)

    log.step("Restoring the build cache")
    let key = CacheKey(
      stack: context.stack,
      toolchain: toolchain,
      profile: settings.profile?.value,
      environment: context.appEnvironment
    )
    describe(try cache.restore(under: key), log)
    var freshness = try assignTimes(context, cache, log)

    log.step("Building")
    let result: BuildResult
    do throws(BuildpackError) {
      // cargo install would choose versions for what a lock file lacks without a word.
      let isAsBuilt = freshness?.changes.manifestsAreAsBuilt == true
      if !isAsBuilt { try cargo.checkLockFile(plan, lockFile) }
      result = try Build.run(plan, cargo, in: context.buildDirectory, offline: isAsBuilt) { () throws(FileError) in
        try freshness?.settleBetweenRuns()
      }
      try guardingFiles { () throws(FileError) in try freshness?.noteGenerated(in: context.buildDirectory) }
    } catch {
      // The next deployment must be able to tell what this one left; if even that fails, it takes nothing for fresh.
      do throws(FileError) {
        try freshness?.noteGenerated(in: context.buildDirectory)
        try freshness?.endUnfinished()
      } catch { log.debug("\(error)") }
      throw error
    }
    describe(result, log)
    if let sharedCache { describe(sharedCache, log) }

    log.step("Preparing the start")
    let copied = try tools.copy(installedTools, into: context.buildDirectory)
    try prepareLaunch(result, copied, plan, settings, lockFile, context, log)
    try writeBillOfMaterials(result, installedTools, plan, toolchain, settings, lockFile, context, log)
    try Hook.afterBuild.run(context, toolchain, log)
    warnOfMissing(result, copied, context, log)
    try removeSources(settings, context, log)

    log.step("Saving the build cache")
    do throws(FileError) {
      try save(result, lockFile, &freshness, context, log)
    } catch {
      log.warning("Warning: The build cache could not be tidied: the buildpack \(error).\n\nThe app is not affected.")
    }
    log.detail("The build cache holds \(sizeText(cache.close()))")
    log.step("Done in \(durationText(Clock.seconds - start))")
  }
}
