/// A tool's output made ready for recognition: without colours, carriage returns, and lines that mean no failure.
struct ToolText {
  /// All of it.
  let whole: [UInt8]
  /// What came after cargo began to compile the last crate: a network that failed before that was no reason to stop.
  let sinceProgress: [UInt8]
  /// Whether a crate did not compile: everything that is fetched was there by then.
  let isCompileError: Bool

  init(_ output: ArraySlice<UInt8>) {
    var whole: [UInt8] = []
    whole.reserveCapacity(output.count)
    var progress = 0
    var isCompileError = false
    for line in withoutEscapes(output).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
      if isSource(line) || line.starts(with: retriedDownload) { continue }
      if line.starts(with: notCompiled) { isCompileError = true }
      if isProgress(line) { progress = whole.count }
      whole.append(contentsOf: line)
      whole.append(UInt8(ascii: "\n"))
    }
    self.whole = whole
    self.isCompileError = isCompileError
    sinceProgress = Array(whole[progress...])
  }
}

/// cargo tries again after such a line; if that fails as well, the same words stand below its error.
private let retriedDownload = Array("warning: spurious network error".utf8)
private let notCompiled = Array("error: could not compile".utf8)
private let compiling = Array("Compiling ".utf8)

private func isProgress(_ line: ArraySlice<UInt8>) -> Bool {
  line.first == UInt8(ascii: " ") && line.drop { $0 == UInt8(ascii: " ") }.starts(with: compiling)
}

/// Whether a line quotes source text, as compilers do: "12 | let x = …". An app may contain any words.
private func isSource(_ line: ArraySlice<UInt8>) -> Bool {
  let rest = line.drop { $0 == UInt8(ascii: " ") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  return rest.first == UInt8(ascii: "|") && rest.startIndex > line.startIndex
}

/// Bytes without terminal escape sequences (`ESC [ … letter`, `ESC ] … BEL`) and carriage returns.
private func withoutEscapes(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count)
  var rest = bytes
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "\r") { continue }
    guard byte == 0x1B else {
      result.append(byte)
      continue
    }
    switch rest.popFirst() {
    case UInt8(ascii: "["): rest = rest.drop { !(0x40...0x7E).contains($0) && $0 != UInt8(ascii: "\n") }.dropFirst()
    case UInt8(ascii: "]"):
      rest = rest.drop { $0 != 0x07 && $0 != 0x1B && $0 != UInt8(ascii: "\n") }
      if rest.first == 0x1B { rest = rest.dropFirst() }
      rest = rest.dropFirst()
    default: break
    }
  }
  return result
}
