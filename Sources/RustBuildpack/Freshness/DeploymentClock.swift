/// The time of sources and artifacts: it counts deployments, and follows from nothing else.
///
/// A source that deployment N changed shows second N of the year 2000, what deployment N made shows N and a half. So an
/// artifact is older than a source exactly if it was made before the source last changed, whatever the clocks of the
/// machines, the order of events and the archives on the way have done.
enum DeploymentClock {
  /// 2000-01-01 00:00 UTC, in seconds since 1970.
  private static let start: Int64 = 946_684_800
  /// Older than every source and artifact, in seconds since 1970: for what never changes, such as a crate's sources.
  static let beforeAll: Int64 = start - 86_400

  /// The time of a source that this deployment changed.
  static func source(_ number: UInt32) -> Timestamp { Timestamp(seconds: start + Int64(number)) }

  /// The time of what this deployment made.
  static func artifact(_ number: UInt32) -> Timestamp {
    Timestamp(seconds: start + Int64(number), nanoseconds: 500_000_000)
  }

  /// The time of what a deployment made that failed after deployment `number` had succeeded: later than what that one made
  /// of it, and before all sources that changed since.
  static func afterFailure(_ number: UInt32) -> Timestamp {
    Timestamp(seconds: start + Int64(number), nanoseconds: 750_000_000)
  }

  /// Whether an artifact's time says that it was made in deployment `number` or an earlier one.
  static func isArtifact(_ time: Timestamp, upTo number: UInt32) -> Bool {
    [500_000_000, 750_000_000].contains(time.nanoseconds) && time.seconds >= start
      && time.seconds <= start + Int64(number)
  }

  /// Gives what this deployment made the time that stands for it; what earlier ones made keeps theirs. `hasFailed`:
  /// whether it is one that failed after deployment `number`.
  ///
  /// Returns whether this deployment made anything.
  static func stamp(
    _ paths: [FilePath],
    below folder: FilePath,
    number: UInt32,
    hasFailed: Bool = false
  ) throws(FileError) -> Bool {
    var hasNew = false
    for path in paths {
      let entry = folder.appending(bytes: path.bytes)
      guard let status = try entry.status(), !isArtifact(status.modified, upTo: number) else { continue }
      try entry.setModified(hasFailed ? afterFailure(number) : artifact(number))
      // A directory is as old as the last entry that cargo put there or took away.
      if status.kind != .directory { hasNew = true }
    }
    return hasNew
  }

  /// The same for everything in a folder. What cargo writes every time, beside its units, does not count as made.
  static func stamp(all folder: FilePath, number: UInt32) throws(FileError) -> Bool {
    guard folder.isRealDirectory else { return false }
    var hasNew = false
    try folder.walk { (entry, status) throws(FileError) in
      guard !isArtifact(status.modified, upTo: number) else { return true }
      try entry.setModified(artifact(number))
      let name = entry.lastComponent
      let isUnits = UnitHash.find(in: entry.bytes.dropFirst(folder.bytes.count)) != nil
      let isBookkeeping = !isUnits && (name.hasPrefix(".") || name.hasSuffix(".d"))
      if status.kind != .directory, !isBookkeeping { hasNew = true }
      return true
    }
    return hasNew
  }
}
