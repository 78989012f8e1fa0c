// TOML: what is refused, where, and in which words.
import RustBuildpack
import Testing

@Suite struct FormatsTOMLErrorTests {
  static let grammar: [(name: String, text: String)] = [
    ("key alone", "a"),
    ("key without value", "a ="),
    ("value without key", "= 1"),
    ("value on the next line", "a =\n1"),
    ("two on a line", "a = 1 b = 2"),
    ("key with space", "a b = 1"),
    ("key of another script", "é = 1"),
    ("key over lines", "\"\"\"a\"\"\" = 1"),
    ("dotted key with nothing between", "a..b = 1"),
    ("dotted key at the end", "a. = 1"),
    ("quoted key not closed", "\"a = 1"),
    ("empty header", "[]"),
    ("header not closed", "[a"),
    ("header over lines", "[a\n]"),
    ("text after a header", "[a] b = 1"),
    ("array header closed once", "[[a]"),
    ("array header with space", "[ [a]]"),
    ("array not closed", "a = [1, 2"),
    ("array without comma", "a = [1 2]"),
    ("array with comma first", "a = [,1]"),
    ("array with two commas", "a = [1,,2]"),
    ("inline table with comma first", "a = {,b = 1}"),
    ("inline table with two commas", "a = {b = 1,,c = 2}"),
    ("inline table of a comma", "a = {,}"),
    ("inline table with a line break for a comma", "a = {b = 1\nc = 2}"),
    ("inline table with a line break in a member", "a = {b =\n1}"),
    ("inline table closed in a comment", "a = {b = 1 # }"),
    ("inline table without comma", "a = {b = 1 c = 2}"),
    ("inline table not closed", "a = {b = 1"),
    ("string not closed", "a = \"x"),
    ("string over lines", "a = \"x\ny\""),
    ("literal over lines", "a = 'x\ny'"),
    ("string ending in a backslash", "a = \"x\\"),
    ("long string not closed", "a = \"\"\"x\"\""),
    ("long literal not closed", "a = '''x''"),
    ("too many quotes at the end", "a = \"\"\"x\"\"\"\"\"\""),
    ("unknown escape", #"a = "\y41""#),
    ("space escape", #"a = "\ b""#),
    ("escape with too few digits", #"a = "\u00e""#),
    ("escape with one digit", #"a = "\x4""#),
    ("escape with a sign", #"a = "\x+1""#),
    ("capital escape", #"a = "\E""#),
    ("escape of a surrogate", #"a = "\uD800""#),
    ("escape past Unicode", #"a = "\UFFFFFFFF""#),
    ("control character in a string", "a = \"\u{1}\""),
    ("delete in a literal", "a = '\u{7F}'"),
    ("control character in a long string", "a = \"\"\"\u{1}\"\"\""),
    ("carriage return alone in a long string", "a = \"\"\"\rx\"\"\""),
    ("control character in a comment", "# \u{1}"),
    ("carriage return alone in a comment", "# a\rb"),
    ("carriage return alone", "a = 1\rb = 2"),
    ("zero byte", "a = 1\n\0"),
    ("byte order mark later", "a = 1\n\u{FEFF}b = 2"),
  ]

  static let values: [(name: String, text: String)] = [
    ("bare word", "a = stable"),
    ("capital boolean", "a = True"),
    ("leading zero", "a = 01"),
    ("signed leading zero", "a = -01"),
    ("two signs", "a = ++1"),
    ("underscore first", "a = _1"),
    ("underscore last", "a = 1_"),
    ("two underscores", "a = 1__0"),
    ("65 bits", "a = 9223372036854775808"),
    ("65 bits in hexadecimal", "a = 0x8000000000000000"),
    ("hexadecimal with a sign", "a = +0x1"),
    ("hexadecimal with a sign inside", "a = 0x-1"),
    ("hexadecimal without digits", "a = 0x"),
    ("hexadecimal starting with underscore", "a = 0x_1"),
    ("capital base", "a = 0X1"),
    ("octal 8", "a = 0o8"),
    ("binary 2", "a = 0b2"),
    ("point first", "a = .5"),
    ("point last", "a = 5."),
    ("point before exponent", "a = 5.e1"),
    ("underscore before point", "a = 1_.5"),
    ("exponent without digits", "a = 1e"),
    ("capital infinity", "a = Inf"),
    ("month 13", "a = 2024-13-01"),
    ("day 0", "a = 2024-01-00"),
    ("29 February of a common year", "a = 2023-02-29"),
    ("29 February 1900", "a = 1900-02-29"),
    ("31 April", "a = 2024-04-31"),
    ("hour 24", "a = 24:00:00"),
    ("minute 60", "a = 00:60:00"),
    ("second 61", "a = 00:00:61"),
    ("time of an hour", "a = 07"),
    ("time with colon at the end", "a = 07:32:"),
    ("fraction of a minute", "a = 07:32.5"),
    ("time with one digit", "a = 7:32"),
    ("fraction without digits", "a = 07:32:00."),
    ("date with T and no time", "a = 2024-01-01T"),
    ("offset without minutes", "a = 2024-01-01T00:00:00+01"),
    ("offset past a day", "a = 2024-01-01T00:00:00+24:00"),
    ("time with offset and no date", "a = 00:00:00Z"),
    ("date with short year", "a = 24-01-01"),
  ]

  static let redefinitions: [(name: String, text: String)] = [
    ("key twice", "a = 1\na = 2"),
    ("key twice, quoted", "a = 1\n\"a\" = 2"),
    ("key twice among many", (0..<40).map { "k\($0) = 1\n" }.joined() + "k7 = 1"),
    ("table twice", "[a]\n[a]"),
    ("table as key before", "a = 1\n[a]"),
    ("table below a value", "a = 1\n[a.b]"),
    ("key as table before", "[a.b]\n[a]\nb = 1"),
    ("dotted key below a value", "a = 1\na.b = 2"),
    ("value over dotted keys", "a.b = 1\na = 2"),
    ("header over dotted keys", "a.b = 1\n[a]"),
    ("nested header over dotted keys", "[a]\nb.c = 1\n[a.b]"),
    ("dotted key into a header's table", "[a.b.c]\n[a]\nb.c.d = 1"),
    ("array of tables over a table", "[a]\n[[a]]"),
    ("array of tables over a parent", "[a.b]\n[[a]]"),
    ("array of tables over an array", "a = []\n[[a]]"),
    ("table over an array of tables", "[[a]]\n[a]"),
    ("dotted key into an array of tables", "[[a.b]]\n[a]\nb.c = 1"),
    ("header into an array", "a = [{}]\n[a.b]"),
    ("header into an inline table", "a = {}\n[a.b]"),
    ("header over an inline table", "a = {}\n[a]"),
    ("dotted key into an inline table", "a = {b = 1}\na.c = 2"),
    ("key twice in an inline table", "a = {b = 1, b = 2}"),
    ("dotted key into a nested inline table", "a = {b = {}, b.c = 1}"),
  ]

  @Test(arguments: grammar + values + redefinitions)
  func refuses(_ example: (name: String, text: String)) {
    #expect(throws: TOMLError.self, "\(example.name)") { try TOML.parse(example.text) }
  }

  @Test(arguments: [
    ("a = 1\nb = stable", 2, 5, "\"stable\" is not a value: a string needs quotes"),
    ("a = 1\r\n\r\na = 2", 3, 1, "\"a\" is defined twice"),
    ("\"é日\" = x", 1, 8, "\"x\" is not a value: a string needs quotes"),
    ("a = [\n1\n2]", 3, 1, "expected , or ] in an array"),
    ("a = \"x", 1, 7, "a string is not closed"),
    ("a = \"x\n", 1, 7, "a string is not closed before the end of its line"),
    ("[a]\n[a]", 2, 1, "\"a\" is defined twice"),
  ])
  func saysWhereAndWhat(text: String, line: Int, column: Int, message: String) {
    let error = #expect(throws: TOMLError.self) { try TOML.parse(text) }
    #expect(error?.line == line)
    #expect(error?.column == column)
    #expect(error?.message == message)
    #expect(error?.description == "\(message) at line \(line), column \(column)")
  }

  @Test func refusesMalformedUTF8() {
    let error = #expect(throws: TOMLError.self) { try TOML.parse(Array("a = 1\n# é".utf8) + [0xFF]) }
    #expect(error?.description == "malformed UTF-8 at line 2, column 4")
  }

  @Test func limitsDepth() {
    let names = String(repeating: "a.", count: 100)
    let texts = [
      "arrays": "a = " + String(repeating: "[", count: 100_000),
      "inline tables": "a = " + String(repeating: "{a = ", count: 100_000),
      "header": "[" + String(repeating: "a.", count: 100_000) + "a]",
      "dotted key": String(repeating: "a.", count: 100_000) + "a = 1",
      "header and dotted key": "[\(names)a]\n\(names)a = 1",
    ]
    for (name, text) in texts {
      let error = #expect(throws: TOMLError.self, "\(name)") { try TOML.parse(text) }
      #expect(error?.message == "more than 128 nested tables or arrays", "\(name)")
    }
  }
}
