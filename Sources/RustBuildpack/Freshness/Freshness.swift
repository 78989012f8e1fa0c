// Makes cargo's own freshness check exact, whatever the platform did to file times.
//
// ## The problem
// cargo takes an input as unchanged when its modification time is not later than that of the artifact made from it.
// A platform delivers every deployment's sources with times that mean nothing: all now, a commit's, or older than the
// last build. Then cargo rebuilds everything, or ships the old executable and reports success.
//
// ## What is done
// Times count deployments: see `DeploymentClock`. N is the number of this deployment, one more than that of the last one
// that succeeded with this cache; a deployment that failed has none. Before cargo starts, for the app's script before
// the build as well as for the build itself, every entry below the build directory gets the time of a number:
//
// | entry, compared with the record of the last success         | number                                          |
// | ----------------------------------------------------------- | ----------------------------------------------- |
// | same kind, permissions and content                          | the recorded one                                |
// | new, or anything of it differs, or it can't be read         | N                                               |
// | whatever a link leads to that is new or used to lead        | N (cargo looks at the end of a link)            |
// | elsewhere, and what it, or a link that is gone, led to      | N (cargo keeps the path of the end)             |
// | the manifest of a package that lost an entry                | N (cargo can't see what is gone)                |
// | a name of a file that has several names                     | the latest of its names                         |
// | the roots of crates that expand a macro which may read      | N, if a file changed that the crate has not     |
// | files                                                       | declared as its input: see `MacroReaders`       |
// | the roots of the app's build scripts                        | N, if a file that one of them wrote among the   |
// |                                                             | sources is not as it left it                    |
// | everything, if a link's end outside the directory differs,  | N                                               |
// | or there is no record                                       |                                                 |
//
// The record is of the same archive as the artifacts of the app's own crates, so that both are of the same deployment.
// Artifacts get their times when they are packed. cargo stays the judge: nothing is skipped, no fingerprint is touched.
//
// ## Invariants
// 1. An artifact's time is older than that of each of its inputs that changed since it was made.
// 2. Losing the record makes every source changed. It never makes one fresh.
// 3. What a deployment that failed made of the app's own sources is never kept.
//
// ## Limits
// - A file outside the build directory (a system header, a directory at the end of a link) is judged by cargo alone,
//   by its own time.
// - Environment variables are cargo's business: it tracks those that `env!` and build scripts declare, and no variable
//   that a macro reads.
// - What a build script says of its inputs is believed, as cargo believes it.
// - A file that a build script writes among the sources and that is not committed makes the app's build scripts run on
//   every deployment. For build scripts that only the app's own script builds, such files are not tracked.
// - A dependency from a registry that reads the app's files in a macro or without declaring them is not seen.
// - `current_dir()` and `canonicalize()` in a build script show the build directory's real path: what names it is not
//   kept, see `RealPaths`.

/// What was found out about the sources, for the log.
package struct SourceChanges: Sendable {
  /// Regular files below the build directory.
  package let files: Int
  /// Files among them that are new or differ from the last deployment's.
  package let changedFiles: Int
  /// Files and links that are new, differ or are gone, relative to the build directory.
  package let changed: [FilePath]
  /// Whether there was a record to compare with.
  package let hadRecord: Bool
  /// Whether nothing at all got a new number.
  package let isNone: Bool
  /// Whether every manifest, lock file and configuration of cargo is as it was when the last build succeeded.
  package let manifestsAreAsBuilt: Bool
  /// Why every entry counts as changed, in words, if it does for another reason than a missing record.
  package let allChangedReason: String?
  /// Packages that count as changed because a macro of theirs may read a file that changed, and that file.
  package let macroPackages: [String]
  package let macroFile: FilePath?
  /// A file that a build script wrote among the sources, and that is not as it left it: the app's build scripts run
  /// again.
  package let writtenFile: FilePath?
}

