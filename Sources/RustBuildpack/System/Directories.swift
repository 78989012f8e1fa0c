import Glibc

extension FilePath {
  /// The names in a directory, sorted by their bytes, without `.` and `..`.
  package func names() throws(FileError) -> [[UInt8]] { try list { (_, name, _) throws(FileError) in name } }

  /// The entries of a directory with what they are, sorted by name; asking while the directory is open spares the
  /// kernel the way to each. What vanishes meanwhile is passed over.
  private func statuses() throws(FileError) -> [(path: FilePath, status: FileStatus)] {
    try list { (directory, name, cName) throws(FileError) in
      var found = stat()
      if fstatat(directory, cName, &found, AT_SYMLINK_NOFOLLOW) == 0 {
        return (appending(bytes: name), FileStatus(found))
      }
      if errno == ENOENT { return nil }
      throw FileError("look at", appending(bytes: name), Errno.current)
    }
  }

  /// What `body` makes of each name, in the order of the names; it is given the directory's descriptor and the name
  /// once for Swift, once for C.
  private func list<Value>(
    _ body: (Int32, [UInt8], UnsafePointer<CChar>) throws(FileError) -> Value?
  ) throws(FileError) -> [Value] {
    guard let stream = withCString({ opendir($0) }) else { throw FileError("list", self, Errno.current) }
    defer { closedir(stream) }
    var found: [(name: [UInt8], value: Value)] = []
    var failure: FileError?
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { cName in
          let name = Array(UnsafeRawBufferPointer(start: cName, count: strlen(cName)))
          if name == [UInt8(ascii: ".")] || name == [UInt8(ascii: "."), UInt8(ascii: ".")] { return }
          do throws(FileError) {
            if let value = try body(dirfd(stream), name, cName) { found.append((name, value)) }
          } catch { failure = error }
        }
      }
      if let failure { throw failure }
    }
    if errno != 0 { throw FileError("list", self, Errno.current) }
    found.sort { $0.name.lexicographicallyPrecedes($1.name) }
    return found.map(\.value)
  }

  /// The entries of a directory as paths, sorted by name; none when it can't be listed, or is a link to one: what lies
  /// behind a link is not ours to judge or remove.
  package var entries: [FilePath] {
    isRealDirectory ? ((try? names()) ?? []).map { appending(bytes: $0) } : []
  }

  /// Makes the directory and those above it that are missing.
  package func makeDirectories() throws(FileError) {
    let failure: Int32 = withCString { mkdir($0, 0o755) == 0 ? 0 : errno }
    switch failure {
    case 0: return
    case ENOENT:
      guard parent != self else { throw FileError("make", self, .noSuchFile) }
      try parent.makeDirectories()
      guard withCString({ mkdir($0, 0o755) }) == 0 || errno == EEXIST else {
        throw FileError("make", self, Errno.current)
      }
    case EEXIST:
      guard try targetStatus()?.kind == .directory else { throw FileError("make", self, .notDirectory) }
    default: throw FileError("make", self, Errno(rawValue: failure))
    }
  }

  /// Calls `body` for every entry below this directory, parents before what they hold, links never followed;
  /// a directory is entered only when `body` says true. What vanishes meanwhile is passed over.
  package func walk(_ body: (FilePath, FileStatus) throws(FileError) -> Bool) throws(FileError) {
    for (entry, status) in try statuses() {
      guard try body(entry, status), status.kind == .directory, entry.isRealDirectory else { continue }
      try entry.walk(body)
    }
  }

  /// Removes the entry and, for a directory, all it holds; links are removed, never followed. Nothing there is fine.
  ///
  /// Directories that forbid it are made writable first; a tree may be deeper than a path can be long.
  package func removeTree() throws(FileError) { try removeTree(within: self) }

  private func removeTree(within top: FilePath) throws(FileError) {
    guard let status = try status() else { return }
    guard status.kind == .directory else {
      let failure = withCString { unlink($0) == 0 || errno == ENOENT ? 0 : errno }
      if failure != 0 { throw FileError("remove", self, Errno(rawValue: failure)) }
      return
    }
    if status.permissions & 0o700 != 0o700 { _ = withCString { chmod($0, 0o700) } }
    // Before the kernel refuses a path for its length, the rest of the tree moves up.
    if self != top, bytes.count > max(top.bytes.count + 512, 3_000) {
      var number = 0
      while top.appending(".deep-\(number)").exists { number += 1 }
      return try rename(to: top.appending(".deep-\(number)"))
    }
    var failure: Int32
    repeat {
      for name in try names() { try appending(bytes: name).removeTree(within: top) }
      failure = withCString { rmdir($0) == 0 || errno == ENOENT ? 0 : errno }
    } while self == top && failure == ENOTEMPTY
    if failure != 0 { throw FileError("remove", self, Errno(rawValue: failure)) }
  }

  /// The bytes that this directory's files take on disk, each file counted once however many names it has.
  package func allocatedSize() -> Int64 {
    var total: Int64 = 0
    var seen: Set<UInt64> = []
    try? walk { (_, status) throws(FileError) in
      if status.kind == .file, status.linkCount == 1 || seen.insert(status.inode).inserted {
        total += status.allocated
      }
      return true
    }
    return total
  }
}

/// A lock on a file that is held while the value lives; the kernel drops it when the process ends, however it ends,
/// and with it the children that `Termination.childrenHold` gave it to.
///
/// The corresponding C function is `flock`.
package struct FileLock: ~Copyable {
  private let file: FileHandle

  /// Takes the lock, or gives nothing when another process has it and `waiting` is false.
  package init?(_ path: FilePath, waiting: Bool) throws(FileError) {
    let handle = try FileHandle(path, O_RDWR | O_CREAT | O_NOFOLLOW, verb: "lock")
    do {
      try retryingInterrupts { flock(handle.descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) }
    } catch {
      if error.rawValue == EWOULDBLOCK && !waiting { return nil }
      throw FileError("lock", path, error)
    }
    file = handle
  }

  /// Takes the lock of a directory itself, waiting for it: nothing is written there.
  package init(directory: FilePath) throws(FileError) {
    let handle = try FileHandle(directory, O_RDONLY | O_DIRECTORY, verb: "lock")
    do {
      try retryingInterrupts { flock(handle.descriptor, LOCK_EX) }
    } catch { throw FileError("lock", directory, error) }
    file = handle
  }

  // A process that outlives us on purpose may have it too: closing it here would not give it up.
  deinit {
    if Termination.childrenHold == file.descriptor { Termination.childrenHold = -1 }
    flock(file.descriptor, LOCK_UN)
  }

  /// Lets every child hold the lock as well, so that what outlives this process, should it be killed, keeps it.
  package func shareWithChildren() { Termination.childrenHold = file.descriptor }
}
