/// Sets the times of the target directory's files, so that they mean what the record says whatever the way here did.
enum ArtifactTimes {
  /// Gives every file that the last build made, or all files after a complete one, the time that stands for it.
  ///
  /// Returns what the times mean now, and the latest time that the cache has seen.
  static func settle(
    _ target: FilePath,
    _ previous: (record: SourceRecord, precision: SourceRecord.Precision)?
  ) throws(FileError) -> (state: ArtifactState, latest: Int64) {
    guard target.isRealDirectory else { return (.unfinished(known: [], pending: nil, distinct: true), previous?.record.latest ?? 0) }
    guard let (record, precision) = previous else { return (.unknown, try latest(in: target)) }
    switch (record.artifacts, precision) {
    case (.complete(let time), _):
      try setAll(target, time) { _ in true }
      return (.complete(time), record.latest)
    case (.unfinished(let known, let pending?, _), .exact):
      let kept = Set(known.map { Timestamp(seconds: $0) })
      try setAll(target, pending) { !kept.contains($0) }
      return (.unfinished(known: known + [pending], pending: nil, distinct: true), record.latest)
    case (.unfinished(let known, let pending?, true), .wholeSeconds):
      let kept = Set(known)
      try setAll(target, pending) { !kept.contains($0.seconds) }
      return (.unfinished(known: known + [pending], pending: nil, distinct: true), record.latest)
    case (.unfinished(let known, nil, _), .exact), (.unfinished(let known, nil, _), .wholeSeconds):
      return (.unfinished(known: known, pending: nil, distinct: true), record.latest)
    case (.unfinished, _), (.unknown, _):
      return (.unknown, max(record.latest, try latest(in: target)))
    }
  }

  private static func setAll(
    _ target: FilePath,
    _ seconds: Int64,
    where matches: (Timestamp) -> Bool
  ) throws(FileError) {
    let time = Timestamp(seconds: seconds)
    try target.walk { (path, status) throws(FileError) in
      if status.modified != time, matches(status.modified) { try path.setModified(time) }
      return true
    }
  }

  /// The latest time in the directory, rounded up to a whole second.
  private static func latest(in target: FilePath) throws(FileError) -> Int64 {
    var latest: Int64 = 0
    try target.walk { (_, status) throws(FileError) in
      latest = max(latest, status.modified.seconds + 1)
      return true
    }
    return latest
  }
}
