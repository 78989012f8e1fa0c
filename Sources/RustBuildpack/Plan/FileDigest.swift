extension SHA256 {
  /// The digest of a file's content, read in pieces, so that memory does not grow with the file.
  ///
  /// - Throws: when it can't be read, or is a link and `followingLinks` is false.
  package static func hash(file path: FilePath, followingLinks: Bool = true) throws(FileError) -> Digest {
    let file = try FileHandle(reading: path, followingLinks: followingLinks)
    var sum = SHA256()
    var failure: FileError?
    withUnsafeTemporaryAllocation(byteCount: 131_072, alignment: 64) { buffer in
      do throws(FileError) {
        while true {
          let count = try file.read(into: buffer)
          if count == 0 { break }
          sum.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return sum.finalize()
  }
}
