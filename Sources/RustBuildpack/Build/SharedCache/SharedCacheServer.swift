/// sccache's server, minded: the process that `SharedCache` starts beside the build.
///
/// It is a process of its own so that the server ends whatever happens to the deployment: its standard input is a pipe
/// from compile, which the kernel closes when compile is gone, even by SIGKILL. It starts the server when the first
/// compilation asks for it, so that a deployment without one costs nothing, and gives it up when the store is of no use.
/// In its folder stand `wanted`, a named pipe that the wrapper writes to, and then `ready` or `off`.
package struct SharedCacheServer {
  /// The word that makes `bin/compile` this process.
  package static let argument: FilePath = "--shared-compile-cache"

  /// How long the server may take to start, which includes its first look at the store, in seconds.
  static let longestStart = 3.0
  /// How long sccache may take to tell its figures.
  static let longestReport = 2.0

  private let run: FilePath
  private let program: SccacheInstaller.Program
  private let environment: Environment
  private var wanted = false
  private var isReady = false
  private var trouble: SharedCacheOutcome.Trouble?
  private var startLimit = 0.0
  private var watch = StoreWatch()

  /// Runs the process: the folder, the kind of program, its path, and an archive's sum. Its variables are the server's.
  package static func main(_ arguments: [FilePath], process: Environment) -> Int32 {
    guard arguments.count == 4, let digest = arguments[3].string else { return 2 }
    let program: SccacheInstaller.Program =
      arguments[1] == "archive" ? .archive(arguments[2], digest: digest) : .installed(arguments[2])
    var server = SharedCacheServer(run: arguments[0], program: program, environment: process)
    return server.serve()
  }

  private init(run: FilePath, program: SccacheInstaller.Program, environment: Environment) {
    self.run = run
    self.program = program
    self.environment = environment
  }

  private mutating func serve() -> Int32 {
    defer { try? run.removeTree() }
    guard let pipe = try? NamedPipe(run.appending("wanted")) else { return 1 }
    var server: BackgroundProcess?
    var lines = LineSplitter()
    while !Termination.isRequested {
      Descriptors.wait([0, pipe.descriptor, server?.descriptor ?? -1], seconds: patience)
      // Nothing, or the end of compile; a byte asks for the figures.
      guard let order = Descriptors.read(0) else { return 0 }
      if !order.isEmpty {
        report()
        return 0
      }
      if Descriptors.read(pipe.descriptor)?.isEmpty == false, !wanted {
        wanted = true
        server = start()
      }
      let now = Clock.seconds
      server?.readLines(into: &lines) { watch.add($0, now: now) }
      guard server != nil else { continue }
      check(server?.isRunning() == true, now)
      if trouble != nil { server = nil }
    }
    return 0
  }

  /// How long to sleep when nothing happens.
  private var patience: Double {
    if wanted, trouble == nil, !isReady { return 0.01 }
    return watch.isWaiting && trouble == nil ? 0.2 : 10
  }

  private mutating func start() -> BackgroundProcess? {
    do throws(FileError) {
      guard try unpack() else { return nil }
    } catch {
      giveUp(.program)
      return nil
    }
    var variables = environment
    variables["SCCACHE_START_SERVER"] = "1"
    variables["SCCACHE_NO_DAEMON"] = "1"
    variables["SCCACHE_SERVER_UDS"] = run.appending("server").description
    variables["SCCACHE_LOG"] = "sccache::compiler::compiler=debug,sccache::server=debug"
    // The last resort, should even this process be killed. No shorter than a build may take: while one large crate is
    // compiled or a program linked, nobody asks.
    variables["SCCACHE_IDLE_TIMEOUT"] = "1800"
    // It writes nothing there with a store elsewhere; in the app's HOME it would be part of the image.
    variables["SCCACHE_DIR"] = run.appending("local").description
    if variables["SCCACHE_CONF"] == nil { variables["SCCACHE_CONF"] = "/dev/null" }
    for name in ["SCCACHE_STARTUP_NOTIFY", "SCCACHE_ERROR_LOG", "SCCACHE_SERVER_PORT"] { variables[name] = nil }
    startLimit = Clock.seconds + Self.longestStart
    let command = Command(run.appending("sccache").description, [], environment: variables, directory: run)
    do throws(CommandError) {
      return try BackgroundProcess(command, reading: .errors, endsBySignals: true)
    } catch {
      giveUp(.program)
      return nil
    }
  }

  /// Puts the program, or a link to it, into the folder; false when it is not what it should be.
  private mutating func unpack() throws(FileError) -> Bool {
    switch program {
    case .installed(let path):
      try run.appending("sccache").makeLink(to: path)
      return true
    case .archive(let archive, let digest):
      guard try SHA256.hash(file: archive, followingLinks: false).hex == digest else {
        giveUp(.damaged)
        return false
      }
      let unpacked = run.appending("unpacked")
      try unpacked.makeDirectories()
      let tar = Command(
        "tar",
        ["-x", "-z", "-f", archive.description, "-C", unpacked.description, "--no-same-owner"],
        environment: environment,
        directory: run
      )
      var found: FilePath?
      if let result = try? tar.capture(), result.status.isSuccess {
        try unpacked.walk { (path, status) throws(FileError) in
          if path.lastComponent == "sccache", status.kind == .file, path.isExecutable { found = path }
          return true
        }
      }
      guard let found else {
        giveUp(.program)
        return false
      }
      try run.appending("sccache").makeLink(to: found)
      return true
    }
  }

  /// Opens the cache when the server listens, and gives it up when there is reason to.
  private mutating func check(_ isRunning: Bool, _ now: Double) {
    if !isRunning {
      giveUp(isReady ? .died : .refused)
    } else if !isReady {
      if run.appending("server").acceptsConnections {
        isReady = true
        if (try? run.appending("ready").write([])) == nil { giveUp(.program) }
      } else if now > startLimit {
        giveUp(.silent)
      }
    } else if let found = watch.trouble(now: now) {
      giveUp(found == .slow ? .slow : .stalled)
    }
  }

  /// From here on the wrapper runs compilers directly; those that wait for the server do when it is killed.
  private mutating func giveUp(_ reason: SharedCacheOutcome.Trouble) {
    trouble = reason
    try? run.appending("off").write([])
    try? run.appending("ready").removeTree()
  }

  /// Prints how it went.
  private mutating func report() {
    var statistics: JSON?
    if isReady, trouble == nil { statistics = askForStatistics() }
    StandardStream.output.write(
      SharedCacheOutcome.line(wanted: wanted, trouble: trouble, watch: watch, statistics: statistics)
    )
  }

  private func askForStatistics() -> JSON? {
    var variables = environment
    for name in environment.values.keys where name.hasPrefix("SCCACHE_") { variables[name] = nil }
    for (name, value) in CompilerWrapper.clientVariables { variables[name] = value }
    variables["SCCACHE_SERVER_UDS"] = run.appending("server").description
    let command = Command(
      run.appending("sccache").description,
      ["--show-stats", "--stats-format=json"],
      environment: variables,
      directory: run
    )
    guard var client = try? BackgroundProcess(command, reading: .output),
      let lines = client.allLines(within: Self.longestReport)
    else { return nil }
    return lines.compactMap { try? JSON.parse($0) }.first
  }
}
