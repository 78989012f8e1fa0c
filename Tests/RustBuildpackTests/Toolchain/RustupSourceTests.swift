// Where rustup comes from, and that a mirror's address stays out of the log.
import Testing

@testable import RustBuildpack

@Suite struct RustupSourceTests {
  private func source(_ variables: [String: String] = [:]) -> RustupSource {
    RustupSource(Environment(variables.mapValues { Array($0.utf8) }))
  }

  @Test(arguments: [
    ([:], "https://static.rust-lang.org/rustup", "static.rust-lang.org"),
    (
      ["RUSTUP_UPDATE_ROOT": "", "RUSTUP_DIST_SERVER": ""], "https://static.rust-lang.org/rustup",
      "static.rust-lang.org"
    ),
    (["RUSTUP_DIST_SERVER": "http://m"], "http://m/rustup", "the mirror in RUSTUP_DIST_SERVER"),
    (["RUSTUP_UPDATE_ROOT": "file:///m/r"], "file:///m/r", "the mirror in RUSTUP_UPDATE_ROOT"),
    (
      ["RUSTUP_UPDATE_ROOT": "http://u", "RUSTUP_DIST_SERVER": "http://d"], "http://u",
      "the mirror in RUSTUP_UPDATE_ROOT"
    ),
  ])
  func followsTheVariables(variables: [String: String], root: String, shown: String) {
    let source = source(variables)
    #expect(source.root == root)
    #expect(source.shown == shown)
    let isMirror = shown.hasPrefix("the mirror")
    #expect(
      source.protocolArguments == (isMirror ? ["--proto", "=https,http,file"] : ["--proto", "=https", "--tlsv1.2"])
    )
  }
}
