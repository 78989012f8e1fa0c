// Makes cargo's own freshness check exact, whatever the platform did to file times.
//
// ## The problem
// cargo takes an input as unchanged when its modification time is not later than that of the artefact made from it.
// A platform delivers every deployment's sources with times that mean nothing: all now, a commit's, or older than the
// last build. Then cargo rebuilds everything, or ships the old executable and reports success.
//
// ## What is done
// Before cargo starts, every entry below the build directory gets a time that follows from its content:
//
// | entry, compared with the record of the deployment before    | time it gets                                    |
// | ----------------------------------------------------------- | ----------------------------------------------- |
// | same kind, permissions and content                          | the recorded one, to the nanosecond             |
// | new, or anything of it differs, or it can't be read         | a new one                                       |
// | whatever a link leads to that is new or used to lead        | a new one (cargo looks at the end of a link)    |
// | elsewhere, and what it, or a link that is gone, led to      | a new one (cargo keeps the path of the end)     |
// | the manifest of a package that lost an entry                | a new one (cargo can't see what is gone)        |
// | a name of a file that has several names                     | the latest of its names                         |
// | everything, if a link's end outside the directory differs,  |                                                 |
// | or there is no whole record                                 | a new one                                       |
//
// A new time is later than every time ever assigned to a source or found on an artefact in this cache, whatever the
// clock says; no two entries share one, so that an order among equals can't matter. cargo stays the judge: nothing is
// skipped, no fingerprint is touched.
//
// The target directory's times are set too, because archives cut them to whole seconds and copies lose them:
// after a build that succeeded and was pruned, everything left is coherent and gets one time, later than the sources'.
// After a build that did not finish, what it made gets its own time, and what older builds made keeps theirs.
//
// An absolute path of the build directory in the target directory follows it to its new place: see `MovedSources`.
//
// ## Invariants
// 1. The record is on disk before cargo starts, and never goes back: "build B fails half-way, revert to A" finds
//    A's files changed again.
// 2. An artefact's time is never later than a source time that is assigned after it was made.
// 3. Losing the record, or doubting what a time means, makes every source changed. It never makes one fresh.
// 4. If a time can't be set, the target directory is discarded: with nothing to be compared, times don't matter.
//
// ## Limits
// - A file outside the build directory (a system header, a directory at the end of a link) is judged by cargo alone,
//   by its own time.
// - Environment variables are cargo's business: it tracks those that `env!` and build scripts declare.
// - A file that a build script reads without declaring it, outside its package, is not seen by cargo at all.
// - A file that a build script writes among the sources and that is not committed makes the app's build scripts run on
//   every deployment: see `GeneratedSources`. A deployment that was killed leaves no note of such files.
// - cargo knows a crate of a registry by the full path of its sources: where CACHE_DIR moves, all are compiled again.
// - What a build script prints or writes is searched for the old path in its output and in `.rs` files only.

/// What was found out about the sources, for the log.
package struct SourceChanges: Sendable {
  /// Regular files below the build directory.
  package let files: Int
  /// Files among them that are new or differ from the last deployment's.
  package let changedFiles: Int
  /// Whether there was a record to compare with.
  package let hadRecord: Bool
  /// Whether every manifest, lock file and configuration of cargo is as it was when the last build succeeded.
  package let manifestsAreAsBuilt: Bool
  /// Why every entry counts as changed, in words, if it does for another reason than a missing record.
  package let allChangedReason: String?
}

