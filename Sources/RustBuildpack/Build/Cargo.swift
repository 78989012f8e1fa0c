/// cargo, run by the toolchain that was chosen, from the app's own folder.
package struct Cargo {
  private let context: BuildContext
  private let log: Log
  private let program: String
  private let environment: Environment
  /// Settings for every command that looks at dependencies.
  private let configuration: [String]

  /// `sharedCache`: what stands in front of the compiler; nothing for nothing.
  package init(_ context: BuildContext, _ toolchain: Toolchain, _ sharedCache: SharedCache?, _ log: Log) {
    self.context = context
    self.log = log
    program = context.cache.cargo.appending("bin/cargo").description
    let variables = Self.environment(context, toolchain)
    environment = sharedCache?.adding(to: variables) ?? variables
    // Before 1.63 cargo does not know the option; then vendored crates are compiled on every deployment.
    let isOld = ManifestCheck.isOlder(toolchain.version, than: "1.63")
    configuration = isOld ? [] : VendoredSources(context).arguments
  }

  /// The variables with which cargo, hooks and everything they start run.
  package static func environment(_ context: BuildContext, _ toolchain: Toolchain) -> Environment {
    var environment = context.toolEnvironment
    environment["RUSTUP_TOOLCHAIN"] = toolchain.channel
    for (name, value) in SourceAccess(context.appEnvironment).variables { environment[name] = value }
    if usesOfflineQueries(context) { environment["SQLX_OFFLINE"] = "true" }
    // cargo gives up on ten bytes a second; a server may be slower than any deployment can wait, and faster than that.
    if environment["CARGO_HTTP_LOW_SPEED_LIMIT"] == nil { environment["CARGO_HTTP_LOW_SPEED_LIMIT"] = "1000" }
    return environment
  }

  /// Whether sqlx is told to take queries from the app's `.sqlx` folder instead of asking the database: if there is
  /// one and the app's owner has not decided.
  package static func usesOfflineQueries(_ context: BuildContext) -> Bool {
    context.appEnvironment["SQLX_OFFLINE"] == nil && context.appDirectory.appending(".sqlx").isRealDirectory
  }

  /// "cargo metadata --no-deps": what packages there are.
  package func metadata() throws(BuildpackError) -> CargoMetadata {
    let arguments = ["metadata", "--no-deps", "--format-version", "1"]
    let shown = Self.shown(arguments)
    var output: [UInt8] = []
    let ended = try run(arguments) { output += $0 }
    guard ended.status.isSuccess else {
      throw .manifestRejected(command: shown, ending: ended.status.words, hint: ended.hint(context))
    }
    guard let document = try? JSON.parse(output),
      let metadata = CargoMetadata(document, buildDirectory: context.appDirectory)
    else { throw .unexpected("\"\(shown)\" printed something else than packages.") }
    return metadata
  }

  /// "cargo generate-lockfile": chooses versions for an app that has no lock file, so that all its packages, and the
  /// next deployment if nothing new was published, are built with the same ones.
  package func generateLockFile() throws(BuildpackError) {
    let arguments = ["generate-lockfile"] + configuration
    announceFetch(arguments)
    let ended = try run(arguments, timeLimit: Self.longestFetch, output: log.toolLine)
    guard ended.status.isSuccess else {
      throw .lockFileRejected(
        command: Self.shown(arguments),
        ending: ended.status.words,
        hint: ended.hint(context)
      )
    }
  }

  /// "cargo tree --locked": fails when the app's lock file does not fit its manifests, and fetches what the build needs.
  ///
  /// "cargo install --locked" does not check it: it would choose versions for what is missing without a word.
  /// `lockFile` tells whether there is anything to fetch, which the log then says.
  package func checkLockFile(_ plan: InstallPlan, _ lockFile: LockFile?) throws(BuildpackError) {
    var arguments = ["tree", "--locked", "--edges", "no-dev", "--depth", "0", "--target", RustupInstaller.host]
    var takesNext = false
    for flag in plan.flags.words {
      // The plan's flags are those of "install"; these are cargo's own, and change what there is to choose from.
      let isOfCargo = flag == "--offline" || flag.hasPrefix("--config") || flag.hasPrefix("-Z")
      if isOfCargo || takesNext { arguments.append(flag) }
      takesNext = flag == "--config" || flag == "-Z"
    }
    if lockFile?.packages.contains(where: { $0.source != nil }) != false { announceFetch(arguments) }
    let ended = try run(arguments, timeLimit: Self.longestFetch, output: { _ in })
    guard ended.status.isSuccess else {
      throw .dependenciesRejected(
        command: Self.shown(arguments),
        ending: ended.status.words,
        hint: ended.hint(context)
      )
    }
  }

  /// How many seconds cargo may fetch; a build has no limit of ours.
  private static let longestFetch = 900

  private func announceFetch(_ arguments: [String]) {
    log.detail("Running \"\(Self.shown(arguments))\", for at most \(limitText(Self.longestFetch))")
  }

  /// "cargo install" of one package into the build directory; what cargo's messages say is added to `messages`.
  ///
  /// `offline`: whether the last build fetched all that this one needs. Then no registry is asked, unless cargo finds
  /// that something is missing after all.
  package func install(
    _ step: InstallPlan.Step,
    _ plan: InstallPlan,
    offline: Bool = false,
    messages: inout CargoMessages
  ) throws(BuildpackError) {
    let folder = step.package.manifest.parent
    let path = folder == context.appDirectory ? "." : relative(folder)
    var arguments = ["install", "--path", path, "--locked"]
    arguments += ["--target-dir", context.cache.target.description, "--root", context.buildDirectory.description]
    arguments += ["--no-track", "--message-format", "json-render-diagnostics"]
    if let profile = plan.profile { arguments += ["--profile", profile] }
    for binary in step.binaries ?? [] { arguments += ["--bin", binary] }
    if !step.features.isEmpty { arguments += ["--features", step.features.joined(separator: ",")] }
    arguments += configuration + plan.flags.words
    let isOffline = offline && !plan.flags.words.contains("--offline")
    var shown = Self.shown(isOffline ? arguments + ["--offline"] : arguments)
    log.detail("Running \"\(shown)\"")
    var collected = messages
    var ended = try run(isOffline ? arguments + ["--offline"] : arguments) { collected.add($0) }
    if isOffline, !ended.status.isSuccess, ended.tail.mentions("--offline") {
      shown = Self.shown(arguments)
      log.detail("Something is missing in the build cache; running \"\(shown)\"")
      collected = messages
      ended = try run(arguments) { collected.add($0) }
    }
    messages = collected
    guard ended.status.isSuccess else {
      throw .buildFailed(
        package: step.package.name,
        command: shown,
        ending: ended.status.words,
        hint: ended.hint(context)
      )
    }
  }

  /// Runs cargo in the app's folder and for its target directory, or elsewhere.
  func run(
    _ arguments: [String],
    in directory: FilePath? = nil,
    targetDirectory: FilePath? = nil,
    timeLimit: Int? = nil,
    output: (ArraySlice<UInt8>) -> Void
  ) throws(BuildpackError) -> Ended {
    var environment = environment
    if let targetDirectory {
      environment["CARGO_TARGET_DIR"] = targetDirectory.description
      environment["CARGO_BUILD_BUILD_DIR"] = targetDirectory.description
    }
    var command = Command(
      program,
      arguments,
      environment: environment,
      directory: directory ?? context.appDirectory
    )
    command.timeLimit = timeLimit
    // cargo can't know that the profile script puts the folder on PATH, and advises the app's owner to do it.
    let misleading = Array("warning: be sure to add `".utf8)
    var tail = TailBuffer()
    let status = try guardingCommands { () throws(CommandError) in
      try command.run(
        output: output,
        errors: { line in
          guard !line.starts(with: misleading) else { return }
          log.toolLine(line)
          tail.add(line)
        }
      )
    }
    return Ended(status: status, tail: tail)
  }

  private func relative(_ folder: FilePath) -> String {
    guard folder.isInside(context.appDirectory) else { return folder.description }
    return String(decoding: folder.bytes.dropFirst(context.appDirectory.bytes.count + 1), as: UTF8.self)
  }

  /// A command line as it could be typed, without secrets.
  static func shown(_ arguments: [String]) -> String {
    "cargo " + withoutSecrets(arguments).map { ShellWords.quote($0) }.joined(separator: " ")
  }
}

/// How a run of cargo ended, and its last words.
struct Ended {
  let status: TerminationStatus
  let tail: TailBuffer

  func hint(_ context: BuildContext) -> Hint? { Hint.find(in: tail, app: context.buildDirectory, status: status) }
}
