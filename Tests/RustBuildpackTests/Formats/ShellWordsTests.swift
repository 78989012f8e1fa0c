// Shell words: quoting, splitting, and that the two undo each other.
import RustBuildpack
import Testing

@Suite struct FormatsShellWordsTests {
  @Test(arguments: [
    ("", "''"),
    ("cargo", "cargo"),
    ("--target=x86_64-unknown-linux-gnu", "--target=x86_64-unknown-linux-gnu"),
    ("/a/b.c:d,e+f@g%h", "/a/b.c:d,e+f@g%h"),
    ("a b", "'a b'"),
    ("it's", #"'it'\''s'"#),
    ("'", #"''\'''"#),
    ("$HOME", "'$HOME'"),
    ("~", "'~'"),
    ("a\nb", "'a\nb'"),
    ("a;b", "'a;b'"),
    (#"\"#, #"'\'"#),
    ("é", "'é'"),
  ])
  func quotes(word: String, quoted: String) throws {
    #expect(ShellWords.quote(word) == quoted)
    #expect(ShellWords.quote(Array(word.utf8)) == Array(quoted.utf8))
    #expect(try ShellWords.split(quoted) == [word])
    #expect(try ShellWords.split(" x \(quoted)\t") == ["x", word])
  }

  @Test func quotesBytesThatAreNotText() {
    #expect(ShellWords.quote([0xFF]) == [UInt8(ascii: "'"), 0xFF, UInt8(ascii: "'")])
  }

  @Test(arguments: [
    ("", []),
    (" \t\n ", []),
    ("a b\tc\nd", ["a", "b", "c", "d"]),
    ("  a  ", ["a"]),
    (#"a\ b"#, ["a b"]),
    (#"\a\\\'"#, [#"a\'"#]),
    ("a\\\nb", ["ab"]),
    ("a \\\n b", ["a", "b"]),
    ("'a b'c\"d e\"", ["a bcd e"]),
    ("'' \"\"", ["", ""]),
    (#"'a\b'"#, [#"a\b"#]),
    (#""a\b\$\`\"\\""#, [#"a\b$`"\"#]),
    ("\"a\\\nb\"", ["ab"]),
    (#""it's""#, ["it's"]),
    ("$A `b` #c ~ *; |", ["$A", "`b`", "#c", "~", "*;", "|"]),
    ("--features 'a b' --release", ["--features", "a b", "--release"]),
    ("é日", ["é日"]),
  ])
  func splits(text: String, words: [String]) throws {
    #expect(try ShellWords.split(text) == words)
  }

  @Test(arguments: [
    ("'a", ShellWordsError.unclosedSingleQuote),
    ("a 'b' '", .unclosedSingleQuote),
    ("\"a", .unclosedDoubleQuote),
    (#""a\""#, .unclosedDoubleQuote),
    (#""a\"#, .unclosedDoubleQuote),
    (#"a\"#, .nothingAfterBackslash),
  ])
  func refuses(text: String, error: ShellWordsError) {
    #expect(throws: error) { try ShellWords.split(text) }
  }
}
