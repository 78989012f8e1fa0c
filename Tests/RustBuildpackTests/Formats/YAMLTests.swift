// YAML: the exact text of values, and which strings need quotes. All of it was read back with PyYAML.
import RustBuildpack
import Testing

@Suite struct FormatsYAMLTests {
  @Test func writesReleaseMetadata() {
    let value: JSON = [
      "addons": ["scalingo-postgresql"],
      "config_vars": ["PATH": "/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      "default_process_types": ["web": "./target/release/app --port $PORT"],
    ]
    let text = """
      addons:
        - scalingo-postgresql
      config_vars:
        PATH: /app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      default_process_types:
        web: ./target/release/app --port $PORT

      """
    #expect(YAML.serialized(value) == text)
  }

  @Test func writesNestedValues() {
    let value: JSON = [
      "empty": [:], "none": [], "null": nil, "yes": true, "number": .number("1e6"),
      "list": [["a": 1, "b": ["c": []]], [1, [2]], [], "x"],
    ]
    let text = """
      empty: {}
      none: []
      "null": null
      "yes": true
      number: 1.0e+6
      list:
        - a: 1
          b:
            c: []
        - - 1
          - - 2
        - []
        - x

      """
    #expect(YAML.serialized(value) == text)
  }

  static let whole: [(name: String, value: JSON, text: String)] = [
    ("empty object", [:], "{}\n"),
    ("empty array", [], "[]\n"),
    ("list", ["a", 1], "- a\n- 1\n"),
    ("number with exponent", .number("-1.5E-3"), "-1.5e-3\n"),
    (
      "key too long for one line", .object([JSON.Member(key: String(repeating: "k", count: 1001), value: [1])]),
      "? " + String(repeating: "k", count: 1001) + "\n:\n  - 1\n"
    ),
  ]

  @Test(arguments: whole)
  func writes(_ example: (name: String, value: JSON, text: String)) {
    #expect(YAML.serialized(example.value) == example.text, "\(example.name)")
  }

  @Test(arguments: [
    "a", "a b", "a-b_c.d", "a:b", "a#b", "/usr/bin", "./app", "../app", "$PORT", "(x)", "é日本😀", #"a\b"#,
    "a, b [c] {d}", "it's", #"say "x""#, "nullable", "yesterday", "a & b | c > d", "https://a.example/x?y=z", "\u{A0}",
  ])
  func leavesPlain(_ text: String) {
    #expect(YAML.serialized(.string(text)) == text + "\n")
  }

  @Test(arguments: [
    "", "true", "False", "yes", "NO", "on", "Off", "y", "N", "null", "Null", "~", "=", "<<", "0", "-1", "+1", "1.5",
    ".5",
    "1e6", "0x1F", "0o17", "017", "1_000", ".inf", "-.inf", ".nan", "12:30:45", "2001-12-14", "1.95.0", "...", "---",
    ". a", " a", "a ", "a: b", "a:", "a #b", "#a", "- a", "-", "?", "?a", ": a", ":a", "[a", "{a", "]", "}", ",", "&a",
    "*a", "!a", "|", ">", "%a", "@a", "`a", "'a'",
  ])
  func quotes(_ text: String) {
    #expect(YAML.serialized(.string(text)) == "\"\(text)\"\n")
    #expect(YAML.serialized(.object([JSON.Member(key: text, value: .string(text))])) == "\"\(text)\": \"\(text)\"\n")
  }

  @Test(arguments: [
    ("a\nb", #""a\nb""#),
    ("a\r\n", #""a\r\n""#),
    ("\ta", #""\ta""#),
    ("\0\u{1B}\u{7F}", #""\u0000\u001b\u007f""#),
    ("\u{85}\u{2028}\u{FEFF}", #""\u0085\u2028\ufeff""#),
    ("\"a\\\n", #""\"a\\\n""#),
    ("é\n", #""é\n""#),
  ])
  func escapes(text: String, quoted: String) {
    #expect(YAML.serialized(.string(text)) == quoted + "\n")
  }
}
