// What a deployment says and does about the shared compile cache: see `SharedCache`.
extension Compile {
  /// Opens the shared compile cache if the app asks for one; nothing, with a reason, when that can't be.
  ///
  /// - Throws: when a setting can't be used.
  static func openSharedCache(
    _ context: BuildContext,
    _ toolchain: Toolchain,
    _ log: Log
  ) throws(BuildpackError) -> SharedCache? {
    let answer = try SharedCacheRequest.read(
      context.appEnvironment,
      stack: context.stack,
      configuration: CargoConfiguration(context)
    )
    let request: SharedCacheRequest
    switch answer {
    case .off:
      try guardingFiles { () throws(FileError) in try context.work.sharedCache.removeTree() }
      return nil
    case .impossible(let reason, let isWarning):
      if isWarning {
        warnOfSharedCache("not used", reason, log)
      } else {
        log.notice("no shared compile cache: \(reason)")
      }
      return nil
    case .on(let found): request = found
    }
    do throws(FileError) {
      guard let program = try SccacheInstaller(context, log).provide(request) else { return nil }
      guard let executable = Machine.executable else { throw FileError("find", "/proc/self/exe", .noSuchFile) }
      do throws(SharedCacheError) {
        let environment = Cargo.environment(context, toolchain)
        let opened = try SharedCache.open(request, program, context, environment, executable: executable)
        log.detail("Sharing what is compiled of other people's crates through \(request.store), from \(request.origin)")
        return opened
      } catch { warnOfSharedCache("not used", error.reason, log) }
    } catch { warnOfSharedCache("not used", "the buildpack \(error)", log) }
    return nil
  }

  /// Closes the shared cache and tells how it did.
  static func describe(_ sharedCache: SharedCache, _ log: Log) {
    guard let outcome = sharedCache.close() else { return }
    let store = sharedCache.request.store
    guard outcome.wasWanted else {
      log.detail("The shared compile cache was not asked: nothing that it could hold was compiled")
      return
    }
    let asked = outcome.hits + outcome.misses
    if let trouble = outcome.trouble {
      let state = asked > 0 ? "given up after \(countText(asked, "crate"))" : "not used"
      warnOfSharedCache(state, words(trouble, store: store, origin: sharedCache.request.origin), log)
      if trouble == .damaged { sharedCache.discardProgram() }
      return
    }
    log.detail(
      "Shared compile cache (\(store)): \(countText(outcome.hits, "hit")), "
        + "\(countText(outcome.misses, "miss", "misses")), \(durationText(outcome.seconds)) spent on the store"
    )
    for (reason, count) in outcome.notShared.sorted(by: { $0.key < $1.key }) {
      let linked = countText(
        count,
        "build script, program or procedural macro",
        "build scripts, programs and procedural macros"
      )
      // sccache's word for what is linked.
      log.detail(
        reason == "crate-type"
          ? "Not shared: \(linked), which is normal: these are linked here" : "Not shared: \(count), since: \(reason)"
      )
    }
    if outcome.isReadOnly, sharedCache.request.onlyReads {
      log.detail("The store is only read, as the app's variables say: what was compiled here is not shared")
    } else if outcome.isReadOnly {
      log.warning(
        """
        Warning: The shared compile cache can only be read.

        \(store), from \(sharedCache.request.origin), took nothing: it is full, or its credentials may not write. If that is
        meant, say so by sccache's variable that ends in _RW_MODE: READ_ONLY. The app is not affected.
        """
      )
    } else if outcome.writeErrors > 0 {
      log.warning(
        """
        Warning: The shared compile cache did not take \(countText(outcome.writeErrors, "crate")).

        \(store), from \(sharedCache.request.origin), may be full or refuse large values. A Redis needs the policy
        allkeys-lru, so that it drops what is old. The app is not affected.
        """
      )
    }
    if outcome.readErrors > 0 {
      log.warning(
        """
        Warning: The shared compile cache gave \(countText(outcome.readErrors, "answer")) that could not be understood.

        These crates were compiled here. The app is not affected.
        """
      )
    }
  }

  private static func warnOfSharedCache(_ state: String, _ reason: String, _ log: Log) {
    // The program's name is written small.
    let sentence = reason.hasPrefix("sccache") ? reason : reason.prefix(1).uppercased() + reason.dropFirst()
    log.warning(
      """
      Warning: The shared compile cache is \(state).

      \(sentence).
      The deployment goes on without it.
      """
    )
  }

  private static func words(_ trouble: SharedCacheOutcome.Trouble, store: String, origin: String) -> String {
    switch trouble {
    case .damaged: "sccache in the cache is damaged, and is fetched again by the next deployment"
    case .program: "sccache could not be unpacked or started"
    case .refused: "sccache could not use \(store), from \(origin): it is refused, or one of its variables is wrong"
    case .silent:
      "\(store), from \(origin), could not be used within \(durationText(SharedCacheServer.longestStart)): it is down, "
        + "can't be reached from here, or refuses the credentials"
    case .stalled: "\(store), from \(origin), stopped answering"
    case .slow: "\(store), from \(origin), answers too slowly to be of use"
    case .died: "sccache ended during the build"
    case .lost: "nothing is known of how it went"
    }
  }
}
