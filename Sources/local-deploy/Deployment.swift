import Foundation
import StandIns

/// One deployment of an app, as the platform does it: copy, detect, compile, release, move, start.
struct Deployment {
  private let arguments: Arguments
  private let app: String
  private let buildpack: BuildpackFolder
  private let variables: [String: String]
  private let machine = ProcessInfo.processInfo.environment

  init(_ arguments: Arguments) throws(Failure) {
    self.arguments = arguments
    app = URL(fileURLWithPath: arguments.app).resolvingSymlinksInPath().standardizedFileURL.path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: app, isDirectory: &isFolder), isFolder.boolValue else {
      throw .appMissing(path: arguments.app)
    }
    buildpack = try BuildpackFolder(
      named: arguments.buildpack,
      currentDirectory: FileManager.default.currentDirectoryPath,
      tool: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    )
    variables = try [Variable](arguments.variables).dictionary
    if let port = arguments.port, !Port(number: port).isFree { throw .portTaken(port) }
  }

  /// The story from beginning to end; whatever happens, no process and no temporary folder is left.
  func run() throws(Failure) -> Int32 {
    Descendants.adopt()
    Signals.holdBack()
    let userCache = UserCache(environment: machine)
    Log.step("Deploying \(app)")
    let servers = try RustServers.variables(environment: machine.merging(variables) { $1 }, cache: userCache)
    let cache = try AppCache(folder: userCache.folder(ofApp: app))
    defer { cache.release() }
    let workspace = try Workspace()
    defer { workspace.remove() }

    if arguments.clearsCache {
      try cache.clear()
      Log.detail("Cache emptied: \(cache.path)")
    } else {
      Log.detail("Cache: \(cache.path)")
    }
    try copy(to: workspace)

    let environment = PlatformEnvironment.atBuildTime(of: machine)
      .merging(servers) { $1 }
      .merging(variables) { $1 }
    let phases = BuildPhases(
      workspace: workspace,
      cache: cache.path,
      environment: environment.merging(buildVariables(workspace, cache)) { $1 }
    )
    try phases.detect()
    try phases.compile()
    let release = try phases.release()
    if arguments.ending == .stopAfterRelease { return 0 }

    try Files.move(workspace.build, to: workspace.app)
    return try start(release, in: workspace.app, environment: PlatformEnvironment.atRunTime(of: machine))
  }

  private func copy(to workspace: Workspace) throws(Failure) {
    try Files.copyContent(of: app, to: workspace.build) { !ignoredInApps.contains($0) }
    let notInBuildpacks = ignoredInApps.union([".build"])
    try Files.copyContent(of: buildpack.path, to: workspace.buildpack) { entry in
      buildpack.entries?.contains(entry) ?? !notInBuildpacks.contains(entry)
    }
    try Files.createFolder(workspace.environment)
    for (name, value) in variables { try Files.write(value, to: "\(workspace.environment)/\(name)") }
  }

  /// What the platform sets at build time, whatever the app has.
  private func buildVariables(_ workspace: Workspace, _ cache: AppCache) -> [String: String] {
    [
      "APP": URL(fileURLWithPath: app).lastPathComponent,
      "HOME": workspace.build,
      "REQUEST_ID": workspace.id,
      "RUST_BUILDPACK_LINK": cache.work,
      "SOURCE_VERSION": SourceVersion.of(app, environment: machine, output: workspace.output(of: "git")),
      "STACK": arguments.stack,
    ]
  }

  private func start(
    _ release: ReleaseDocument,
    in folder: String,
    environment: [String: String]
  ) throws(Failure) -> Int32 {
    let procfile = folder + "/Procfile"
    let ownCommand =
      FileManager.default.fileExists(atPath: procfile)
      ? AppCommand.command(of: "web", inProcfile: try Files.read(procfile)) : nil
    guard let command = ownCommand ?? release.processTypes["web"] else { throw .noWebProcess }
    let origin = ownCommand == nil ? "proposed by release" : "from the Procfile"

    Log.step("Starting the web process, \(origin): \"\(command)\"")
    let inPlace = { AppCommand.replacingAppFolder(in: $0, by: folder) }
    let configVars = release.configVars.mapValues(inPlace)
    if ([command] + release.configVars.values).contains(where: { inPlace($0) != $0 }) {
      Log.detail("Notice: the platform has the app at /app; here /app means \(folder)")
    }
    let port = if let number = arguments.port { Port(number: number) } else { try Port.free() }
    let web = try WebProcess(
      command: inPlace(command),
      app: folder,
      port: port,
      environment: environment.merging(configVars) { $1 }.merging(variables) { $1 }
    )
    defer { web.stop() }
    try web.waitUntilListening()
    let isReachable = web.isReachableFromOutside
    if arguments.ending == .requestOnce {
      let code = try report(web.answer())
      if !isReachable { throw .loopbackOnly(port: port.number) }
      return code
    }
    if !isReachable { Log.warning(Failure.loopbackOnly(port: port.number).message) }
    Log.step("Serving at http://localhost:\(port.number)/ until Ctrl-C")
    try web.serve()
    Log.step("Stopping the web process")
    return 0
  }

  private func report(_ response: HTTPAnswer) throws(Failure) -> Int32 {
    Log.step("GET /")
    Log.plain(response.statusLine)
    Log.plain(String(decoding: response.body, as: UTF8.self))
    if response.status >= 500 { throw .serverError(statusLine: response.statusLine) }
    return 0
  }
}
