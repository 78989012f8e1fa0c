import Glibc

/// An open file that closes itself; never passed on to a child process.
package struct FileHandle: ~Copyable {
  let descriptor: Int32
  let path: FilePath

  /// Opens a file for reading without following a last link and without waiting for a FIFO's writer.
  package init(reading path: FilePath, followingLinks: Bool = true) throws(FileError) {
    try self.init(path, O_RDONLY | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW), verb: "read")
  }

  init(_ path: FilePath, _ flags: Int32, mode: mode_t = 0o644, verb: String) throws(FileError) {
    self.path = path
    do {
      descriptor = try retryingInterrupts { path.withCString { open($0, flags | O_CLOEXEC, mode) } }
    } catch { throw FileError(verb, path, error) }
  }

  deinit { close(descriptor) }

  /// Fills `buffer` from the current position; zero at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    do {
      return try retryingInterrupts { Glibc.read(descriptor, buffer.baseAddress!, buffer.count) }
    } catch { throw FileError("read", path, error) }
  }

  /// Fills `buffer` from the position `offset`; fewer bytes at the end of the file only.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileError) -> Int {
    var total = 0
    while total < buffer.count {
      let place = buffer.baseAddress! + total
      do {
        let count = try retryingInterrupts { pread(descriptor, place, buffer.count - total, Int(offset) + total) }
        if count == 0 { break }
        total += count
      } catch { throw FileError("read", path, error) }
    }
    return total
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
      do {
        let written = try retryingInterrupts { Glibc.write(descriptor, rest.baseAddress!, rest.count) }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      } catch { throw FileError("write", path, error) }
    }
  }
}

extension FilePath {
  /// The whole content, links followed.
  ///
  /// - Throws: when it can't be read, is no regular file, or is larger than `limit` bytes (`EFBIG`).
  package func contents(limit: Int = 64 << 20) throws(FileError) -> [UInt8] {
    guard let found = try targetStatus() else { throw FileError("read", self, .noSuchFile) }
    guard found.kind == .file else {
      throw FileError("read", self, found.kind == .directory ? .isDirectory : Errno(rawValue: EINVAL))
    }
    guard found.size <= limit else { throw FileError("read", self, Errno(rawValue: EFBIG)) }
    let file = try FileHandle(reading: self)
    var content: [UInt8] = []
    content.reserveCapacity(Int(found.size) + 1)
    var failure: FileError?
    withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
      do throws(FileError) {
        while true {
          let count = try file.read(into: buffer)
          if count == 0 { break }
          content.append(contentsOf: buffer[..<count])
          if content.count > limit { throw FileError("read", self, Errno(rawValue: EFBIG)) }
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return content
  }

  /// The beginning of a file that does not tell its size, such as those of `/proc`.
  func streamed(limit: Int) throws(FileError) -> [UInt8] {
    var content: [UInt8] = []
    try readPieces { piece in if content.count < limit { content.append(contentsOf: piece) } }
    return content
  }

  /// Hands over the content in pieces, in order, so that memory does not grow with the file.
  ///
  /// - Throws: when it can't be read, or is a link and `followingLinks` is false.
  package func readPieces(
    followingLinks: Bool = true,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(FileError) {
    let file = try FileHandle(reading: self, followingLinks: followingLinks)
    var failure: FileError?
    withUnsafeTemporaryAllocation(byteCount: 131_072, alignment: 64) { buffer in
      do throws(FileError) {
        while true {
          let count = try file.read(into: buffer)
          if count == 0 { break }
          body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Puts content in place whole or not at all: written beside, then renamed. It is not flushed to the disk, which would
  /// wait for all that was unpacked there before.
  ///
  /// A link or file of that name is replaced, never written through.
  package func write(_ content: some Collection<UInt8>, permissions: UInt16 = 0o644) throws(FileError) {
    try write(pieces: [Array(content)], permissions: permissions)
  }

  /// The same for content that is not to be held in one piece.
  func write(pieces: [[UInt8]], permissions: UInt16 = 0o644) throws(FileError) {
    let draft = FilePath(bytes: bytes + Array(".draft".utf8))
    _ = draft.withCString { unlink($0) }
    do throws(FileError) {
      let file = try FileHandle(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, verb: "write")
      var failure: FileError?
      for piece in pieces where failure == nil {
        piece.withUnsafeBytes { raw in
          do throws(FileError) { try file.write(raw) } catch { failure = error }
        }
      }
      if let failure { throw failure }
      guard fchmod(file.descriptor, mode_t(permissions)) == 0 else {
        throw FileError("write", self, Errno.current)
      }
      try draft.rename(to: self)
    } catch {
      _ = draft.withCString { unlink($0) }
      throw error
    }
  }

  /// Copies a regular file's content and permission bits to a new file, replacing one of that name.
  package func copy(to target: FilePath) throws(FileError) {
    guard let found = try status(), found.kind == .file else { throw FileError("copy", self, .noSuchFile) }
    let source = try FileHandle(reading: self, followingLinks: false)
    _ = target.withCString { unlink($0) }
    let copy = try FileHandle(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, verb: "write")
    var failure: FileError?
    withUnsafeTemporaryAllocation(byteCount: 131_072, alignment: 64) { buffer in
      do throws(FileError) {
        while true {
          let count = try source.read(into: buffer)
          if count == 0 { break }
          try copy.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    guard fchmod(copy.descriptor, mode_t(found.permissions)) == 0 else {
      throw FileError("write", target, Errno.current)
    }
  }

  /// Moves the entry, replacing a file of the new name.
  package func rename(to target: FilePath) throws(FileError) {
    let failure = withCString { from in target.withCString { Glibc.rename(from, $0) == 0 ? 0 : errno } }
    if failure != 0 { throw FileError("rename", self, Errno(rawValue: failure)) }
  }

  /// Makes this a link whose text is `text`, replacing a file or link of that name.
  package func makeLink(to text: FilePath) throws(FileError) {
    _ = withCString { unlink($0) }
    let failure = text.withCString { target in withCString { symlink(target, $0) == 0 ? 0 : errno } }
    if failure != 0 { throw FileError("link", self, Errno(rawValue: failure)) }
  }

  /// The text of a link.
  package func linkText() throws(FileError) -> FilePath {
    var length = 0
    let text = withCString { path in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
        length = readlink(path, buffer.baseAddress!, buffer.count)
        return buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }
      }
    }
    if length < 0 { throw FileError("read", self, Errno.current) }
    return FilePath(bytes: text)
  }

  /// Sets the permission bits, links followed.
  package func setPermissions(_ permissions: UInt16) throws(FileError) {
    let failure = withCString { chmod($0, mode_t(permissions)) == 0 ? 0 : errno }
    if failure != 0 { throw FileError("set the permissions of", self, Errno(rawValue: failure)) }
  }
}
