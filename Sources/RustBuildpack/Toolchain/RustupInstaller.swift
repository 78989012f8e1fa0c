/// The pinned rustup: fetched when a toolchain is to be installed, checked before it is run, kept with the toolchain.
struct RustupInstaller {
  /// The version, and the SHA-256 of its installer for x86_64-unknown-linux-gnu as published beside it at
  /// `https://static.rust-lang.org/rustup/archive/1.29.0/x86_64-unknown-linux-gnu/rustup-init.sha256`.
  static let version = "1.29.0"
  static let host = "x86_64-unknown-linux-gnu"
  private static let digest = "4acc9acc76d5079515b46346a485974457b5a79893cfb01112423c89aeb5aa10"

  let context: BuildContext
  let log: Log

  private var bin: FilePath { context.work.cargo.appending("bin") }
  /// The installed program; it is the installer itself, byte for byte, so the same sum proves it.
  var program: FilePath { bin.appending("rustup") }

  /// Makes sure that the pinned rustup is installed, and that nothing else is run in its place.
  func install() throws(BuildpackError) {
    guard Machine.architecture == "x86_64" else { throw .unsupportedMachine(Machine.architecture) }
    if try isInstalled() {
      log.detail("Using rustup \(Self.version) from the cache")
      return
    }
    let installer = try download()
    try run(installer)
    guard try isInstalled() else {
      throw .unexpected("rustup's installer succeeded, but \"\(program)\" is not the installer's own file.")
    }
    try guardingFiles { () throws(FileError) in try context.work.downloads.removeTree() }
  }

  private func isInstalled() throws(BuildpackError) -> Bool {
    try guardingFiles { () throws(FileError) in
      guard try program.status()?.kind == .file, program.isExecutable else { return false }
      if try SHA256.hash(file: program, followingLinks: false).hex == Self.digest { return true }
      log.detail("Discarding rustup from the cache: it is not version \(Self.version) as published")
      try bin.removeTree()
      return false
    }
  }

  private func download() throws(BuildpackError) -> FilePath {
    let source = RustupSource(context.appEnvironment)
    let file = context.work.downloads.appending("rustup-init")
    do throws(FileError) {
      try context.work.downloads.removeTree()
      try context.work.downloads.makeDirectories()
    } catch { throw .cacheUnusable(error) }

    let limit = limitText(Self.longestDownload)
    log.detail("Downloading rustup \(Self.version) from \(source.shown), for at most \(limit)")
    let silence = Self.longestSilence(context.appEnvironment)
    let url = "\(source.root)/archive/\(Self.version)/\(Self.host)/rustup-init"
    let limits = [
      "--connect-timeout", "\(min(15, silence))", "--speed-limit", "1024", "--speed-time", "\(silence)",
      "--max-time", "300",
      "--retry", "3", "--retry-delay", "1", "--retry-all-errors", "--retry-max-time", "60",
    ]
    var curl = Command(
      "curl",
      ["-q", "--fail", "--location", "--silent", "--show-error"] + source.protocolArguments + limits
        + ["--output", file.description, "--", url],
      // The machine's own curl: a program of that name in the cache has not been looked at yet.
      environment: context.appEnvironment,
      directory: context.work.link
    )
    curl.timeLimit = Self.longestDownload
    let result = try guardingCommands { () throws(CommandError) in try curl.capture() }
    guard result.status.isSuccess else {
      let mirrors = MirrorAddresses(context.appEnvironment)
      let lastWords = result.errors.split(separator: "\n").last.map(String.init) ?? ""
      var tail = TailBuffer()
      for line in Array(result.errors.utf8).split(separator: UInt8(ascii: "\n")) { tail.add(mirrors.redacted(line)) }
      throw .download(
        url: source.shown,
        ending: result.status.words,
        lastWords: mirrors.redacted(lastWords),
        hint: Hint.find(in: tail, status: result.status)
      )
    }
    let found = try guardingFiles { () throws(FileError) in try SHA256.hash(file: file).hex }
    guard found == Self.digest else {
      try guardingFiles { () throws(FileError) in try context.work.downloads.removeTree() }
      throw .checksum(url: source.shown, expected: Self.digest, found: found)
    }
    try guardingFiles { () throws(FileError) in try file.setPermissions(0o755) }
    return file
  }

  /// How many seconds all tries may take together: the last may begin after one minute and last five.
  private static let longestDownload = 360

  /// How many seconds a server may say nothing, which rustup's own variable sets.
  static func longestSilence(_ environment: Environment) -> Int {
    environment["RUSTUP_DOWNLOAD_TIMEOUT"].flatMap(Int.init).flatMap { (1...120).contains($0) ? $0 : nil } ?? 20
  }

  private func run(_ installer: FilePath) throws(BuildpackError) {
    var environment = context.toolEnvironment
    environment["RUSTUP_INIT_SKIP_PATH_CHECK"] = "yes"
    environment["RUSTUP_INIT_SKIP_EXISTENCE_CHECKS"] = "yes"
    let arguments = ["-y", "--quiet", "--no-modify-path", "--profile", "minimal", "--default-toolchain", "none"]
    let command = Command(installer.description, arguments, environment: environment, directory: context.work.link)
    let shown = "rustup-init \(arguments.joined(separator: " "))"
    log.detail("Running \"\(shown)\"")
    var said: [[UInt8]] = []
    let status = try guardingCommands { () throws(CommandError) in
      try command.run(output: { said.append(Array($0)) }, errors: { said.append(Array($0)) })
    }
    guard status.isSuccess else {
      let mirrors = MirrorAddresses(context.appEnvironment)
      var tail = TailBuffer()
      for line in said {
        let redacted = mirrors.redacted(line[...])
        log.toolLine(redacted)
        tail.add(redacted)
      }
      throw .installerFailed(command: shown, ending: status.words, hint: Hint.find(in: tail, status: status))
    }
  }
}

/// Where rustup's own files come from: the official server, or the mirror that the app's variables name.
struct RustupSource {
  /// The folder that holds `archive/`.
  let root: String
  /// The source for the log; a mirror's address may hold a password, and values of variables are never shown.
  let shown: String
  private let isMirror: Bool

  init(_ environment: Environment) {
    if let root = environment["RUSTUP_UPDATE_ROOT"], !root.isEmpty {
      (self.root, shown, isMirror) = (root, "the mirror in RUSTUP_UPDATE_ROOT", true)
    } else if let server = environment["RUSTUP_DIST_SERVER"], !server.isEmpty {
      (root, shown, isMirror) = ("\(server)/rustup", "the mirror in RUSTUP_DIST_SERVER", true)
    } else {
      (root, shown, isMirror) = ("https://static.rust-lang.org/rustup", "static.rust-lang.org", false)
    }
  }

  /// HTTPS with TLS 1.2 at least; a mirror may also be plain HTTP or a folder, because the checksum holds either way.
  var protocolArguments: [String] {
    isMirror ? ["--proto", "=https,http,file"] : ["--proto", "=https", "--tlsv1.2"]
  }
}
