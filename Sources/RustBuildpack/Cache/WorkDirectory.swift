/// Where what the cache holds stands unpacked while a deployment runs, at a path that is the same on every deployment.
///
/// The folder is in the cache directory, where rustup is to be installed; the constant path is a link to it. When the
/// deployment has ended, the folder takes the link's place, so that later buildpacks find cargo there, and what travels
/// with the cache is archives alone.
struct WorkDirectory {
  private let context: BuildContext
  private let log: Log

  init(_ context: BuildContext, _ log: Log) {
    self.context = context
    self.log = log
  }

  private var folder: FilePath { context.cache.work }
  private var link: FilePath { context.work.link }

  /// How long to wait for another deployment that uses the link, in seconds.
  private static let longestWait = 900.0

  /// Makes a new folder and the link to it; whoever calls this holds the lock of the cache.
  func make() throws(BuildpackError) {
    do throws(FileError) {
      try folder.removeTree()
      try folder.makeDirectories()
      let probe = folder.appending(context.work.mark.lastComponent)
      try probe.write(Array("The Rust buildpack works here.\n".utf8), permissions: 0o755)
      guard probe.isExecutable else { throw FileError("run programs in", folder, .permissionDenied) }
    } catch { throw .cacheUnusable(error) }
    try takeLink()
    do throws(FileError) {
      try folder.appending("app").makeLink(to: context.buildDirectory)
      // Below the link, cargo looks for configuration above the app here, and not where the app really is.
      if let above = configurationAbove { try folder.appending(".cargo").makeLink(to: above) }
    } catch { throw .cacheUnusable(error) }
  }

  /// The nearest folder of cargo's configuration above the build directory, which a machine may have and no platform has.
  private var configurationAbove: FilePath? {
    var place = context.buildDirectory
    while place.parent != place {
      place = place.parent
      let folder = place.appending(".cargo")
      if ["config", "config.toml"].contains(where: { folder.appending($0).isFile }) { return folder }
    }
    return nil
  }

  /// What stands where the link is to be.
  private enum Occupant {
    case nobody
    /// Left by a deployment that has ended.
    case leftOver
    case livingDeployment
    case stranger(String)
  }

  private func takeLink() throws(BuildpackError) {
    let limit = Clock.seconds + Self.longestWait
    var isWaiting = false
    while true {
      let occupant = try tryToTakeLink()
      switch occupant {
      case .nobody, .leftOver: return
      case .stranger(let what): throw .linkInTheWay(link, what: what)
      case .livingDeployment: break
      }
      guard Clock.seconds < limit else { throw .cacheBusy(link, waitedSeconds: Int(Self.longestWait)) }
      if !isWaiting { log.detail("Waiting for another deployment on this machine, which uses \(link)") }
      isWaiting = true
      Clock.sleep(seconds: 0.2)
    }
  }

  /// Replaces what a deployment that has ended left there; the lock of the folder around it keeps two deployments that
  /// do so at once apart.
  private func tryToTakeLink() throws(BuildpackError) -> Occupant {
    do throws(FileError) {
      try link.parent.makeDirectories()
      let lock = try FileLock(directory: link.parent)
      let occupant = try occupant()
      switch occupant {
      case .nobody: break
      case .leftOver: try removeLeftOver()
      case .livingDeployment, .stranger: return occupant
      }
      try link.makeLink(to: folder)
      _ = consume lock
      return occupant
    } catch { throw .linkUnusable(error) }
  }

  /// Removes it so that it is known for ours until nothing else of it is left, should this be interrupted.
  private func removeLeftOver() throws(FileError) {
    for entry in link.entries where entry != context.work.mark { try entry.removeTree() }
    try link.removeTree()
  }

  private func occupant() throws(FileError) -> Occupant {
    guard let status = try link.status() else { return .nobody }
    switch status.kind {
    case .directory:
      let isOurs = context.work.mark.isFile || link.entries.isEmpty
      return isOurs ? .leftOver : .stranger("a directory that this buildpack did not make")
    case .link:
      let end = try link.linkText()
      guard end.isInside(end.parent), end.lastComponent == folder.lastComponent,
        end.parent.lastComponent == context.cache.root.lastComponent
      else { return .stranger("a link to \(end)") }
      if end == folder { return .leftOver }
      let lock = end.parent.appending(context.cache.lock.lastComponent)
      guard try lock.status()?.kind == .file else { return .leftOver }
      return try FileLock(lock, waiting: false) == nil ? .livingDeployment : .leftOver
    case .file, .special: return .stranger("something that is no directory")
    }
  }

  /// Moves the folder to where the link stands. Where that can't be, it is removed; `unpack` then puts what later
  /// buildpacks need at the link's place, if there are any.
  func leave(_ unpack: (FilePath) throws(FileError) -> Void) throws(FileError) {
    guard folder.exists else { return }
    for name in ["app", ".cargo"] { try folder.appending(name).removeTree() }
    try folder.appending("app").removeTree()
    let lock = try FileLock(directory: link.parent)
    if try link.status()?.kind == .link, try link.linkText() == folder {
      try link.removeTree()
      do throws(FileError) {
        try folder.rename(to: link)
        return
      } catch { log.debug("The work directory can't be moved: \(error)") }
      if hasLaterBuildpacks {
        try link.makeDirectories()
        try context.work.mark.write([])
        try unpack(link)
      }
    }
    _ = consume lock
    try folder.removeTree()
  }

  /// Whether a buildpack that comes later may want cargo.
  private var hasLaterBuildpacks: Bool {
    if Settings.skipsBuild(context.appEnvironment) { return true }
    let list = (try? context.buildDirectory.appending(".buildpacks").contents(limit: 1 << 20)) ?? []
    return list.split(separator: UInt8(ascii: "\n")).filter { !$0.isEmpty }.count > 1
  }
}
