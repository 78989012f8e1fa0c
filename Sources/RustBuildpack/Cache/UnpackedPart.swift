/// A part that is being unpacked: apart from all else, until it is known to be whole.
///
/// So an archive can't write into another part, or through the links that lead to the app; whatever it holds.
struct UnpackedPart {
  let folder: FilePath
  private let part: CachePart
  private let work: WorkLayout

  init(_ part: CachePart, in work: WorkLayout) {
    self.part = part
    self.work = work
    folder = work.link.appending(".unpacked-\(part.rawValue)")
  }

  /// Puts what was unpacked in its place; false when it is not what the part may hold.
  func place() throws(FileError) -> Bool {
    var moves: [(from: FilePath, to: FilePath)] = []
    for place in part.places(work) {
      let entry = folder.appending(bytes: place.bytes.dropFirst(work.link.bytes.count + 1))
      guard let kind = try entry.status()?.kind else { continue }
      // Through a link, what stands elsewhere would be moved here, or written there.
      let isAsExpected = kind == (place == work.sources ? .file : .directory)
      guard isAsExpected, entry.parent.isRealDirectory else { return false }
      moves.append((entry, place))
    }
    let isForeign = { (entry: FilePath) in !moves.contains { $0.from.isInside(entry) } }
    guard !moves.isEmpty, !folder.entries.contains(where: isForeign) else { return false }
    for (entry, place) in moves {
      try place.parent.makeDirectories()
      try move(entry, to: place)
    }
    try folder.removeTree()
    return true
  }

  /// Moves an entry; into a folder that another part has brought already, what it holds.
  private func move(_ entry: FilePath, to place: FilePath) throws(FileError) {
    guard entry.isRealDirectory, place.isRealDirectory else {
      try place.removeTree()
      return try entry.rename(to: place)
    }
    for name in try entry.names() { try move(entry.appending(bytes: name), to: place.appending(bytes: name)) }
  }
}
