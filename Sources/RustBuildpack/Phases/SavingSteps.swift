// What a deployment leaves in the cache.
extension Deployment {
  /// Begins to pack a new toolchain, while cargo works.
  func packToolchain() {
    let parts = CachePart.toolchain.places(context.work).map { inWork($0) }
    pack(.toolchain, BuildCache.Selection(paths: parts, wholeFolders: true))
  }

  /// Packs what changed, and makes it the cache's state.
  ///
  /// A deployment whose cache can't be saved has succeeded all the same; the next one uses the last state.
  func save(_ result: BuildResult, _ freshness: Freshness, _ metadata: CargoMetadata, _ targets: HookTargets) {
    let number = freshness.number
    do throws(FileError) {
      let hooks = context.work.hooks
      let hasNewHooks = try DeploymentClock.stamp(all: hooks, number: number)
      if hasNewHooks { for (target, _) in targets.all { try discardRealPaths(in: target) } }
      if !result.messages.compiled.isEmpty { try discardRealPaths(in: context.work.target) }
      let units = try UnitSelection(context.work.target, units: result.messages.units, app: context.work.app)
      if !units.knowsLayout {
        log.notice("cargo's target directory is of a layout that is not known here: all of it is kept")
        cache.knowsLayout = false
      }
      let isUnchanged = freshness.changes.isNone && result.messages.compiled.isEmpty && !hasNewHooks
      if !isUnchanged { try record(result, freshness, metadata, targets).write(context.work.sources) }
      let target = context.work.target
      let hasNewDependencies = try DeploymentClock.stamp(units.dependencies, below: target, number: number)
      let hasNewOwn = try DeploymentClock.stamp(units.own, below: target, number: number)
      pack(.dependencies, select(units.dependencies, in: target, hasNew: hasNewDependencies))
      var own = select(units.own, in: target, hasNew: hasNewOwn || !isUnchanged)
      own.paths.append(inWork(context.work.sources))
      pack(.own, own)
      let scripts = hooks.isRealDirectory && !hooks.entries.isEmpty ? [inWork(hooks)] : []
      pack(.hooks, BuildCache.Selection(paths: scripts, wholeFolders: true, hasNew: hasNewHooks))
      packCrates()
      let tools = CachePart.tools.places(context.work).flatMap { $0.entries }.map { inWork($0) }
      pack(.tools, BuildCache.Selection(paths: tools, wholeFolders: true, hasNew: false))
      let isNew = cache.packsBuild
      try commit(on: .usable) { note in
        if isNew { note.deployments = Int(number) }
        if let key { note.key = key }
        note.toolchain = toolchain
        note.dependencyUnits = units.dependencyUnits
        note.variables = BuildVariables.fingerprints(context.appEnvironment)
      }
    } catch { warn("the buildpack \(error)") }
    log.detail("The build cache holds \(sizeText(cache.size))")
  }

  /// Keeps the toolchain, for a deployment that wants nothing else.
  func keepToolchain() {
    do throws(FileError) {
      try commit(on: .lastState) { note in note.toolchain = note.archives[.toolchain] == nil ? nil : toolchain }
    } catch { warn("the buildpack \(error)") }
  }

  /// Keeps what a deployment that failed has got ready and that no source of the app had a part in.
  ///
  /// What it compiled is given a time before this deployment's sources, so that these count as newer.
  func saveAfterFailure() {
    guard let toolchain, !Settings.isCacheOff(context.appEnvironment) else { return }
    let number = cache.number - 1
    let last = cache.onDisk
    do throws(FileError) {
      if !lockFiles.isEmpty { packCrates() }
      let hasBuild = [CachePart.own, .hooks, .dependencies].contains { last.archives[$0] != nil }
      var dependencyUnits: [String]?
      // The next deployment may have the crates as they were, and would not notice.
      if let key, !messages.units.isEmpty, !hasBuild || key == last.key && edited.isEmpty {
        let target = context.work.target
        try discardRealPaths(in: target)
        let kept = last.archives[.dependencies] == nil ? [] : last.dependencyUnits
        let units = try UnitSelection(target, units: messages.units, app: context.work.app, kept: kept)
        if units.knowsLayout, !units.dependencies.isEmpty {
          let hasNew = try DeploymentClock.stamp(
            units.dependencies,
            below: target,
            number: number,
            hasFailed: true
          )
          if hasNew { pack(.dependencies, select(units.dependencies, in: target, hasNew: true)) }
          if hasNew { dependencyUnits = units.dependencyUnits }
        }
      }
      let made = try commit(on: .lastState) { note in
        note.toolchain = note.archives[.toolchain] == nil ? nil : toolchain
        if let dependencyUnits {
          note.dependencyUnits = dependencyUnits
          if !hasBuild, let key { note.key = key }
        }
      }
      if made {
        log.detail("What this deployment fetched and compiled of other people's crates is kept for the next one")
      }
    } catch { log.debug("The cache could not be saved: \(error)") }
  }

