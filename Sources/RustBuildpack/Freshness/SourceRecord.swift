/// What the last deployment that succeeded knew of the sources: content, numbers, and who may read what.
///
/// The file: a line with the format's name and version, the lengths of the parts, the entries, and the rest as JSON. It
/// is part of an archive whose digest settles that it is whole.
package struct SourceRecord: Sendable {
  private static let format = Array("rust-buildpack sources 5\n".utf8)

  /// A file that the build wrote among the sources.
  package struct Written: Sendable, Equatable {
    /// Relative to the build directory.
    let path: FilePath
    let digest: String

    /// Whether the entries hold the file with that content.
    func isAsItWas(in entries: SourceEntries) -> Bool {
      let range = PathIndex(entries).subtree(of: path.bytes[...])
      return range.count == 1 && entries[range.lowerBound].digest.hex == digest
    }
  }

  /// A package of the app that expands a macro which may read files.
  package struct Reader: Sendable, Equatable {
    let package: String
    /// The roots of its crates.
    let roots: [FilePath]
    /// What its crates and its build script declared as their inputs, of which cargo sees a change, and what is the
    /// business of another package.
    let files: Set<FilePath>
    let folders: [FilePath]
    /// Whether its macros read nothing but manifests.
    let readsManifestsAlone: Bool

    /// Whether cargo, or the way Rust's sources are used, settles what a change of this entry means for the package.
    func knows(_ path: FilePath) -> Bool {
      if readsManifestsAlone, path.lastComponent != "Cargo.toml" { return true }
      return files.contains(path) || folders.contains { $0.bytes.isEmpty || path.isInside($0) }
    }
  }

  /// The sources as they were pushed.
  let pushed: SourceEntries
  /// The sources as the build saw them, where the app's script made them differ.
  let built: SourceEntries?
  let written: [Written]
  /// The roots of the app's build scripts.
  let buildScripts: [FilePath]
  let readers: [Reader]

  init(
    pushed: SourceEntries,
    built: SourceEntries?,
    written: [Written],
    buildScripts: [FilePath],
    readers: [Reader]
  ) {
    self.pushed = pushed
    self.built = built
    self.written = written
    self.buildScripts = buildScripts
    self.readers = readers
  }

  /// Reads the record; nil when there is none that this version wrote.
  package static func read(_ path: FilePath) -> SourceRecord? {
    guard path.isFile, let bytes = try? path.contents(limit: 256 << 20) else { return nil }
    return SourceRecord(bytes)
  }

  /// Puts the record on disk.
  package func write(_ path: FilePath) throws(FileError) { try path.write(pieces: pieces) }

  var serialized: [UInt8] { Array(pieces.joined()) }

  /// The entries are as large as all else together: nothing of them is to be held twice.
  private var pieces: [[UInt8]] {
    var start = Self.format
    for entries in [pushed, built] {
      start += ByteWriter.bytes(UInt32(entries?.count ?? 0)) + ByteWriter.bytes(UInt32(entries?.bytes.count ?? 0))
    }
    let document: JSON = [
      "built": .bool(built != nil),
      "written": .array(written.map { ["path": .string($0.path.description), "digest": .string($0.digest)] }),
      "build_scripts": Self.paths(buildScripts),
      "readers": .array(readers.map { Self.json($0) }),
    ]
    return [start, pushed.bytes, built?.bytes ?? [], Array(document.serialized().utf8)]
  }

  private static func json(_ reader: Reader) -> JSON {
    [
      "package": .string(reader.package), "roots": paths(reader.roots), "files": paths(reader.files.sorted()),
      "folders": paths(reader.folders),
      "manifests_alone": .bool(reader.readsManifestsAlone),
    ]
  }

  private static func paths(_ list: [FilePath]) -> JSON { .array(list.map { .string($0.description) }) }

  init?(_ bytes: [UInt8]) {
    var position = Self.format.count
    guard bytes.starts(with: Self.format), bytes.count >= position + 16 else { return nil }
    let numbers = (0..<4).map { index -> Int in
      let start = position + index * 4
      return Int(ByteReader.integer(bytes[start..<(start + 4)]) as UInt32)
    }
    position += 16
    guard bytes.count >= position + numbers[1] + numbers[3],
      let pushed = SourceEntries(bytes: Array(bytes[position..<(position + numbers[1])]), count: numbers[0])
    else { return nil }
    position += numbers[1]
    guard let built = SourceEntries(bytes: Array(bytes[position..<(position + numbers[3])]), count: numbers[2]),
      let document = try? JSON.parse(bytes[(position + numbers[3])...])
    else { return nil }
    self.pushed = pushed
    self.built = document["built"]?.bool == true ? built : nil
    written = (document["written"]?.array ?? []).compactMap { row in
      guard let path = row["path"]?.string, let digest = row["digest"]?.string else { return nil }
      return Written(path: FilePath(path), digest: digest)
    }
    buildScripts = Self.paths(document["build_scripts"])
    readers = (document["readers"]?.array ?? []).map { row in
      Reader(
        package: row["package"]?.string ?? "",
        roots: Self.paths(row["roots"]),
        files: Set(Self.paths(row["files"])),
        folders: Self.paths(row["folders"]),
        readsManifestsAlone: row["manifests_alone"]?.bool == true
      )
    }
  }

  private static func paths(_ value: JSON?) -> [FilePath] {
    (value?.array ?? []).compactMap { $0.string.map { FilePath($0) } }
  }
}
