/// The shared compile cache of one deployment: sccache in front of the compiler, and a store that other apps use too.
///
/// It is never in the way: what can't be had from the store is compiled, and a store that is of no use is given up.
/// cargo's fingerprints don't know of it, so turning it on or off compiles nothing again.
package final class SharedCache {
  /// What was asked for.
  package let request: SharedCacheRequest
  /// Where the wrapper and the server find each other.
  private let run: FilePath
  private let wrapper: FilePath
  private let program: SccacheInstaller.Program
  private var server: BackgroundProcess?

  private init(
    _ request: SharedCacheRequest,
    _ program: SccacheInstaller.Program,
    run: FilePath,
    wrapper: FilePath,
    server: consuming BackgroundProcess
  ) {
    self.request = request
    self.program = program
    self.run = run
    self.wrapper = wrapper
    self.server = consume server
  }

  /// Opens the cache: from here on compilers may ask for it. Nothing is started or fetched from the store yet.
  ///
  /// `environment`: that of cargo; the server alone gets the store's variables. `executable`: this program.
  package static func open(
    _ request: SharedCacheRequest,
    _ program: SccacheInstaller.Program,
    _ context: BuildContext,
    _ environment: Environment,
    executable: FilePath
  ) throws(SharedCacheError) -> SharedCache {
    var variables = environment
    for (name, value) in request.variables { variables[name] = value.isEmpty ? nil : value }
    do throws(FileError) {
      let wrapper = try CompilerWrapper.write(into: context.work.sharedCache)
      // A socket's path may have 107 bytes, so that it can't stand in the cache directory.
      let run = try FilePath.makeTemporaryDirectory("/tmp/rust-sccache-")
      let words =
        switch program {
        case .installed(let path): ["installed", path.description, "-"]
        case .archive(let path, let digest): ["archive", path.description, digest]
        }
      let command = Command(
        executable.description,
        [SharedCacheServer.argument.description, run.description] + words,
        environment: variables,
        directory: context.work.link
      )
      do throws(CommandError) {
        let server = try BackgroundProcess(command, reading: .output, hasInput: true)
        return SharedCache(request, program, run: run, wrapper: wrapper, server: server)
      } catch {
        try run.removeTree()
        throw FileError("run", executable, error.errno)
      }
    } catch { throw SharedCacheError(reason: "the buildpack \(error)") }
  }

  /// cargo's variables with the wrapper, and without what only sccache needs to know.
  package func adding(to environment: Environment) -> Environment {
    var environment = environment
    for name in environment.values.keys where name.hasPrefix("SCCACHE_") { environment[name] = nil }
    environment["RUSTC_WRAPPER"] = wrapper.description
    environment[CompilerWrapper.variable] = run.description
    return environment
  }

  /// Removes sccache from the cache, so that the next deployment fetches it.
  package func discardProgram() {
    if case .archive(let path, _) = program { try? path.removeTree() }
  }

  /// Ends the server, and tells how it went; only the first call tells.
  package func close() -> SharedCacheOutcome? {
    guard server != nil else { return nil }
    server?.send([1])
    let lines = server?.allLines(within: SharedCacheServer.longestReport + 2)
    // The server's own group ends with its minder; a minder that does not answer is of no use to it either.
    server = nil
    try? run.removeTree()
    let outcome = (lines ?? nil)?.compactMap { SharedCacheOutcome($0) }.first
    if let outcome { return outcome }
    var lost = SharedCacheOutcome()
    lost.wasWanted = true
    lost.trouble = .lost
    return lost
  }
}

/// Why the shared cache could not be opened.
package struct SharedCacheError: Error, Sendable {
  package let reason: String
}
