import Glibc

/// A path as the file system has it: bytes, which need not be UTF-8.
///
/// Appending never normalises, so that what the caller was given is what the kernel gets.
package struct FilePath: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The path's bytes, without a terminating NUL.
  package let bytes: [UInt8]

  /// Makes a path of bytes; trailing slashes go, but for the root's own, and all after a NUL is cut off.
  package init(bytes: some Sequence<UInt8>) {
    var kept = Array(bytes.prefix { $0 != 0 })
    while kept.count > 1, kept.last == UInt8(ascii: "/") { kept.removeLast() }
    self.bytes = kept
  }

  /// Makes a path of text.
  package init(_ text: String) { self.init(bytes: text.utf8) }

  package init(stringLiteral text: String) { self.init(text) }

  /// The path as text; bytes that are not UTF-8 appear as U+FFFD, so this is for people, not for the kernel.
  package var description: String { String(decoding: bytes, as: UTF8.self) }

  /// The path as text, or nothing when it is not UTF-8: for command lines.
  package var string: String? { String(validating: bytes, as: UTF8.self) }

  package var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }

  /// The last component; the whole path when it has but one.
  package var lastComponent: String {
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    return String(decoding: bytes[start...], as: UTF8.self)
  }

  /// The folder that holds this path; the path itself for the root and for a lone name.
  package var parent: FilePath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return FilePath(bytes: bytes[..<max(slash, 1)])
  }

  /// This path with a relative one behind it.
  package func appending(_ text: String) -> FilePath { appending(bytes: Array(text.utf8)) }

  /// This path with the bytes of a relative one behind it.
  package func appending(bytes tail: some Collection<UInt8>) -> FilePath {
    guard !tail.isEmpty else { return self }
    var joined = bytes
    joined.reserveCapacity(bytes.count + tail.count + 1)
    if joined.last != UInt8(ascii: "/") && !joined.isEmpty { joined.append(UInt8(ascii: "/")) }
    joined.append(contentsOf: tail)
    return FilePath(bytes: joined)
  }

  /// The path without `.` and `..`, by its text alone: links are not looked at.
  package var normalized: FilePath {
    var parts: [ArraySlice<UInt8>] = []
    for part in bytes.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
      if part.elementsEqual("..".utf8), isAbsolute || parts.last.map({ !$0.elementsEqual("..".utf8) }) == true {
        _ = parts.popLast()
      } else {
        parts.append(part)
      }
    }
    let joined = Array(parts.joined(separator: [UInt8(ascii: "/")]))
    return FilePath(bytes: isAbsolute ? [UInt8(ascii: "/")] + joined : joined)
  }

  /// Whether this path is `folder` or lies below it, judged by the text alone.
  package func isInside(_ folder: FilePath) -> Bool {
    guard bytes.starts(with: folder.bytes) else { return false }
    return bytes.count == folder.bytes.count || folder.bytes == [UInt8(ascii: "/")]
      || bytes[folder.bytes.count] == UInt8(ascii: "/")
  }

  package static func < (left: FilePath, right: FilePath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// Runs `body` with the path as the kernel wants it.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
      for index in bytes.indices { buffer[index] = CChar(bitPattern: bytes[index]) }
      buffer[bytes.count] = 0
      return body(UnsafePointer(buffer.baseAddress!))
    }
  }

  /// The absolute path without links, `.` and `..`, or nothing when some part of it does not exist.
  ///
  /// The corresponding C function is `realpath`.
  package var resolved: FilePath? {
    withCString { path in
      guard let real = realpath(path, nil) else { return nil }
      defer { free(real) }
      return FilePath(cString: real)
    }
  }

  /// The path made absolute with the current directory, not resolved further.
  package var absolute: FilePath {
    guard !isAbsolute else { return self }
    guard let current = getcwd(nil, 0) else { return self }
    defer { free(current) }
    return FilePath(cString: current).appending(bytes: bytes)
  }

  init(cString: UnsafePointer<CChar>) {
    self.init(bytes: UnsafeBufferPointer(start: cString, count: strlen(cString)).map { UInt8(bitPattern: $0) })
  }
}
