// TOML 1.1: what it allows beyond 1.0, and what it still refuses, by the categories of the official test suite.
import Testing

@testable import RustBuildpack

@Suite struct FormatsTOMLVersionTests {
  typealias Accepted = FormatsTOMLTests.Accepted

  static let inlineTables = [
    Accepted("over lines", "a = {\n b = 1,\n c = 2\n}", ["a": ["b": 1, "c": 2]]),
    Accepted("comma at the end", "a = {b = 1,}", ["a": ["b": 1]]),
    Accepted("comma on its own line", "a = {b = 1\n,\nc = 2\n,\n}", ["a": ["b": 1, "c": 2]]),
    Accepted("empty over lines", "a = {\n\n}", ["a": [:]]),
    Accepted("CRLF", "a = {\r\n\tb = 1,\r\n}\r\nc = 2", ["a": ["b": 1], "c": 2]),
    Accepted(
      "comments wherever a line may end",
      "a = { # one }\n # two\n b = 1 # three,\n , # four\n # five\n} # six\nc = 2",
      ["a": ["b": 1], "c": 2]
    ),
    Accepted("comment alone", "a = {# nothing\n}", ["a": [:]]),
    Accepted(
      "nested over lines",
      "a = {\n b = {\n  c = [\n   {d = 1,},\n  ],\n },\n}",
      ["a": ["b": ["c": [["d": 1]]]]]
    ),
    Accepted("long string inside", "a = {\n b = \"\"\"\none\ntwo\"\"\",\n}", ["a": ["b": "one\ntwo"]]),
    Accepted(
      "dotted and quoted keys",
      "a = {\n b.c = 1,\n 'd e' = 2,\n b.f = 3,\n}",
      [
        "a": ["b": ["c": 1, "f": 3], "d e": 2]
      ]
    ),
    Accepted(
      "in an array of tables",
      "[[a]]\nb = {\n c = 1,\n}\n[[a]]\nb = {}",
      [
        "a": [["b": ["c": 1]], ["b": [:]]]
      ]
    ),
    Accepted(
      "a dependency",
      "[dependencies]\nserde = {\n  version = \"1\",\n  features = [\n    \"derive\",\n  ],\n}",
      [
        "dependencies": ["serde": ["version": "1", "features": ["derive"]]]
      ]
    ),
  ]

