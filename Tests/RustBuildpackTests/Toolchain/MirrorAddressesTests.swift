import Testing

@testable import RustBuildpack

@Suite struct MirrorAddressesTests {
  @Test(arguments: [
    (
      "https://user:secret@m", "failed: https://user:secret@m/archive/x and https://m",
      "failed: $RUSTUP_UPDATE_ROOT/archive/x and $RUSTUP_UPDATE_ROOT"
    ),
    ("https://m/", "https://m/x", "$RUSTUP_UPDATE_ROOT/x"),
    ("https://m", "nothing of it", "nothing of it"),
    ("https://m", "", ""),
    // Our own word for it must not be looked at again.
    ("ROOT", "curl: ROOT, ROOT", "curl: $RUSTUP_UPDATE_ROOT, $RUSTUP_UPDATE_ROOT"),
  ])
  func hideAMirror(root: String, text: String, expected: String) {
    #expect(MirrorAddresses(Environment(["RUSTUP_UPDATE_ROOT": Array(root.utf8)])).redacted(text) == expected)
  }

  @Test func hideNothingOfTheOfficialServer() {
    let text = "https://static.rust-lang.org/rustup/x"
    #expect(MirrorAddresses(Environment()).redacted(text) == text)
  }
}
