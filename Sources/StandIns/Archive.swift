import Foundation

/// A tar archive in the making: regular files and directories, parents first, the same bytes for the same content.
struct TarArchive {
  /// What has been written and not yet been taken.
  private(set) var bytes = Data()
  private var directories: Set<String> = []

  /// Adds a file, and the directories above it that are not there yet.
  mutating func add(_ path: String, isExecutable: Bool = false, content: Data) throws {
    let parents = path.split(separator: "/").dropLast()
    for count in 1..<max(1, parents.count + 1) {
      let directory = parents.prefix(count).joined(separator: "/") + "/"
      if directories.insert(directory).inserted { try addHeader(directory, mode: 0o755, size: 0, type: "5") }
    }
    try addHeader(path, mode: isExecutable ? 0o755 : 0o644, size: content.count, type: "0")
    bytes.append(content)
    bytes.append(Data(count: (512 - content.count % 512) % 512))
  }

  /// Ends the archive.
  mutating func finish() {
    bytes.append(Data(count: 1024))
  }

  /// Hands over what has been written so far.
  mutating func take() -> Data {
    defer { bytes = Data() }
    return bytes
  }

  private mutating func addHeader(_ path: String, mode: Int, size: Int, type: Character) throws {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
    }
    func octal(_ value: Int, digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    let (prefix, name) = try split(path)
    put(name, at: 0)
    put(octal(mode, digits: 7), at: 100)
    put(octal(0, digits: 7), at: 108)
    put(octal(0, digits: 7), at: 116)
    put(octal(size, digits: 11), at: 124)
    put(octal(1_000_000_000, digits: 11), at: 136)
    put("        ", at: 148)
    put(String(type), at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(prefix, at: 345)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
    bytes.append(contentsOf: header)
  }

  /// Divides a long path between the header's two fields.
  private func split(_ path: String) throws -> (prefix: String, name: String) {
    if path.utf8.count <= 100 { return ("", path) }
    for index in path.indices where path[index] == "/" {
      let (prefix, name) = (path[..<index], path[path.index(after: index)...])
      if prefix.utf8.count <= 155, !name.isEmpty, name.utf8.count <= 100 { return (String(prefix), String(name)) }
    }
    throw StandInError("the path is too long for a tar archive: \(path)")
  }
}

/// Wraps bytes as gzip, stored and not compressed: quick, and the same on every machine.
func storedGzip(_ content: Data) -> Data {
  var result = Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
  func littleEndian(_ value: UInt32) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
  var offset = content.startIndex
  repeat {
    let block = content[offset...].prefix(65_535)
    offset = block.endIndex
    result.append(offset == content.endIndex ? 1 : 0)
    let count = UInt32(block.count)
    result.append(littleEndian(count | (~count & 0xffff) << 16))
    result.append(block)
  } while offset < content.endIndex
  return result + littleEndian(crc32(content)) + littleEndian(UInt32(truncatingIfNeeded: content.count))
}

private let crcTable: [UInt32] = (0..<256).map { start in
  (0..<8).reduce(UInt32(start)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
}

private func crc32(_ content: Data) -> UInt32 {
  crcTable.withUnsafeBufferPointer { table in
    content.withUnsafeBytes { bytes in
      var value: UInt32 = 0xffff_ffff
      for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xff)] ^ (value >> 8) }
      return ~value
    }
  }
}

/// The SHA-256 of files, by `sha256sum`, in their order.
func sha256(ofFiles paths: [String]) throws -> [String] {
  var digests: [String] = []
  for start in stride(from: 0, to: paths.count, by: 200) {
    let output = try ToolRun.output(of: ["sha256sum", "-z", "--"] + paths[start...].prefix(200))
    digests += output.split(separator: "\0").map { String($0.prefix(64)) }
  }
  guard digests.count == paths.count else { throw StandInError("'sha256sum' left files out") }
  return digests
}

/// Writes a file at once, with the folders above it.
func write(_ content: Data, to path: String, isExecutable: Bool = false) throws {
  let url = URL(fileURLWithPath: path)
  try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  try content.write(to: url, options: .atomic)
  let mode = isExecutable ? 0o755 : 0o644
  try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}

/// Writes a text file at once, with the folders above it.
func write(_ content: String, to path: String, isExecutable: Bool = false) throws {
  try write(Data(content.utf8), to: path, isExecutable: isExecutable)
}
