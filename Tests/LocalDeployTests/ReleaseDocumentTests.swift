import Testing

@testable import local_deploy

@Suite struct ReleaseDocumentTests {
  @Test func theReferencesDocument() throws {
    let document = try ReleaseDocument(
      parsing: """
        ---
        addons:
          - scalingo-postgresql
        config_vars:
          PATH: /app/bin:/usr/bin:/bin
        default_process_types:
          web: /app/bin/hello-web --port $PORT  # a comment
        """
    )
    #expect(document.addons == ["scalingo-postgresql"])
    #expect(document.configVars == ["PATH": "/app/bin:/usr/bin:/bin"])
    #expect(document.processTypes == ["web": "/app/bin/hello-web --port $PORT"])
  }

  @Test(arguments: ["", "---\n", "# nothing\n", "{}", "--- \n...\n", "addons: []\nconfig_vars: {}\n", "addons:\n"])
  func anEmptyDocument(text: String) throws {
    #expect(try ReleaseDocument(parsing: text) == ReleaseDocument())
  }

  @Test(arguments: [
    ("plain", "plain"),
    ("'it''s: #1'", "it's: #1"),
    (#""a \"b\" \\ \t\x41\u00e9: #""#, "a \"b\" \\ \tAé: #"),
    ("a:b#c", "a:b#c"),
    ("'' ", ""),
    ("\"x\"   # comment", "x"),
  ])
  func scalars(text: String, value: String) throws {
    #expect(try ReleaseDocument(parsing: "config_vars:\n  A: \(text)").configVars == ["A": value])
  }

  @Test func listsAndKeysInTheirOtherForms() throws {
    let document = try ReleaseDocument(
      parsing: "addons:\r\n- 'a b'\r\n- c # d\r\n\"default_process_types\":\r\n    \"web\" : x\r\nother: y\r\n"
    )
    #expect(document.addons == ["a b", "c"])
    #expect(document.processTypes == ["web": "x"])
    #expect(try ReleaseDocument(parsing: "addons: [a, 'b, c', \"d\"]").addons == ["a", "b, c", "d"])
  }

  @Test(arguments: [
    ("Rust", 1), ("addons:\n  - a\n  b", 3), ("config_vars:\n  A: 'open", 2), ("config_vars:\n  A: |\n", 2),
    ("config_vars:\n  A: b: c", 2), ("- a", 1), ("addons: [a", 1), ("addons: a", 1), ("config_vars:\n  - A", 2),
    ("config_vars: [", 1),
  ])
  func whatIsNoSuchMap(text: String, line: Int) {
    #expect(throws: Failure.releaseDocument(line: line)) { try ReleaseDocument(parsing: text) }
  }
}
