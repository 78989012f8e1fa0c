import Testing

@testable import RustBuildpack

@Suite struct PackageIdentifierTests {
  static let identifiers: [(id: String, expected: String?)] = [
    ("registry+https://github.com/rust-lang/crates.io-index#serde@1.0.200", "serde 1.0.200"),
    ("sparse+https://index.example.com/#a-b_c@0.1.0-rc.1+build.2", "a-b_c 0.1.0-rc.1+build.2"),
    ("path+file:///build/4f/app#0.1.0", "app 0.1.0"),
    ("path+file:///build/4f/folder#other-name@0.1.0", "other-name 0.1.0"),
    ("path+file:///build/a%23b#app@1.0.0", "app 1.0.0"),
    ("git+https://example.com/x/plain?branch=main#0.3.0", "plain 0.3.0"),
    ("git+https://example.com/x/plain.git?rev=abc#plain@0.3.0", "plain 0.3.0"),
    ("git+ssh://git@example.com/x/plain#0.3.0", "plain 0.3.0"),
    ("registry+https://github.com/rust-lang/crates.io-index#winapi:0.3.9", "winapi 0.3.9"),
    ("serde 1.0.200 (registry+https://github.com/rust-lang/crates.io-index)", "serde 1.0.200"),
    ("plain 0.3.0 (git+https://example.com/plain#0123abcd)", "plain 0.3.0"),
    ("app 0.1.0 (path+file:///build/4f)", "app 0.1.0"), ("nothing", nil), ("#1.0.0", nil), ("", nil),
  ]

  @Test(arguments: identifiers)
  func cargosIdentifiersAreRead(id: String, expected: String?) {
    #expect(PackageIdentifier(id).map { "\($0.name) \($0.version)" } == expected)
  }

  @Test func aPathsFolderIsKnown() {
    for id in [
      "path+file:///build/4f/app#0.1.0", "path+file:///build/4f/app#app@0.1.0", "app 0.1.0 (path+file:///build/4f/app)",
    ] {
      #expect(PackageIdentifier(id)?.folder == "/build/4f/app", "\(id)")
    }
    #expect(PackageIdentifier("git+file:///build/4f#app@0.1.0")?.folder == nil)
    #expect(PackageIdentifier("registry+https://example.com/index#app@0.1.0")?.folder == nil)
  }
}
