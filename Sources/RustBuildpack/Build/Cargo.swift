/// The toolchain's own cargo, which knows the app by its constant path.
package struct Cargo {
  private let context: BuildContext
  private let log: Log
  private let program: String
  private let environment: Environment
  /// Settings for every command that looks at dependencies.
  private let configuration: [String]

  /// `sharedCache`: what stands in front of the compiler; nil for nothing.
  package init(_ context: BuildContext, _ toolchain: Toolchain, _ sharedCache: SharedCache?, _ log: Log) {
    self.context = context
    self.log = log
    let bin = toolchain.bin(context.work)
    program = bin.appending("cargo").description
    var variables = Self.environment(context, toolchain)
    // The toolchain's programs themselves: rustup's stand-ins take ten milliseconds each, and warn of RUSTUP_TOOLCHAIN.
    variables.set("PATH", Array("\(bin):".utf8) + (variables.values["PATH"] ?? []))
    environment = sharedCache?.adding(to: variables) ?? variables
    // Before 1.63 cargo does not know the option.
    let isOld = ManifestCheck.isOlder(toolchain.version, than: "1.63")
    configuration = isOld ? [] : Self.constantPaths(context) + Self.oneFolder(context)
  }

  /// Relative paths in the app's configuration count from the real place of the file, which moves; cargo is given them
  /// by the constant path.
  static func constantPaths(_ context: BuildContext) -> [String] {
    let configuration = CargoConfiguration(context)
    var arguments: [String] = []
    for found in configuration.vendoredSources + configuration.linkers {
      let path = context.constant(found.base.appending(found.path).normalized)
      arguments += ["--config", "\(found.key)=\"\(path)\""]
    }
    return arguments
  }

  /// Keeps everything in the target directory where the app's configuration wants another folder for a part of it, which
  /// would not be kept. A variable would reach what a build script starts as well.
  private static func oneFolder(_ context: BuildContext) -> [String] {
    guard let setting = CargoConfiguration(context).setting("build", "build-dir"), !setting.isVariable else {
      return []
    }
    return ["--config", "build.build-dir=\"\(context.work.target)\""]
  }

  private var manifest: [String] { ["--manifest-path", context.app.appending("Cargo.toml").description] }

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
    let arguments = ["metadata", "--no-deps", "--format-version", "1"] + manifest
    let shown = Self.shown(arguments)
    var output: [UInt8] = []
    let ended = try run(arguments) { output += $0 }
    guard ended.status.isSuccess else {
      throw .manifestRejected(command: shown, ending: ended.status.words, hint: ended.hint(context))
    }
    guard let document = try? JSON.parse(output),
      let metadata = CargoMetadata(document, buildDirectory: context.app)
    else { throw .unexpected("\"\(shown)\" printed something else than packages.") }
    return metadata
  }

  /// "cargo generate-lockfile": chooses versions for an app that has no lock file, so that all its packages, and the
  /// next deployment if nothing new was published, are built with the same ones.
  package func generateLockFile() throws(BuildpackError) {
    let arguments = ["generate-lockfile"] + manifest + configuration
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
    var arguments =
      ["tree", "--locked", "--edges", "no-dev", "--depth", "0", "--target", RustupInstaller.host] + manifest
      + configuration
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

  /// "cargo install" of the one package, or one "cargo build" of several; what cargo's messages say is added to
  /// `messages`.
  ///
  /// `offline`: whether the last build fetched all that this one needs. Then no registry is asked, unless cargo finds
  /// that something is missing after all. `explains`: whether cargo is to say why it compiles what it does; these reasons
  /// are returned, a line each.
  package func build(
    _ plan: InstallPlan,
    offline: Bool,
    explains: Bool,
    messages: inout CargoMessages
  ) throws(BuildpackError) -> [String] {
    var arguments = plan.steps.count == 1 ? installing(plan.steps[0]) : building(plan)
    arguments += ["--target-dir", context.work.target.description, "--message-format", "json-render-diagnostics"]
    if let profile = plan.profile {
      arguments += ["--profile", profile]
    } else if plan.steps.count > 1 {
      arguments.append("--release")
    }
    arguments += configuration + plan.flags.words
    let isOffline = offline && !plan.flags.words.contains("--offline")
    var shown = Self.shown(isOffline ? arguments + ["--offline"] : arguments)
    log.detail("Running \"\(shown)\"")
    let loud = explains ? ["--verbose"] : []
    var reasons: [String] = []
    let explanation: ((ArraySlice<UInt8>) -> Bool)? = explains ? { CompileReason.take($0, &reasons) } : nil
    var collected = messages
    var ended = try run(arguments + loud + (isOffline ? ["--offline"] : []), explanation: explanation) {
      collected.add($0)
    }
    if isOffline, !ended.status.isSuccess, ended.tail.mentions("--offline") {
      shown = Self.shown(arguments)
      log.detail("Something is missing in the build cache; running \"\(shown)\"")
      collected = messages
      ended = try run(arguments + loud, explanation: explanation) { collected.add($0) }
    }
    messages = collected
    guard ended.status.isSuccess else {
      throw .buildFailed(
        package: plan.steps.map { $0.package.name }.joined(separator: ", "),
        command: shown,
        ending: ended.status.words,
        hint: ended.hint(context)
      )
    }
    return reasons
  }

  /// "cargo clean -p": removes what was made of some crates; false when cargo refuses.
  func clean(_ crates: [String], _ plan: InstallPlan) throws(BuildpackError) -> Bool {
    var arguments = ["clean", "--offline", "--profile", plan.profile ?? "release"] + manifest + configuration
    arguments += ["--target-dir", context.work.target.description] + crates.flatMap { ["-p", $0] }
    var words: [[UInt8]] = []
    let takeLine: (ArraySlice<UInt8>) -> Bool = { line in
      words.append(Array(line))
      return false
    }
    let status = try run(arguments, explanation: takeLine, output: { _ in }).status
    if !status.isSuccess { for line in words { log.toolLine(line[...]) } }
    return status.isSuccess
  }

  private func installing(_ step: InstallPlan.Step) -> [String] {
    var arguments = ["install", "--path", context.constant(step.package.manifest.parent).description, "--locked"]
    arguments += ["--root", context.work.app.description, "--no-track"]
    for binary in step.binaries ?? [] { arguments += ["--bin", binary] }
    if !step.features.isEmpty { arguments += ["--features", step.features.joined(separator: ",")] }
    return arguments
  }

  /// One graph for all packages: what they share is compiled once, with the features that they want together, as in the
  /// app's own workspace.
  private func building(_ plan: InstallPlan) -> [String] {
    var arguments = ["build", "--locked"] + manifest
    for step in plan.steps { arguments += ["-p", step.package.name] }
    let binaries = plan.steps.flatMap { $0.binaries ?? [] }
    if binaries.isEmpty { arguments.append("--bins") }
    for binary in binaries { arguments += ["--bin", binary] }
    // What is no feature of the package itself is one of a dependency's, by its name.
    let features = plan.steps.flatMap { step in
      step.features.map { step.package.features[$0] == nil ? $0 : "\(step.package.name)/\($0)" }
    }
    if !features.isEmpty { arguments += ["--features", features.joined(separator: ",")] }
    return arguments
  }

  /// Runs cargo in the app's folder or elsewhere. `explanation` is given every line that it says on its second output
  /// and tells whether that is for the log.
  func run(
    _ arguments: [String],
    in directory: FilePath? = nil,
    timeLimit: Int? = nil,
    explanation: ((ArraySlice<UInt8>) -> Bool)? = nil,
    output: (ArraySlice<UInt8>) -> Void
  ) throws(BuildpackError) -> Ended {
    var command = Command(
      program,
      arguments,
      environment: environment,
      directory: directory ?? context.app
    )
    command.timeLimit = timeLimit
    // cargo can't know that the profile script puts the folder on PATH, and advises the app's owner to do it.
    let misleading = Array("warning: be sure to add `".utf8)
    var tail = TailBuffer()
    let status = try guardingCommands { () throws(CommandError) in
      try command.run(
        output: output,
        errors: { line in
          guard !line.starts(with: misleading), explanation?(line) != false else { return }
          log.toolLine(line)
          tail.add(line)
        }
      )
    }
    return Ended(status: status, tail: tail)
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

  func hint(_ context: BuildContext) -> Hint? { Hint.find(in: tail, app: context.work.app, status: status) }
}
