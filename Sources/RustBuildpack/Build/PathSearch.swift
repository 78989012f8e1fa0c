/// A search for a path in the bytes of files; memory does not grow with them.
struct PathSearch {
  private let needle: [UInt8]

  init(_ path: FilePath) { needle = path.bytes }

  /// Whether the path stands in a file, and not as the beginning of a longer name.
  func isIn(file: FilePath) throws(FileError) -> Bool {
    var found = false
    // What could be the beginning of the path at the end of a piece, and the byte behind it.
    var rest: [UInt8] = []
    try file.readPieces(followingLinks: false) { piece in
      if found { return }
      rest.append(contentsOf: piece)
      found = isIn(rest, isEnd: false)
      rest.removeFirst(max(0, rest.count - needle.count))
    }
    return found || isIn(rest, isEnd: true)
  }

  /// Whether the path stands in `bytes`. At their end it counts only if nothing follows.
  func isIn(_ bytes: [UInt8], isEnd: Bool = true) -> Bool {
    guard let first = needle.first, bytes.count >= needle.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      needle.withUnsafeBufferPointer { needle in
        var start = 0
        let last = bytes.count - needle.count
        while start <= last {
          if bytes[start] == first {
            var length = 1
            while length < needle.count, bytes[start + length] == needle[length] { length += 1 }
            let next = start + needle.count
            if length == needle.count, next == bytes.count ? isEnd : !Self.isInName(bytes[next]) { return true }
          }
          start += 1
        }
        return false
      }
    }
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
