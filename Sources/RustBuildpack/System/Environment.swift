import Glibc

/// Environment variables: names to values, the values being bytes as the kernel has them.
package struct Environment: Sendable {
  package private(set) var values: [String: [UInt8]]

  package init(_ values: [String: [UInt8]] = [:]) { self.values = values }

  /// This process's own variables; what has no `=` or a name that is not UTF-8 is left out.
  package static var ofProcess: Environment {
    var values: [String: [UInt8]] = [:]
    var pointer = environ
    while let entry = pointer.pointee {
      let bytes = UnsafeBufferPointer(start: entry, count: strlen(entry)).map { UInt8(bitPattern: $0) }
      if let sign = bytes.firstIndex(of: UInt8(ascii: "=")), sign > 0,
        let name = String(validating: bytes[..<sign], as: UTF8.self), values[name] == nil
      {
        values[name] = Array(bytes[(sign + 1)...])
      }
      pointer += 1
    }
    return Environment(values)
  }

  /// A variable's value as text, bytes that are not UTF-8 as U+FFFD; setting nothing unsets it.
  package subscript(name: String) -> String? {
    get { values[name].map { String(decoding: $0, as: UTF8.self) } }
    set { values[name] = newValue.map { Array($0.utf8) } }
  }

  /// Sets a variable to bytes; a value with a NUL can't be passed on and is refused with false.
  @discardableResult
  package mutating func set(_ name: String, _ value: [UInt8]) -> Bool {
    guard !value.contains(0) else { return false }
    values[name] = value
    return true
  }

  /// Where a program is found on this environment's PATH; a name with a slash stands for itself.
  package func executable(named name: String) -> FilePath? {
    if name.contains("/") { return FilePath(name) }
    for folder in (values["PATH"] ?? []).split(separator: UInt8(ascii: ":")) {
      let candidate = FilePath(bytes: folder).appending(name)
      if candidate.isExecutable { return candidate }
    }
    return nil
  }

  /// `NAME=VALUE` lines as `execve` wants them, sorted by name.
  var entries: [[UInt8]] {
    values.sorted { $0.key < $1.key }.map { Array($0.key.utf8) + [UInt8(ascii: "=")] + $0.value }
  }
}

/// The words of this process's own command line, the program's name left out; bytes that are not UTF-8 are kept.
package var commandLineArguments: [FilePath] {
  (1..<max(1, Int(CommandLine.argc))).compactMap { index in
    CommandLine.unsafeArgv[index].map { FilePath(cString: $0) }
  }
}
