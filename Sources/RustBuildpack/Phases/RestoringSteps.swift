// What a deployment takes from the cache, and how it judges that.
extension Deployment {
  /// Installs or restores the toolchain; a new one is packed in the background.
  @discardableResult
  mutating func provideToolchain(_ request: ToolchainRequest) throws(BuildpackError) -> Toolchain {
    log.step("Installing Rust")
    Compile.describe(request, log)
    let cache = cache
    let usesCache = !Settings.isCacheOff(context.appEnvironment)
    let (toolchain, isNew) = try ToolchainInstaller(context, log).provide(
      request,
      cached: usesCache ? cache.onDisk.toolchain : nil
    ) { () throws(BuildpackError) in try cache.has(.toolchain) }
    self.toolchain = toolchain
    if isNew { packToolchain() }
    let isExported = ExportFile.write(into: context.buildpackDirectory, context.work, channel: toolchain.channel)
    log.debug(isExported ? "Wrote the export file for later buildpacks" : "The buildpack's folder can't be written to")
    return toolchain
  }

  /// Gives all sources the times that their content asks for.
  mutating func assignTimes() throws(BuildpackError) -> Freshness {
    let record = try cache.has(.own) ? SourceRecord.read(context.work.sources) : nil
    let (context, cache) = (context, cache)
    let freshness = try guardingFiles { () throws(FileError) in
      try Freshness(context.buildDirectory, excluding: context.cache.directory, number: cache.number, record: record)
    }
    obstacle = freshness.obstacle
    return freshness
  }

  mutating func rereadSources(_ freshness: inout Freshness) throws(BuildpackError) {
    var read = freshness
    try guardingFiles { () throws(FileError) in try read.readAgain() }
    freshness = read
    obstacle = obstacle ?? freshness.obstacle
  }

  /// Decides whether what was compiled can be used; before the profile is known, without it.
  mutating func judgeCache(_ toolchain: Toolchain, profile: String?) throws(BuildpackError) -> CacheState {
    let isForThisProcessor = !NativeProcessor.origins(
      context.appDirectory,
      top: context.buildDirectory,
      context.appEnvironment
    ).isEmpty
    let key = CacheKey(
      stack: context.stack,
      link: context.work.link,
      toolchain: toolchain,
      profile: profile,
      processor: isForThisProcessor ? Machine.processor : nil,
      environment: context.appEnvironment
    )
    self.key = profile == nil ? self.key : key
    return try cache.judge(key, obstacle: obstacle)
  }

  /// All lock files of the app: what scripts build of other workspaces is kept, too.
  mutating func readLockFiles(_ own: LockFile?, _ freshness: Freshness) {
    lockFiles = own.map { [$0] } ?? []
    for path in freshness.files(named: "Cargo.lock") {
      guard let content = try? context.buildDirectory.appending(bytes: path.bytes).contents(),
        let lockFile = LockFile(content)
      else { continue }
      lockFiles.append(lockFile)
    }
  }

  /// Says why crates were compiled although nothing of the app changed: a variable, or what cargo says.
  func explainCompilation(_ result: BuildResult) {
    guard !result.messages.compiled.isEmpty else { return }
    let variables = BuildVariables.changed(
      from: cache.onDisk.variables,
      to: BuildVariables.fingerprints(context.appEnvironment)
    )
    if let first = result.reasons.first {
      log.notice("nothing of the app changed, and cargo compiled all the same. The first: \(first)")
    } else if !variables.isEmpty {
      log.notice("nothing of the app changed, but these variables did: \(variables.joined(separator: ", "))")
    } else {
      log.notice("nothing of the app changed, and cargo compiled all the same without giving a reason")
    }
  }

  func describe(_ changes: SourceChanges) {
    let files = countText(changes.files, "file")
    if let reason = changes.allChangedReason {
      log.detail("All \(files) count as changed, since \(reason)")
    } else if changes.hadRecord {
      log.detail("\(changes.changedFiles) of \(files) changed since the last deployment")
    } else {
      log.detail("Recorded the content of \(files)")
    }
    if let file = changes.writtenFile {
      log.detail("The app's build scripts run again: one of them wrote \(file), which is not as it left it")
    }
    guard let file = changes.macroFile else { return }
    log.detail(
      "Compiling \(changes.macroPackages.joined(separator: ", ")) again: a macro may have read \(file), of which cargo is "
        + "not told"
    )
  }
}