  // MARK: Parts

  /// A path relative to the work directory.
  private func inWork(_ path: FilePath) -> FilePath {
    FilePath(bytes: path.bytes.dropFirst(context.work.link.bytes.count + 1))
  }

  private func select(_ paths: [FilePath], in folder: FilePath, hasNew: Bool) -> BuildCache.Selection {
    let prefix = inWork(folder)
    return BuildCache.Selection(paths: paths.map { prefix.appending(bytes: $0.bytes) }, hasNew: hasNew)
  }

  private func packCrates() {
    let selection = CrateSelection(home: context.work.cargo, lockFiles: lockFiles)
    pack(
      .crates,
      BuildCache.Selection(
        paths: selection.paths.map { inWork($0) },
        wholeFolders: true,
        hasNew: false,
        time: DeploymentClock.beforeAll
      )
    )
  }

  private func pack(_ part: CachePart, _ selection: BuildCache.Selection) {
    do throws(CacheError) { try cache.pack(part, selection) } catch { warn(error.reason) }
  }

  /// Returns whether anything was packed.
  @discardableResult
  private func commit(on base: BuildCache.Base, _ change: (inout CacheNote) -> Void) throws(FileError) -> Bool {
    do throws(CacheError) {
      let made = try cache.commit(on: base, change)
      if base == .usable {
        let parts = made.map { "\($0.part.title) (\(sizeText($0.size)))" }
        log.detail(parts.isEmpty ? "Nothing changed" : "Packed \(parts.joined(separator: ", "))")
      }
      return !made.isEmpty
    } catch {
      warn(error.reason)
      return false
    }
  }

  private func warn(_ reason: String) {
    log.warning(
      """
      Warning: The build cache could not be saved: \(reason).

      The app is not affected. The next deployment uses what the last one saved.
      """
    )
  }

  /// Removes what holds the real path of the build directory, so that it is not packed.
  private func discardRealPaths(in target: FilePath) throws(FileError) {
    for path in try RealPaths.found(in: target, of: context.buildDirectory) {
      log.debug("Not keeping \(path), which holds the build directory's real path")
      try target.appending(bytes: path.bytes).removeTree()
    }
  }

  // MARK: What the next deployment must know of the sources

  private func record(
    _ result: BuildResult,
    _ freshness: Freshness,
    _ metadata: CargoMetadata,
    _ targets: HookTargets
  ) throws(FileError) -> SourceRecord {
    let own = packages(metadata, result.messages)
    let context = context
    var inputs = DeclaredInputs { context.relative($0) }
    try inputs.read(context.work.target, base: metadata.workspaceRoot)
    for (target, base) in targets.all { try inputs.read(target, base: base) }
    let macros = result.messages.units.filter { $0.isMacro }.compactMap { PackageIdentifier($0.packageID) }
    let readers = MacroReaders(
      lockFiles: lockFiles,
      cargoHome: context.work.cargo,
      knownMacros: Set(macros.map { "\($0.name) \($0.version)" }),
      own: own
    )
    return freshness.record(
      written: result.written,
      buildScripts: own.flatMap { $0.roots }.filter { $0.lastComponent == "build.rs" },
      readers: readers.readers(among: own, inputs)
    )
  }

  /// The app's packages: the workspace's members, and what else below the app cargo compiled.
  private func packages(_ metadata: CargoMetadata, _ messages: CargoMessages) -> [MacroReaders.Package] {
    var found = metadata.packages.map { package in
      MacroReaders.Package(
        name: package.name,
        folder: context.relative(package.manifest.parent) ?? "",
        roots: package.roots.compactMap { context.relative($0) },
        isMacro: package.isMacro
      )
    }
    let members = Set(metadata.packages.map { $0.id })
    for unit in messages.units where !members.contains(unit.packageID) && unit.isOwn(below: context.work.app) {
      guard let package = PackageIdentifier(unit.packageID),
        let folder = package.folder.flatMap({ context.relative($0) }),
        let root = unit.root.flatMap({ context.relative($0) })
      else { continue }
      found.append(MacroReaders.Package(name: package.name, folder: folder, roots: [root], isMacro: unit.isMacro))
    }
    return found
  }
}