/// One deployment's hold on the times of its sources and artefacts: make it before cargo starts, tell it how cargo ended.
package struct Freshness {
  package let changes: SourceChanges

  private let target: FilePath
  private let recordPath: FilePath
  private var record: SourceRecord
  /// The time for what this build makes, should it not finish.
  private let ownTime: Int64
  /// The time of all artefacts if the last build was complete and no source has changed since.
  private let completeTime: Int64?
  private let clockIsBehind: Bool

  /// Assigns times to all entries of `sources` and to what `target` holds, and puts the record on disk.
  ///
  /// `crates` is cargo's home, whose sources never change; `cache` is left out should it lie below `sources`.
  ///
  /// - Throws: when something can't be read, written or set; the caller must then discard `target` and the record
  ///   and may try again.
  package init(
    sources: FilePath,
    target: FilePath,
    record recordPath: FilePath,
    crates: FilePath,
    cache: FilePath
  ) throws(FileError) {
    self.target = target
    self.recordPath = recordPath
    // Two lists of all entries are the most that is held at any time: this one goes before the new one is written.
    var previous = SourceRecord.read(recordPath)
    let precision = previous?.precision
    let oldRoots = previous?.record.roots ?? []
    let settled = try ArtifactTimes.settle(target, previous)
    var scan = try SourceScan(sources, excluding: cache, previous: previous?.record.entries)

    var reason: String?
    if let link = scan.changedOutside {
      reason = "\(link) leads to something else outside the app"
    } else if previous != nil, settled.state == .unknown {
      reason = "the cache lost its file times after an unfinished build"
    }
    let now = Clock.now.seconds
    let start = max(settled.latest + 1, now - 1)
    let assigned = SourceTimes.assign(
      to: &scan,
      root: sources,
      all: previous == nil || reason != nil,
      from: start
    )
    ownTime = start + 1
    clockIsBehind = now <= ownTime - 1
    if case .complete(let time) = settled.state, assigned.count == 0 { completeTime = time } else { completeTime = nil }
    changes = SourceChanges(
      files: assigned.files,
      changedFiles: assigned.changedFiles,
      hadRecord: previous != nil,
      manifestsAreAsBuilt: settled.state.isComplete && assigned.manifests == 0,
      allChangedReason: reason
    )
    let begun: ArtifactState =
      switch settled.state {
      case .complete(let time): .unfinished(known: [time], pending: ownTime, distinct: now > settled.latest)
      case .unfinished(let known, _, _):
        .unfinished(known: known, pending: ownTime, distinct: now > settled.latest)
      case .unknown: .unknown
      }
    let generated = previous?.record.generated ?? []
    previous = nil
    record = SourceRecord(
      artifacts: begun,
      latest: max(settled.latest, ownTime),
      roots: oldRoots.filter { $0 != sources } + [sources],
      generated: generated,
      entries: scan.takeEntries()
    )
    try record.write(recordPath)
    try MovedSources.follow(from: oldRoots, to: sources, in: target)
    record.roots = [sources]
    try GeneratedSources.forget(record.generated, in: sources, record.entries, target)
    if let precision, precision == .none { try Self.age(crates) }
    var latest = 0
    for index in 0..<record.entries.count {
      if record.entries.modified(index) > record.entries.modified(latest) { latest = index }
      let entry = record.entries.path(index)
      try sources.appending(bytes: entry).setModified(record.entries.modified(index))
    }
    // File systems end their range of times somewhere, and say nothing when they cut.
    let end = sources.appending(bytes: record.entries.path(latest))
    guard let seen = try end.status()?.modified, seen.seconds == record.entries.modified(latest).seconds else {
      throw FileError("set the time of", end, .outOfRange)
    }
  }

  /// To be called between two runs of cargo: where the clock stands behind the times in this cache, what the first run
  /// made would look older than its sources to the second.
  package func settleBetweenRuns() throws(FileError) {
    if clockIsBehind { _ = try settleOwn() }
  }

  /// To be called when cargo has ended, and before anything else is put into the build directory: remembers what the
  /// build wrote among the sources.
  package mutating func noteGenerated(in sources: FilePath) throws(FileError) {
    record.generated = try GeneratedSources.find(in: sources, record.entries)
  }

  /// To be called when cargo or anything behind it has failed, so that the next deployment can tell what it left.
  package mutating func endUnfinished() throws(FileError) {
    record.artifacts = try settleOwn()
    try record.write(recordPath)
  }

  /// To be called after a build that succeeded and a pruning that left nothing in the target directory but what this
  /// build used. `compiled`: whether cargo compiled or ran anything.
  package mutating func endComplete(compiled: Bool) throws(FileError) {
    let time = compiled ? max(ownTime, Clock.now.seconds) : completeTime ?? max(ownTime, Clock.now.seconds)
    record.artifacts = .complete(time)
    record.latest = max(record.latest, time)
    try record.write(recordPath)
  }

  /// Makes the sources of crates older than any artefact, where a copy of the cache has given them its own time: a
  /// crate's build script may watch them. What they are is settled by checksums and commits.
  private static func age(_ crates: FilePath) throws(FileError) {
    for folder in [crates.appending("registry/src"), crates.appending("git/checkouts")] where folder.isRealDirectory {
      try folder.walk { (path, _) throws(FileError) in
        try path.setModified(SourceRecord.witness)
        return true
      }
    }
  }

  private func settleOwn() throws(FileError) -> ArtifactState {
    try ArtifactTimes.settle(target, (record, .exact)).state
  }
}
