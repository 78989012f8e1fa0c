import Glibc

/// A moment as file systems keep it.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01 00:00 UTC.
  package var seconds: Int64
  /// Nanoseconds within the second, below 1,000,000,000.
  package var nanoseconds: UInt32

  package init(seconds: Int64, nanoseconds: UInt32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  var timespec: Glibc.timespec { Glibc.timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds)) }
}

/// What a directory entry is.
package enum FileKind: UInt8, Sendable {
  case file = 1
  case directory
  case link
  /// A FIFO, a socket or a device: never opened by us.
  case special
}

/// Which file it is, under whatever name.
package struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let inode: UInt64
}

/// What `lstat` or `stat` tells of one entry.
package struct FileStatus: Sendable {
  package let kind: FileKind
  /// Permission bits, with set-user-ID, set-group-ID and sticky: `mode & 0o7777`.
  package let permissions: UInt16
  /// Bytes.
  package let size: Int64
  /// Bytes on disk.
  package let allocated: Int64
  package let modified: Timestamp
  /// When content, permissions, owner, names or modification time were last changed; nobody can set it.
  package let changed: Timestamp
  package let device: UInt64
  package let inode: UInt64
  /// How many names this file has.
  package let linkCount: UInt64

  package var identity: FileIdentity { FileIdentity(device: device, inode: inode) }

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .link
      default: .special
      }
    permissions = UInt16(status.st_mode & 0o7777)
    size = Int64(status.st_size)
    allocated = Int64(status.st_blocks) * 512
    modified = Timestamp(
      seconds: Int64(status.st_mtim.tv_sec),
      nanoseconds: UInt32(clamping: status.st_mtim.tv_nsec)
    )
    changed = Timestamp(
      seconds: Int64(status.st_ctim.tv_sec),
      nanoseconds: UInt32(clamping: status.st_ctim.tv_nsec)
    )
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    linkCount = UInt64(status.st_nlink)
  }
}

extension FilePath {
  /// The entry itself, a link not followed; nothing when there is none.
  ///
  /// The corresponding C function is `lstat`.
  package func status() throws(FileError) -> FileStatus? {
    try status { lstat($0, &$1) }
  }

  /// What the entry is in the end, links followed; nothing when there is none, or a link leads nowhere.
  ///
  /// The corresponding C function is `stat`.
  package func targetStatus() throws(FileError) -> FileStatus? {
    try status { stat($0, &$1) }
  }

  private func status(_ call: (UnsafePointer<CChar>, inout stat) -> Int32) throws(FileError) -> FileStatus? {
    var found = stat()
    let failure: Int32 = withCString { call($0, &found) == 0 ? 0 : errno }
    switch failure {
    case 0: return FileStatus(found)
    case ENOENT, ENOTDIR, ELOOP: return nil
    default: throw FileError("look at", self, Errno(rawValue: failure))
    }
  }

  /// Whether a regular file is there, links followed; an entry that can't be looked at is none.
  package var isFile: Bool { ((try? targetStatus()) ?? nil)?.kind == .file }

  /// Whether a directory is there, and no link to one; an entry that can't be looked at is none.
  package var isRealDirectory: Bool { ((try? status()) ?? nil)?.kind == .directory }

  /// Whether anything is there, be it a link to nowhere.
  package var exists: Bool { ((try? status()) ?? nil) != nil }

  /// Whether this process may run it.
  package var isExecutable: Bool { isFile && withCString { access($0, X_OK) } == 0 }

  /// Whether this process may write to it.
  package var isWritable: Bool { (try? requireWritable()) != nil }

  /// Does nothing where this process may write; a disk that is mounted read-only counts as well.
  ///
  /// - Throws: why it may not.
  package func requireWritable() throws(FileError) {
    let failure = withCString { access($0, W_OK) == 0 ? 0 : errno }
    if failure != 0 { throw FileError("write to", self, Errno(rawValue: failure)) }
  }

  /// Sets the modification time of the entry itself, a link not followed; the access time stays.
  ///
  /// The corresponding C function is `utimensat` with `AT_SYMLINK_NOFOLLOW`.
  package func setModified(_ time: Timestamp) throws(FileError) {
    let omit = timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)  // UTIME_OMIT
    let failure: Int32 = withCString { path in
      withUnsafeTemporaryAllocation(of: timespec.self, capacity: 2) { times in
        times[0] = omit
        times[1] = time.timespec
        return utimensat(AT_FDCWD, path, times.baseAddress!, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno
      }
    }
    if failure != 0 { throw FileError("set the time of", self, Errno(rawValue: failure)) }
  }
}
