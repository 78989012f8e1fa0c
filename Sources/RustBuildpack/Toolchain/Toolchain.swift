/// An installed toolchain that has been seen to work.
package struct Toolchain: Sendable {
  /// As rustup takes it, and as it stands in `RUSTUP_TOOLCHAIN` from here on.
  package let channel: String
  /// "1.95.0", "1.97.0-nightly": what the channel turned out to be.
  package let version: String
  /// All that `rustc -vV` prints: the identity that cargo's own fingerprints use.
  package let identity: String
}

/// Finds, installs, updates and removes toolchains.
package struct ToolchainInstaller {
  private let context: BuildContext
  private let log: Log
  private let rustup: RustupInstaller

  package init(_ context: BuildContext, _ log: Log) {
    self.context = context
    self.log = log
    rustup = RustupInstaller(context: context, log: log)
  }

  private var folder: FilePath { context.cache.rustup.appending("toolchains") }

  /// Installs rustup and the requested toolchain, brings a floating channel up to date, and removes all others.
  ///
  /// A floating channel that can't be updated is used as it is, with a warning, if it works.
  package func install(_ request: ToolchainRequest) throws(BuildpackError) -> Toolchain {
    try rustup.install()
    try removeHalfInstalled()
    let name = folderName(request.channel)
    try removeOthers(than: name)
    let before = try identityOrRemoval(name)
    let present = before.flatMap { installed(request, name, $0) }
    if let present, !request.isFloating {
      log.detail("Using Rust \(present.version) from the cache")
      return present
    }
    let arguments =
      ["toolchain", "install", request.channel, "--profile", "minimal", "--no-self-update"]
      + request.targets.flatMap { ["--target", $0] } + request.components.flatMap { ["--component", $0] }
    let shown = "rustup \(arguments.joined(separator: " "))"
    log.detail("Running \"\(shown)\", for at most \(limitText(Self.longestInstallation))")
    let releaseBefore = channelHash(name)
    let (status, tail) = try runRustup(arguments)
    let hint = status.isSuccess ? nil : Hint.find(in: tail, status: status)
    // A compiler that was not replaced need not be asked again, which takes longer than all the rest of this.
    let isAsBefore = status.isSuccess && releaseBefore != nil && channelHash(name) == releaseBefore
    let after = isAsBefore ? present : nil
    if let toolchain = after ?? identity(name).flatMap({ installed(request, name, $0) }),
      status.isSuccess || present != nil
    {
      if !status.isSuccess {
        log.warning(
          """
          Warning: The toolchain "\(request.channel)" could not be brought up to date.

          "\(shown)" \(status.words); what it said stands above.\(hint.map { "\n\($0.cause)" } ?? "")
          The deployment goes on with Rust \(toolchain.version) from the cache.
          """
        )
      } else if let present, present.identity != toolchain.identity {
        log.detail("Updated Rust from \(present.version) to \(toolchain.version)")
      } else {
        log.detail(present == nil ? "Installed Rust \(toolchain.version)" : "Rust \(toolchain.version) is up to date")
      }
      return toolchain
    }
    guard status.isSuccess else {
      throw .toolchainFailed(
        toolchain: request.channel,
        origin: request.origin,
        command: shown,
        ending: status.words,
        hint: hint
      )
    }
    throw .toolchainBroken(
      toolchain: request.channel,
      command: "rustc -vV",
      ending: "did not print a version"
    )
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
      directory: context.cache.root
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

  /// rustup's folder for a channel, with the host's triple unless the name has one.
  private func folderName(_ channel: String) -> String {
    channel.hasSuffix("-\(RustupInstaller.host)") ? channel : "\(channel)-\(RustupInstaller.host)"
  }

  /// The toolchain if it has the targets and components that were asked for; `identity` proves that it runs.
  private func installed(_ request: ToolchainRequest, _ name: String, _ identity: String) -> Toolchain? {
    let library = folder.appending(name).appending("lib/rustlib")
    guard request.targets.allSatisfy({ library.appending($0).appending("lib").isRealDirectory }) else { return nil }
    let components = (try? library.appending("components").contents(limit: 1 << 20)) ?? []
    let names = String(decoding: components, as: UTF8.self).split(separator: "\n")
    guard request.components.allSatisfy({ wanted in names.contains { $0.hasPrefix(wanted) } }) else { return nil }
    guard let release = identity.split(separator: "\n").first(where: { $0.hasPrefix("release: ") }) else { return nil }
    return Toolchain(
      channel: request.channel,
      version: String(release.dropFirst("release: ".count)),
      identity: identity
    )
  }

  /// What rustup notes of the channel file that a toolchain was installed or updated from: the beginning of its sum.
  private func channelHash(_ name: String) -> [UInt8]? {
    try? context.cache.rustup.appending("update-hashes").appending(name).contents(limit: 1 << 10)
  }

  /// What `rustc -vV` of a toolchain prints; nothing when it does not run.
  private func identity(_ name: String) -> String? {
    let compiler = Command(
      folder.appending(name).appending("bin/rustc").description,
      ["-vV"],
      environment: context.toolEnvironment,
      directory: context.cache.root
    )
    guard let result = try? compiler.capture(), result.status.isSuccess else { return nil }
    return result.output
  }

  /// The identity of a toolchain that runs. One that rustup takes for whole and that does not run would stay so for
  /// ever, and is removed.
  private func identityOrRemoval(_ name: String) throws(BuildpackError) -> String? {
    guard folder.appending(name).exists else { return nil }
    if let identity = identity(name) { return identity }
    log.detail("Discarding the toolchain \(name) from the cache: its compiler does not run")
    try guardingFiles { () throws(FileError) in try remove(name) }
    return nil
  }

  /// A toolchain whose installation was interrupted is listed by rustup and does not work; it lacks the file that
  /// rustup writes last. "rustup toolchain install" would leave it so, or repair it with the default profile.
  private func removeHalfInstalled() throws(BuildpackError) {
    try guardingFiles { () throws(FileError) in
      for toolchain in folder.entries
      where !toolchain.appending("lib/rustlib/multirust-channel-manifest.toml").isFile {
        log.detail("Discarding the toolchain \(toolchain.lastComponent): its installation was not finished")
        try remove(toolchain.lastComponent)
      }
      // rustup writes them in place, and refuses to start with half of them.
      let settings = context.cache.rustup.appending("settings.toml")
      if settings.exists, ((try? settings.contents(limit: 1 << 20)).flatMap { try? TOML.parse($0) })?["version"] == nil
      {
        log.detail("Discarding rustup's settings from the cache: they were not written to their end")
        try settings.removeTree()
      }
      for left in ["tmp", "downloads"] {
        for entry in context.cache.rustup.appending(left).entries { try entry.removeTree() }
      }
    }
  }

  private func removeOthers(than name: String) throws(BuildpackError) {
    try guardingFiles { () throws(FileError) in
      for toolchain in folder.entries where toolchain.lastComponent != name {
        log.detail("Removing the toolchain \(toolchain.lastComponent), which is no longer used")
        try remove(toolchain.lastComponent)
      }
    }
  }

  private func remove(_ name: String) throws(FileError) {
    try folder.appending(name).removeTree()
    try context.cache.rustup.appending("update-hashes").appending(name).removeTree()
  }
}
