import Glibc

/// Both ends of a pipe from a child to us; the ends close themselves.
struct Pipe: ~Copyable {
  private(set) var reader: Int32
  private(set) var writer: Int32

  init(_ program: String) throws(CommandError) {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw CommandError(program: program, errno: .current) }
    reader = ends[0]
    writer = ends[1]
    _ = fcntl(reader, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if reader >= 0 { close(reader) }
    if writer >= 0 { close(writer) }
  }

  /// Whether the other side may still send something.
  var isOpen: Bool { reader >= 0 }

  mutating func closeWriter() {
    close(writer)
    writer = -1
  }

  mutating func closeReader() {
    if reader >= 0 { close(reader) }
    reader = -1
  }

  /// Hands over what has arrived, as lines; closes at the end of the stream. Tells whether anything came.
  mutating func read(into lines: inout LineSplitter, _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
    guard reader >= 0 else { return false }
    let descriptor = reader
    let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
      let count = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
      if count > 0 { lines.add(buffer[..<count], body) }
      return count
    }
    if count > 0 { return true }
    if count == 0 || (errno != EAGAIN && errno != EINTR) { closeReader() }
    return false
  }
}

/// Cuts a stream of bytes into lines.
package struct LineSplitter {
  /// A longer line is handed over in pieces of this many bytes.
  package static let longest = 1 << 20
  private var rest: [UInt8] = []

  package init() {}

  /// Adds bytes and hands over each line that they complete, without its newline.
  package mutating func add(_ bytes: some Collection<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
    rest.append(contentsOf: bytes)
    var start = 0
    while true {
      let limit = min(start + Self.longest, rest.count)
      if let end = rest[start..<limit].firstIndex(of: UInt8(ascii: "\n")) {
        body(rest[start..<end])
        start = end + 1
      } else if limit - start == Self.longest {
        body(rest[start..<limit])
        start = limit
      } else {
        break
      }
    }
    if start > 0 { rest.removeSubrange(..<start) }
  }

  /// Hands over a last line that had no newline.
  package mutating func finish(_ body: (ArraySlice<UInt8>) -> Void) {
    if !rest.isEmpty { body(rest[...]) }
    rest = []
  }
}
