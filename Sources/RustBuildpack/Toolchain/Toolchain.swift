/// An installed toolchain that has been seen to work.
package struct Toolchain: Sendable, Equatable {
  /// As rustup takes it, and as it stands in `RUSTUP_TOOLCHAIN` from here on.
  package let channel: String
  /// "1.95.0", "1.97.0-nightly": what the channel turned out to be.
  package let version: String
  /// All that `rustc -vV` prints: the identity that cargo's own fingerprints use.
  package let identity: String
  /// Target triples besides the machine's own, and components besides the minimal profile's, that are installed.
  package var targets: [String] = []
  package var components: [String] = []
  /// The beginning of the SHA-256 of the channel file that it was installed from, as rustup notes it.
  package var release = ""

  package init(channel: String, version: String, identity: String) {
    self.channel = channel
    self.version = version
    self.identity = identity
  }

  /// rustup's folder for it, with the host's triple unless the name has one.
  static func folderName(_ channel: String) -> String {
    channel.hasSuffix("-\(RustupInstaller.host)") ? channel : "\(channel)-\(RustupInstaller.host)"
  }

  /// The folder of its programs.
  package func bin(_ work: WorkLayout) -> FilePath {
    work.rustup.appending("toolchains").appending(Self.folderName(channel)).appending("bin")
  }

  /// Reads a toolchain back; nil when it is not of this form.
  package init?(_ json: JSON) {
    guard let channel = json["channel"]?.string, let version = json["version"]?.string,
      let identity = json["identity"]?.string, let release = json["release"]?.string
    else { return nil }
    self.init(channel: channel, version: version, identity: identity)
    self.release = release
    targets = (json["targets"]?.array ?? []).compactMap { $0.string }
    components = (json["components"]?.array ?? []).compactMap { $0.string }
  }

  package var json: JSON {
    [
      "channel": .string(channel), "version": .string(version), "identity": .string(identity),
      "release": .string(release), "targets": .array(targets.map { .string($0) }),
      "components": .array(components.map { .string($0) }),
    ]
  }
}