  static let strings = [
    Accepted("escape", #"a = "\e[0m""#, ["a": "\u{1B}[0m"]),
    Accepted("two digits", #"a = "\x41\xe9\xFF\x00\x7f""#, ["a": "Aéÿ\u{0}\u{7F}"]),
    Accepted("two digits, then another", #"a = "\x411""#, ["a": "A1"]),
    Accepted("in a string over lines", "a = \"\"\"\\x41\n\\e\"\"\"", ["a": "A\n\u{1B}"]),
    Accepted("in a key", #""\x61\e" = 1"#, ["a\u{1B}": 1]),
    Accepted("none in literals", #"a = ['\e', '''\x41''']"#, ["a": [#"\e"#, #"\x41"#]]),
  ]

  static let times = [
    Accepted("local time", "a = 07:32", ["a": "07:32"]),
    Accepted(
      "local date-time",
      "a = [1979-05-27T07:32, 1979-05-27 07:32]",
      [
        "a": ["1979-05-27T07:32", "1979-05-27 07:32"]
      ]
    ),
    Accepted(
      "offset date-time",
      "a = [1979-05-27T07:32Z, 1979-05-27 07:32-07:00, 1979-05-27t07:32z]",
      [
        "a": ["1979-05-27T07:32Z", "1979-05-27 07:32-07:00", "1979-05-27t07:32z"]
      ]
    ),
    Accepted(
      "before a comment and a comma",
      "a = [07:32,23:59]#x\nb = 1979-05-27 07:32 # x",
      [
        "a": ["07:32", "23:59"], "b": "1979-05-27 07:32",
      ]
    ),
    Accepted(
      "with seconds, as before",
      "a = [07:32:01, 07:32:00.5, 1979-05-27T07:32:60Z]",
      [
        "a": ["07:32:01", "07:32:00.5", "1979-05-27T07:32:60Z"]
      ]
    ),
  ]

  @Test(arguments: inlineTables + strings + times)
  func reads(_ example: Accepted) throws {
    #expect(try TOML.parse(example.text) == example.value)
  }

  static let refused: [(category: String, text: String)] = [
    ("array: closed by a brace", "a = [1}"),
    ("bool: in capitals", "a = TRUE"),
    ("bool: cut short", "a = tru"),
    ("control: in a comment of an inline table", "a = { # \u{1}\n}"),
    ("control: carriage return alone in an inline table", "a = {\rb = 1}"),
    ("control: escape character itself", "a = \"\u{1B}\""),
    ("datetime: month 0 without seconds", "a = 1979-00-27T07:32"),
    ("datetime: hour 24 without seconds", "a = 1979-05-27T24:00"),
    ("datetime: fraction of a minute", "a = 1979-05-27T07:32.5Z"),
    ("datetime: offset without colon", "a = 1979-05-27T07:32+0100"),
    ("datetime: two spaces", "a = 1979-05-27  07:32"),
    ("datetime: hour alone", "a = 1979-05-27T07"),
    ("local-time: minute 60", "a = 07:60"),
    ("local-time: minute of one digit", "a = 07:3"),
    ("local-time: with an offset", "a = 07:32Z"),
    ("float: of a time", "a = 07:32e1"),
    ("inline-table: header inside", "a = {\n[b]\nc = 1\n}"),
    ("inline-table: key twice over lines", "a = {\nb = 1,\nb = 2,\n}"),
    ("inline-table: extended by a dotted key", "a = {\nb.c = 1,\n}\na.b.d = 2"),
    ("inline-table: extended by a header", "a = {\nb = {},\n}\n[a.b]"),
    ("inline-table: extended over its own dotted key", "a = {\nb.c = 1,\nb = 2,\n}"),
    ("inline-table: value missing", "a = {\nb = ,\n}"),
    ("inline-table: key over a line break", "a = {b.\nc = 1}"),
    ("inline-table: equals sign on the next line", "a = {b\n= 1}"),
    ("inline-table: closed by a bracket", "a = {b = 1]"),
    ("inline-table: not closed before the next key", "a = {\nb = 1,\n\n[c]"),
    ("inline-table: not closed at the end", "a = {\nb = 1,\n"),
    ("inline-table: text after it", "a = {\n}b = 1"),
    ("integer: of a word", "a = 0xg"),
    ("key: line break before the value", "a =\n{b = 1}"),
    ("key: starting an array", "[a] = 1"),
    ("string: octal escape", #"a = "\101""#),
    ("string: escape of no hexadecimal digit", #"a = "\xg0""#),
    ("string: escape cut off by the end", "a = \"\\x4\""),
    ("string: brace for digits", #"a = "\x{41}""#),
    ("table: header with a trailing comma", "[a,]"),
  ]

  @Test(arguments: refused)
  func refuses(_ example: (category: String, text: String)) {
    #expect(throws: TOMLError.self, "\(example.category)") { try TOML.parse(example.text) }
  }

  @Test(arguments: [
    ("a = {\n b = 1\n c = 2\n}", 3, 2, "expected , or } in an inline table"),
    ("a = {\n b = 1,\n ,\n}", 3, 2, "expected a key"),
    ("a = {b = 1\n", 2, 1, "expected , or } in an inline table"),
    (#"a = "\x4""#, 1, 6, "expected 2 hexadecimal digits in an escape"),
    ("a = 07:32.5", 1, 5, "\"07:32.5\" is not a value: a string needs quotes"),
  ])
  func saysWhereAndWhat(text: String, line: Int, column: Int, message: String) {
    let error = #expect(throws: TOMLError.self) { try TOML.parse(text) }
    #expect(error == TOMLError(line: line, column: column, message: message))
  }

  @Test func readsAToolchainFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("toolchain={\n channel=\"1.96.0\",\n}\n", to: "rust-toolchain.toml")
    let request = try ToolchainRequest.read(folder.path, top: folder.path, Environment())
    #expect(request == ToolchainRequest(channel: "1.96.0", origin: "rust-toolchain.toml"))
  }
}
