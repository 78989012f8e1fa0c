/// What the file times of the target directory mean, as far as this cache knows.
enum ArtifactState: Equatable {
  /// The last build succeeded and nothing but what it used is left: whatever time a file shows, it is as new as this.
  case complete(Int64)
  /// A build was begun and not finished. Files of earlier builds show one of the `known` times; any other time means
  /// "made by that build", for which `pending` stands (nothing: already set). `distinct` says that the clock stood
  /// beyond all known times when it began, so that whole seconds are enough to tell the two apart.
  case unfinished(known: [Int64], pending: Int64?, distinct: Bool)
  /// Nothing can be concluded from the times: only that what is later than all of them is changed.
  case unknown

  var isComplete: Bool { if case .complete = self { true } else { false } }
}

/// The memory of one cache: which content had which time, and what the target directory's times mean.
///
/// The file: a line with the format's name and version, the artefacts' state, the entries, and the BLAKE2b sum of all
/// that, so that a record which was cut off or damaged is none. Its own modification time is `witness`: if that
/// has changed, the cache was copied by something that does not keep file times. The second is odd, so that formats
/// which know even seconds only, such as zip, are among those.
struct SourceRecord {
  static let format = Array("rust-buildpack sources 4\n".utf8)
  static let witness = Timestamp(seconds: 1_000_000_001, nanoseconds: 500_000_000)

  /// How well the way this cache took between two builds keeps file times.
  enum Precision { case exact, wholeSeconds, none }

  var artifacts: ArtifactState
  /// The latest time ever assigned to a source or an artefact, in seconds since 1970.
  var latest: Int64
  /// The build directories whose absolute paths the target directory may hold: see `MovedSources`.
  var roots: [FilePath]
  /// Files that the build put among the sources, relative to the build directory: see `GeneratedSources`.
  var generated: [FilePath] = []
  var entries: SourceEntries

  /// Reads the record; nothing when there is none or it is not whole.
  static func read(_ path: FilePath) -> (record: SourceRecord, precision: Precision)? {
    guard let status = (try? path.status()) ?? nil, status.kind == .file,
      let bytes = try? path.contents(limit: 256 << 20), let record = SourceRecord(bytes)
    else { return nil }
    let precision: Precision =
      status.modified == witness
      ? .exact : status.modified == Timestamp(seconds: witness.seconds) ? .wholeSeconds : .none
    return (record, precision)
  }

  /// Puts the record on disk, whole or not at all.
  func write(_ path: FilePath) throws(FileError) {
    try path.write(serialized)
    try path.setModified(Self.witness)
  }

  private var serialized: [UInt8] {
    var bytes = Self.format
    bytes.reserveCapacity(entries.bytes.count + 512)
    var times: [Int64] = []
    switch artifacts {
    case .complete(let time):
      bytes.append(1)
      times = [time]
    case .unfinished(let known, let pending, let distinct):
      bytes.append(distinct ? 3 : 2)
      times = [pending ?? 0] + known
    case .unknown: bytes.append(4)
    }
    bytes += ByteWriter.bytes(UInt32(times.count))
    for time in times { bytes += ByteWriter.bytes(UInt64(bitPattern: time)) }
    bytes += ByteWriter.bytes(UInt64(bitPattern: latest))
    for paths in [roots, generated] {
      bytes += ByteWriter.bytes(UInt32(paths.count))
      for path in paths { bytes += ByteWriter.bytes(UInt32(path.bytes.count)) + path.bytes }
    }
    bytes += ByteWriter.bytes(UInt32(entries.count))
    bytes += entries.bytes
    bytes += BLAKE2b.hash(bytes).bytes
    return bytes
  }

  init(
    artifacts: ArtifactState,
    latest: Int64,
    roots: [FilePath],
    generated: [FilePath] = [],
    entries: SourceEntries
  ) {
    self.artifacts = artifacts
    self.latest = latest
    self.roots = roots
    self.generated = generated
    self.entries = entries
  }

  private init?(_ bytes: [UInt8]) {
    let start = Self.format.count
    guard bytes.starts(with: Self.format), bytes.count >= start + 1 + 4 + 8 + 4 + 32 else { return nil }
    let end = bytes.count - 32
    let sum = bytes.withUnsafeBytes { BLAKE2b.hash(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    guard sum == Digest(bytes: bytes[end...]) else { return nil }
    // The sum holds, so what follows is as this program wrote it; lengths are checked all the same.
    let timeCount = Int(ByteReader.integer(bytes[(start + 1)..<(start + 5)]) as UInt32)
    let afterTimes = start + 5 + timeCount * 8
    guard timeCount < 10_000, afterTimes + 12 <= end else { return nil }
    let times = (0..<timeCount).map { index in
      Int64(bitPattern: ByteReader.integer(bytes[(start + 5 + index * 8)..<(start + 13 + index * 8)]))
    }
    switch (bytes[start], times.first) {
    case (1, let time?): artifacts = .complete(time)
    case (2, let pending?), (3, let pending?):
      artifacts = .unfinished(
        known: Array(times.dropFirst()),
        pending: pending == 0 ? nil : pending,
        distinct: bytes[start] == 3
      )
    case (4, nil): artifacts = .unknown
    default: return nil
    }
    latest = Int64(bitPattern: ByteReader.integer(bytes[afterTimes..<(afterTimes + 8)]))
    var position = afterTimes + 8
    func integer() -> Int? {
      guard end - position >= 4 else { return nil }
      defer { position += 4 }
      return Int(ByteReader.integer(bytes[position..<(position + 4)]) as UInt32)
    }
    func paths() -> [FilePath]? {
      guard let count = integer() else { return nil }
      var paths: [FilePath] = []
      for _ in 0..<count {
        guard let length = integer(), end - position >= length else { return nil }
        paths.append(FilePath(bytes: bytes[position..<(position + length)]))
        position += length
      }
      return paths
    }
    guard let roots = paths(), let generated = paths() else { return nil }
    self.roots = roots
    self.generated = generated
    guard let count = integer(), let entries = SourceEntries(bytes: Array(bytes[position..<end]), count: count)
    else { return nil }
    self.entries = entries
  }
}
