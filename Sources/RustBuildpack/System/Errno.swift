import Glibc

/// An error number of the C library.
package struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The error number of the call that has just failed in this thread.
  static var current: Errno { Errno(rawValue: errno) }

  package static let noSuchFile = Errno(rawValue: ENOENT)
  package static let notDirectory = Errno(rawValue: ENOTDIR)
  package static let isDirectory = Errno(rawValue: EISDIR)
  package static let permissionDenied = Errno(rawValue: EACCES)
  package static let notPermitted = Errno(rawValue: EPERM)
  package static let readOnlyFileSystem = Errno(rawValue: EROFS)
  package static let noSpace = Errno(rawValue: ENOSPC)
  package static let quotaExceeded = Errno(rawValue: EDQUOT)
  package static let fileExists = Errno(rawValue: EEXIST)
  package static let outOfRange = Errno(rawValue: ERANGE)
  /// What `execve` says of arguments and variables that are too large together.
  package static let tooManyWords = Errno(rawValue: E2BIG)
  package static let tooManyLinks = Errno(rawValue: ELOOP)

  /// The C library's own words, as `strerror` has them.
  package var description: String { strerror(rawValue).map { String(cString: $0) } ?? "error \(rawValue)" }
}

/// A file operation that failed: what was tried, on which path, and why.
package struct FileError: Error, Sendable, CustomStringConvertible {
  /// The verb for a sentence that begins "couldn't": "read", "write", "remove".
  package let operation: String
  package let path: FilePath
  package let errno: Errno

  package init(_ operation: String, _ path: FilePath, _ errno: Errno) {
    self.operation = operation
    self.path = path
    self.errno = errno
  }

  package var description: String { "couldn't \(operation) \(path): \(errno)" }
}

/// Calls `body` again for as long as a signal interrupts it; throws the error number when it returns -1.
@discardableResult
func retryingInterrupts<Value: SignedInteger>(_ body: () -> Value) throws(Errno) -> Value {
  while true {
    let value = body()
    if value != -1 { return value }
    if errno != EINTR { throw Errno.current }
  }
}
