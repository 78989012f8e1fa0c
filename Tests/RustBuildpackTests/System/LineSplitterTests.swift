// Lines out of a stream that comes in pieces.
import Testing

@testable import RustBuildpack

@Suite struct LineSplitterTests {
  private func lines(_ pieces: [String]) -> [String] {
    var splitter = LineSplitter()
    var found: [String] = []
    for piece in pieces { splitter.add(Array(piece.utf8)) { found.append(String(decoding: $0, as: UTF8.self)) } }
    splitter.finish { found.append(String(decoding: $0, as: UTF8.self)) }
    return found
  }

  @Test(arguments: [
    ("pieces", ["a", "b\nc", "\n", "d\ne\n"], ["ab", "c", "d", "e"]),
    ("a last line without newline", ["a\nb"], ["a", "b"]),
    ("empty lines", ["\n\na\n"], ["", "", "a"]),
    ("carriage returns stay", ["a\r\nb\rc\n"], ["a\r", "b\rc"]),
    ("nothing", [""], []),
  ])
  func splits(name: String, pieces: [String], expected: [String]) {
    #expect(lines(pieces) == expected, "\(name)")
  }

  @Test func handsLongLinesOverInPieces() {
    let longest = LineSplitter.longest
    let long = String(repeating: "x", count: 2 * longest + 10)
    #expect(lines([long + "\nend\n"]).map(\.utf8.count) == [longest, longest, 10, 3])
    var pieces = [String](repeating: String(repeating: "x", count: 65_536), count: 40)
    pieces.append("\nend")
    #expect(lines(pieces).map(\.utf8.count) == [longest, longest, 40 * 65_536 - 2 * longest, 3])
  }
}