/// One deployment's hold on the times of its sources: make it before the app's script and cargo start.
package struct Freshness {
  /// The number of this deployment.
  package let number: UInt32
  package private(set) var changes: SourceChanges
  /// Why cargo can't be left to judge with what earlier deployments compiled: times that can't be set, say which.
  package private(set) var obstacle: String?

  private let root: FilePath
  private let excluded: FilePath
  private let record: SourceRecord?
  private var pushed: SourceEntries
  /// When the last time was set: a file whose status changed later was written to, whatever time it shows.
  private var settled: Timestamp
  /// The sources as the build sees them, where the app's script made them differ.
  private var built: SourceEntries?

  /// Reads all entries of `root` and gives them the times that follow from `record`.
  ///
  /// `excluding` is left out should it lie below `root`.
  /// - Throws: when something can't be read or set.
  package init(_ root: FilePath, excluding: FilePath, number: UInt32, record: SourceRecord?) throws(FileError) {
    self.root = root
    excluded = excluding
    self.number = number
    self.record = record
    (pushed, changes, settled, obstacle) = try Self.assign(
      root,
      excluding: excluding,
      number,
      record,
      previous: record?.pushed,
      known: nil
    )
  }

  /// Whether the last build saw other sources than the ones that were pushed, by a script of the app: then what it built
  /// tells what changed, also when no script runs any more.
  package var wasBuiltOtherwise: Bool { record?.built != nil }

  /// To be called after the app's script has run and before the build: what it wrote counts by content.
  package mutating func readAgain() throws(FileError) {
    let (entries, changes, settled, obstacle) = try Self.assign(
      root,
      excluding: excluded,
      number,
      record,
      previous: record.map { $0.built ?? $0.pushed },
      known: (pushed, settled)
    )
    built = entries
    self.changes = changes
    self.settled = settled
    self.obstacle = obstacle
  }

  private static func assign(
    _ root: FilePath,
    excluding: FilePath,
    _ number: UInt32,
    _ record: SourceRecord?,
    previous: SourceEntries?,
    known: (entries: SourceEntries, settled: Timestamp)?
  ) throws(FileError) -> (SourceEntries, SourceChanges, settled: Timestamp, obstacle: String?) {
    var scan = try SourceScan(root, excluding: excluding, previous: previous, known: known)
    let reason = scan.changedOutside.map { "\($0) leads to something else outside the app" }
    let isAllNew = previous == nil || reason != nil
    let outcome = SourceTimes.assign(to: &scan, root: root, all: isAllNew, number: number)
    var entries = scan.takeEntries()
    var readers: [SourceRecord.Reader] = []
    var roots: [FilePath] = []
    var writtenFile: FilePath?
    if let record, !isAllNew {
      readers = record.readers.filter { !outcome.changed.allSatisfy($0.knows(_:)) }
      roots = readers.flatMap { $0.roots }
      writtenFile = record.written.first { !$0.isAsItWas(in: entries) }?.path
      if writtenFile != nil { roots += record.buildScripts }
    }
    let index = PathIndex(entries)
    for path in roots {
      for position in index.subtree(of: path.bytes[...]) { entries.setNumber(position, number) }
    }
    var obstacle: String?
    for position in 0..<entries.count {
      let path = FilePath(bytes: entries.path(position))
      do throws(FileError) {
        try root.appending(bytes: path.bytes).setModified(DeploymentClock.source(entries.number(position)))
      } catch {
        // Only the owner may set them.
        guard error.errno == .notPermitted else { throw error }
        obstacle = obstacle ?? "the time of \(path), which is another user's, can't be set"
      }
    }
    let last = root.appending(bytes: entries.path(entries.count - 1))
    let settled = try last.status()?.changed ?? Timestamp(seconds: 0)
    let changes = SourceChanges(
      files: outcome.files,
      changedFiles: outcome.changedFiles,
      changed: outcome.changed,
      hadRecord: record != nil,
      isNone: outcome.count == 0 && outcome.changed.isEmpty && roots.isEmpty && record != nil,
      manifestsAreAsBuilt: record != nil && outcome.manifests == 0,
      allChangedReason: reason,
      macroPackages: readers.map { $0.package }.sorted(),
      macroFile: readers.first.flatMap { reader in outcome.changed.first { !reader.knows($0) } },
      writtenFile: writtenFile
    )
    return (entries, changes, settled, obstacle)
  }

  /// Every file of this name below the build directory, relative to it.
  package func files(named name: String) -> [FilePath] {
    let entries = built ?? pushed
    var found: [FilePath] = []
    for position in 0..<entries.count where entries[position].kind == .file {
      let path = entries.path(position)
      let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex
      if path[start...].elementsEqual(name.utf8) { found.append(FilePath(bytes: path)) }
    }
    return found
  }

  /// What the build wrote among the sources, new or over what was there: to be called when cargo has succeeded, and
  /// before anything else is put into the build directory. `bin/` at the top is where cargo installs.
  package func written() throws(FileError) -> [SourceRecord.Written] {
    let entries = built ?? pushed
    let index = PathIndex(entries)
    var found: [SourceRecord.Written] = []
    for position in 0..<entries.count {
      let path = FilePath(bytes: entries.path(position))
      let entry = root.appending(bytes: path.bytes)
      guard let status = try entry.status(), status.modified != DeploymentClock.source(entries.number(position)),
        !path.isInside("bin")
      else { continue }
      if status.kind == .file { try note(path, in: &found) }
      guard status.kind == .directory else { continue }
      for name in try entry.names() {
        let below = path.bytes.isEmpty ? FilePath(bytes: name) : path.appending(bytes: name)
        if below == "bin" || below == "target" || !index.subtree(of: below.bytes[...]).isEmpty { continue }
        try collect(below, in: &found)
      }
    }
    return found
  }

  private func collect(_ path: FilePath, in found: inout [SourceRecord.Written]) throws(FileError) {
    let entry = root.appending(bytes: path.bytes)
    if entry.isRealDirectory {
      for name in try entry.names() { try collect(path.appending(bytes: name), in: &found) }
    } else if try entry.status()?.kind == .file {
      try note(path, in: &found)
    }
  }

  private func note(_ path: FilePath, in found: inout [SourceRecord.Written]) throws(FileError) {
    guard found.count < 10_000 else { return }
    let digest = try BLAKE2b.hash(file: root.appending(bytes: path.bytes), followingLinks: false)
    found.append(SourceRecord.Written(path: path, digest: digest.hex))
  }

  /// The record of this deployment, for one that succeeded.
  package func record(
    written: [SourceRecord.Written],
    buildScripts: [FilePath],
    readers: [SourceRecord.Reader]
  ) -> SourceRecord {
    SourceRecord(pushed: pushed, built: built, written: written, buildScripts: buildScripts, readers: readers)
  }

  /// The roots of crates that expand macros, as the last deployment left them, for one that compiled nothing.
  package var lastRecord: SourceRecord? { record }
}