/// Finds, installs and updates toolchains. One is installed whole or not at all: into an empty folder, also when only a
/// target is added or the channel has moved.
package struct ToolchainInstaller {
  private let context: BuildContext
  private let log: Log
  private let rustup: RustupInstaller

  package init(_ context: BuildContext, _ log: Log) {
    self.context = context
    self.log = log
    rustup = RustupInstaller(context: context, log: log)
  }

  /// Returns the requested toolchain: the cached one if it is what was asked for and its channel has not moved, else a
  /// new one. A floating channel that can't be brought up to date is used as it is, with a warning.
  ///
  /// `isRestored` waits until the cached one is unpacked, and says whether it can be used.
  package func provide(
    _ request: ToolchainRequest,
    cached: Toolchain?,
    isRestored: () throws(BuildpackError) -> Bool
  ) throws(BuildpackError) -> (toolchain: Toolchain, isNew: Bool) {
    guard Machine.architecture == "x86_64" else { throw .unsupportedMachine(Machine.architecture) }
    guard let cached, fits(cached, request) else { return (try install(request, replacing: nil, isRestored), true) }
    if request.isFloating {
      switch latestRelease(request.channel) {
      case .known(let release) where !release.hasPrefix(cached.release) || cached.release.isEmpty:
        let toolchain = try install(request, replacing: cached, isRestored)
        return (toolchain, toolchain != cached)
      case .known: break
      case .failed(let words):
        if try isRestored() { warn(cached, "Its server could not be asked whether it has moved: \(words)") }
      }
    }
    guard try isRestored() else { return (try install(request, replacing: nil, isRestored), true) }
    log.detail(
      request.isFloating ? "Rust \(cached.version) is up to date" : "Using Rust \(cached.version) from the cache"
    )
    return (cached, false)
  }

  private func fits(_ toolchain: Toolchain, _ request: ToolchainRequest) -> Bool {
    toolchain.channel == request.channel && request.targets.allSatisfy { toolchain.targets.contains($0) }
      && request.components.allSatisfy { toolchain.components.contains($0) }
  }

  // MARK: Whether a channel has moved

  private enum LatestRelease {
    /// The SHA-256 of the channel file.
    case known(String)
    case failed(String)
  }

  /// Asks the server for the sum of a channel's file, which is what rustup itself asks for first.
  private func latestRelease(_ channel: String) -> LatestRelease {
    let ending = "-\(RustupInstaller.host)"
    let name = channel.hasSuffix(ending) ? String(channel.dropLast(ending.utf8.count)) : channel
    let server = context.appEnvironment["RUSTUP_DIST_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
    let protocols = server == nil ? ["--proto", "=https", "--tlsv1.2"] : ["--proto", "=https,http,file"]
    let silence = RustupInstaller.longestSilence(context.appEnvironment)
    let limits = [
      "--connect-timeout", "\(min(15, silence))", "--max-time", "\(silence)", "--retry", "1", "--retry-delay", "1",
      "--retry-max-time", "\(silence)",
    ]
    let url = "\(server ?? "https://static.rust-lang.org")/dist/channel-rust-\(name).toml.sha256"
    var curl = Command(
      "curl",
      ["-q", "--fail", "--location", "--silent", "--show-error"] + protocols + limits + ["--", url],
      environment: context.appEnvironment,
      directory: context.work.link
    )
    curl.timeLimit = 2 * silence + 5
    guard let result = try? curl.capture() else { return .failed("curl can't be run.") }
    let sum = result.output.prefix { $0.isHexDigit }
    if result.status.isSuccess, sum.utf8.count == 64 { return .known(sum.lowercased()) }
    let mirrors = MirrorAddresses(context.appEnvironment)
    let words = result.errors.split(separator: "\n").last.map { mirrors.redacted(String($0)) } ?? "no sum came back"
    return .failed("curl \(result.status.words): \(words)")
  }

  private func warn(_ toolchain: Toolchain, _ reason: String) {
    log.warning(
      """
      Warning: The toolchain "\(toolchain.channel)" could not be brought up to date.

      \(reason)
      The deployment goes on with Rust \(toolchain.version) from the cache.
      """
    )
  }

  // MARK: Installing

  private func install(
    _ request: ToolchainRequest,
    replacing cached: Toolchain?,
    _ isRestored: () throws(BuildpackError) -> Bool
  ) throws(BuildpackError) -> Toolchain {
    let hadOne = try isRestored()
    let before = context.work.link.appending("rustup.before")
    try guardingFiles { () throws(FileError) in
      try before.removeTree()
      if hadOne { try context.work.rustup.rename(to: before) } else { try context.work.rustup.removeTree() }
    }
    do throws(BuildpackError) {
      try rustup.install()
      let toolchain = try runRustup(for: request)
      if let cached, cached.identity != toolchain.identity {
        log.detail("Updated Rust from \(cached.version) to \(toolchain.version)")
      } else {
        log.detail("Installed Rust \(toolchain.version)")
      }
      try guardingFiles { () throws(FileError) in
        try before.removeTree()
        try removeWhatNoBuildNeeds(toolchain)
      }
      return toolchain
    } catch {
      guard hadOne, let cached, case .toolchainFailed(_, _, let command, let ending, let hint) = error else {
        throw error
      }
      try guardingFiles { () throws(FileError) in
        try context.work.rustup.removeTree()
        try before.rename(to: context.work.rustup)
      }
      warn(cached, "\"\(command)\" \(ending); see its output above.\(hint.map { "\n\($0.cause)" } ?? "")")
      return cached
    }
  }

  private func runRustup(for request: ToolchainRequest) throws(BuildpackError) -> Toolchain {
    let arguments =
      ["toolchain", "install", request.channel, "--profile", "minimal", "--no-self-update"]
      + request.targets.flatMap { ["--target", $0] } + request.components.flatMap { ["--component", $0] }
    let shown = "rustup \(arguments.joined(separator: " "))"
    log.detail("Running \"\(shown)\", for at most \(limitText(Self.longestInstallation))")
    let (status, tail) = try runRustup(arguments)
    guard status.isSuccess else {
      throw .toolchainFailed(
        toolchain: request.channel,
        origin: request.origin,
        command: shown,
        ending: status.words,
        hint: Hint.find(in: tail, status: status)
      )
    }
    let name = Toolchain.folderName(request.channel)
    guard let identity = identity(name),
      let release = identity.split(separator: "\n").first(where: { $0.hasPrefix("release: ") })
    else {
      throw .toolchainBroken(toolchain: request.channel, command: "rustc -vV", ending: "did not print a version")
    }
    var toolchain = Toolchain(
      channel: request.channel,
      version: String(release.dropFirst("release: ".utf8.count)),
      identity: identity
    )
    toolchain.targets = request.targets
    toolchain.components = request.components
    let noted = (try? context.work.rustup.appending("update-hashes").appending(name).contents(limit: 1 << 10)) ?? []
    toolchain.release = String(decoding: noted.prefix { $0 > 0x20 }, as: UTF8.self).lowercased()
    return toolchain
  }

  /// How many seconds rustup may take: a server that sends a few bytes now and then would hold it for ever.
  private static let longestInstallation = 600

  private func runRustup(_ arguments: [String]) throws(BuildpackError) -> (TerminationStatus, TailBuffer) {
    var environment = context.toolEnvironment
    // rustup waits three minutes for a server that says nothing, four times over; a deployment has half an hour.
    if environment["RUSTUP_DOWNLOAD_TIMEOUT"] == nil { environment["RUSTUP_DOWNLOAD_TIMEOUT"] = "30" }
    // Its threads are for file systems on which closing a file is slow; on a local one they cost more than they gain,
    // as `Benchmarks/redeploy/run` shows.
    if environment["RUSTUP_IO_THREADS"] == nil { environment["RUSTUP_IO_THREADS"] = "1" }
    var command = Command(
      rustup.program.description,
      arguments,
      environment: environment,
      directory: context.work.link
    )
    command.timeLimit = Self.longestInstallation
    let mirrors = MirrorAddresses(context.appEnvironment)
    var tail = TailBuffer()
    let status = try guardingCommands { () throws(CommandError) in
      // What it prints on stdout is a table of toolchains that the log tells in a sentence.
      try command.run(
        output: { _ in },
        errors: { line in
          let shown = mirrors.redacted(line)
          log.toolLine(shown)
          tail.add(shown)
        }
      )
    }
    return (status, tail)
  }

  /// What `rustc -vV` of a toolchain prints; nil when it does not run.
  private func identity(_ name: String) -> String? {
    let folder = context.work.rustup.appending("toolchains").appending(name)
    let compiler = Command(
      folder.appending("bin/rustc").description,
      ["-vV"],
      environment: context.toolEnvironment,
      directory: context.work.link
    )
    guard let result = try? compiler.capture(), result.status.isSuccess else { return nil }
    return result.output
  }

  /// Documentation, and what rustup keeps for itself. It would miss such a file only when it replaces the toolchain, for
  /// which there is an empty folder here.
  private func removeWhatNoBuildNeeds(_ toolchain: Toolchain) throws(FileError) {
    let folder = context.work.rustup.appending("toolchains").appending(Toolchain.folderName(toolchain.channel))
    for name in ["share/doc", "share/man", "share/zsh", "etc/bash_completion.d"] {
      try folder.appending(name).removeTree()
    }
    for name in ["tmp", "downloads"] { try context.work.rustup.appending(name).removeTree() }
  }
}
