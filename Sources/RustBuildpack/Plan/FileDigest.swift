extension SHA256 {
  /// The digest of a file's content, for comparison with a published sum; memory does not grow with the file.
  ///
  /// - Throws: when it can't be read, or is a link and `followingLinks` is false.
  package static func hash(file path: FilePath, followingLinks: Bool = true) throws(FileError) -> Digest {
    var sum = SHA256()
    try path.readPieces(followingLinks: followingLinks) { sum.update($0) }
    return sum.finalize()
  }
}

extension BLAKE2b {
  /// The digest of a file's content, for comparison with what this program noted; memory does not grow with the file.
  ///
  /// - Throws: when it can't be read, or is a link and `followingLinks` is false.
  package static func hash(file path: FilePath, followingLinks: Bool = true) throws(FileError) -> Digest {
    var sum = BLAKE2b()
    try path.readPieces(followingLinks: followingLinks) { sum.update($0) }
    return sum.finalize()
  }
}
