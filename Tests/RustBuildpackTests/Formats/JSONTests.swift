// JSON: what parses to which value, what is refused, and how values are written.
import RustBuildpack
import Testing

@Suite struct FormatsJSONTests {
  struct Accepted: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var value: JSON
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ value: JSON) {
      (self.name, self.text, self.value) = (name, text, value)
    }
  }

  static let accepted = [
    Accepted("null", "null", nil),
    Accepted("true", "true", true),
    Accepted("false", "false", false),
    Accepted("space around", " \t\r\n1 \n", 1),
    Accepted("zero", "0", .number("0")),
    Accepted("minus zero", "-0", .number("-0")),
    Accepted("integer past 64 bits", "123456789012345678901234567890", .number("123456789012345678901234567890")),
    Accepted("fraction", "-1.50", .number("-1.50")),
    Accepted("exponents", "[1e5,1E+5,1.0e-05]", [.number("1e5"), .number("1E+5"), .number("1.0e-05")]),
    Accepted("empty string", #""""#, ""),
    Accepted("UTF-8", #""é日本😀""#, "é日本😀"),
    Accepted("all short escapes", #""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    Accepted("escape first, middle, last", #""\na\nb\n""#, "\na\nb\n"),
    Accepted("four digits", #""\u0041\u00e9\u20AC\u0000""#, "Aé€\0"),
    Accepted("surrogate pair", #""\ud834\uDD1E""#, "𝄞"),
    Accepted("lone high surrogate", #""\ud834x""#, "\u{FFFD}x"),
    Accepted("lone low surrogate", #""\uDD1E""#, "\u{FFFD}"),
    Accepted("two high surrogates", #""\ud834\ud834\udd1e""#, "\u{FFFD}𝄞"),
    Accepted("high surrogate before another escape", #""\ud834\n""#, "\u{FFFD}\n"),
    Accepted("delete and line separator unescaped", "\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
    Accepted("empty array", "[ ]", []),
    Accepted("empty object", "{ }", [:]),
    Accepted("nesting", #"[[],{"a":{"b":[null]}}]"#, [[], ["a": ["b": [nil]]]]),
    Accepted("duplicate keys", #"{"a":1,"a":2}"#, ["a": 1, "a": 2]),
    Accepted("empty key", #"{"":0}"#, ["": 0]),
    Accepted("escaped key", #"{"a\tb":0}"#, ["a\tb": 0]),
    Accepted("space everywhere", " { \"a\" : [ 1 , 2 ] , \"b\" : { } } ", ["a": [1, 2], "b": [:]]),
    Accepted(
      "RFC 8259 section 13, object",
      """
      {"Image": {"Width": 800, "Title": "View from 15th Floor", "Thumbnail": {"Height": 125},
        "Animated" : false, "IDs": [116, 943, 234, 38793]}}
      """,
      [
        "Image": [
          "Width": 800, "Title": "View from 15th Floor", "Thumbnail": ["Height": 125], "Animated": false,
          "IDs": [116, 943, 234, 38793],
        ]
      ]
    ),
    Accepted(
      "RFC 8259 section 13, array",
      #"[{"precision": "zip", "Latitude": 37.7668, "State": "CA"}, {"Longitude": -122.026020}]"#,
      [
        ["precision": "zip", "Latitude": .number("37.7668"), "State": "CA"],
        ["Longitude": .number("-122.026020")],
      ]
    ),
    Accepted(
      "a line of cargo's",
      #"{"reason":"build-finished","success":true}"#,
      ["reason": "build-finished", "success": true]
    ),
  ]

  @Test(arguments: accepted)
  func parses(_ example: Accepted) throws {
    #expect(try JSON.parse(example.text) == example.value)
    #expect(try JSON.parse(example.value.serialized()) == example.value)
    #expect(try JSON.parse(example.value.serialized(indented: true)) == example.value)
  }

  static let refused: [(name: String, text: String, offset: Int)] = [
    ("nothing", "", 0),
    ("only space", "  ", 2),
    ("a value after the value", "1 2", 2),
    ("capital word", "True", 0),
    ("word cut short", "nul", 3),
    ("word run on", "nulll", 4),
    ("plus sign", "+1", 0),
    ("leading zero", "01", 1),
    ("minus alone", "-", 1),
    ("point without digits before", ".5", 0),
    ("point without digits after", "1.", 2),
    ("exponent without digits", "1e+", 3),
    ("hexadecimal number", "0x1", 1),
    ("NaN", "NaN", 0),
    ("infinity", "-Infinity", 1),
    ("array not closed", "[1", 2),
    ("array with comma at the end", "[1,]", 3),
    ("array with comma first", "[,1]", 1),
    ("array without comma", "[1 2]", 3),
    ("array closed twice", "[1]]", 3),
    ("array closed as object", "[1}", 2),
    ("object not closed", #"{"a":1"#, 6),
    ("object with comma at the end", #"{"a":1,}"#, 7),
    ("object without colon", #"{"a" 1}"#, 5),
    ("object without value", #"{"a":}"#, 5),
    ("object with bare key", "{a:1}", 1),
    ("object with number as key", "{1:1}", 1),
    ("object with single quotes", "{'a':1}", 1),
    ("comment", "[1/*x*/]", 2),
    ("string not closed", #""a"#, 2),
    ("string ending in a backslash", #""\"#, 2),
    ("string with escaped end", #""\""#, 3),
    ("string with line break", "\"a\nb\"", 2),
    ("string with tab", "\"\t\"", 1),
    ("string with zero byte", "\"\0\"", 1),
    ("zero byte after the value", "1\0", 1),
    ("unknown escape", #""\x41""#, 2),
    ("too few digits", #""\u00e""#, 6),
    ("digits that are none", #""\u00zz""#, 5),
    ("surrogate pair cut short", #""\ud834\u""#, 9),
    ("byte order mark", "\u{FEFF}1", 0),
    ("no-break space", "\u{A0}1", 0),
  ]

  @Test(arguments: refused)
  func refuses(_ example: (name: String, text: String, offset: Int)) {
    let error = #expect(throws: JSONError.self, "\(example.name)") { try JSON.parse(example.text) }
    #expect(error?.offset == example.offset, "\(example.name)")
  }

  static let malformed: [(name: String, bytes: [UInt8])] = [
    ("byte that is never used", [0xFF]),
    ("lone continuation", [0x80]),
    ("character cut short", [0xE2, 0x82]),
    ("overlong slash", [0xC0, 0xAF]),
    ("encoded surrogate", [0xED, 0xA0, 0x80]),
    ("past U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
  ]

  @Test(arguments: malformed)
  func refusesMalformedUTF8(_ example: (name: String, bytes: [UInt8])) {
    let quoted = [UInt8(ascii: "\"")] + example.bytes + [UInt8(ascii: "\"")]
    #expect(throws: JSONError.self, "\(example.name)") { try JSON.parse(quoted) }
    #expect(throws: JSONError.self, "\(example.name), after an escape") {
      try JSON.parse(Array(#""\n"#.utf8) + quoted.dropFirst())
    }
    #expect(throws: JSONError.self, "\(example.name), without quotes") { try JSON.parse(example.bytes) }
  }

  @Test func limitsDepth() throws {
    let deepest = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(throws: Never.self) { try JSON.parse(deepest) }
    #expect(throws: JSONError(offset: 128, message: "more than 128 nested arrays and objects")) {
      try JSON.parse("[" + deepest + "]")
    }
    #expect(throws: JSONError.self) { try JSON.parse(String(repeating: #"{"a":"#, count: 100_000)) }
    #expect(throws: Never.self) { try JSON.parse("[" + String(repeating: "[[]],", count: 1000) + "1]") }
  }

  @Test func parsesOneLineOfAStream() throws {
    let stream = Array("1\n[2]\nx".utf8)
    #expect(try JSON.parse(stream[2..<5]) == [2])
    #expect(throws: JSONError(offset: 0, message: "expected a value")) { try JSON.parse(stream[6...]) }
  }

  @Test func readsValues() {
    let value: JSON = ["a": 1, "s": "x", "b": true, "l": [1, "x"], "o": ["k": nil], "a": -2, "f": .number("1.5")]
    #expect(value["a"]?.integer == -2)
    #expect(value["s"]?.string == "x")
    #expect(value["b"]?.bool == true)
    #expect(value["l"]?.array?.count == 2)
    #expect(value["o"]?.object == [JSON.Member(key: "k", value: .null)])
    #expect(value["o"]?["k"]?.isNull == true)
    #expect(value["f"]?.integer == nil)
    #expect(value["s"]?.integer == nil)
    #expect(value["missing"] == nil)
    #expect(value["l"]?["a"] == nil)
    #expect(JSON.number("9223372036854775808").integer == nil)
  }

  @Test func writesCompactly() {
    let value: JSON = ["z": [1, .number("2.50"), nil], "a": ["k": "v"], "e": [], "o": [:], "t": true, "f": false]
    #expect(value.serialized() == #"{"z":[1,2.50,null],"a":{"k":"v"},"e":[],"o":{},"t":true,"f":false}"#)
  }

  @Test func writesIndented() {
    let value: JSON = ["a": [1, ["k": "v"]], "e": [], "o": [:]]
    let text = """
      {
        "a": [
          1,
          {
            "k": "v"
          }
        ],
        "e": [],
        "o": {}
      }
      """
    #expect(value.serialized(indented: true) == text)
  }

  @Test func escapesControlCharacters() {
    let value = JSON.string("\"\\/\n\r\t\u{8}\0\u{1B}[0m\u{7F}\u{85}é😀")
    #expect(value.serialized() == #""\"\\/\n\r\t\u0008\u0000\u001b[0m\u007f\u0085é😀""#)
  }
}
