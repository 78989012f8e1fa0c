import Testing

@testable import RustBuildpack

@Suite struct InstallFlagsTests {
  @Test(arguments: [
    ["--path", "x"], ["--path=x"], ["--root=x"], ["--target-dir", "x"], ["--git=x"], ["--index=x"],
    ["--registry", "x"],
    ["--bin=a"], ["--profile=dev"], ["--debug"], ["-p", "a"], ["--message-format=json"], ["--list"], ["--dry-run"],
    ["+nightly"], ["ripgrep"], ["-v", "ripgrep"], ["--", "ripgrep"], ["-j", "4", "ripgrep"], ["-"], ["--jobs"],
    ["--config=build.target-dir=\"x\""], ["--config", "install.root = 'x'"], ["--examples"], ["--vers", "1"],
  ])
  func whatWouldRedirectIsRefused(words: [String]) {
    #expect(throws: InstallFlags.Refusal.self) { try InstallFlags(words) }
  }

  @Test func theRestGoesToCargoAndItsFeaturesAreKnown() throws {
    let words = [
      "-j4", "-Fa,b", "--features", "c d", "--no-default-features", "--ignore-rust-version", "-Z", "x", "-vv",
    ]
    let flags = try InstallFlags(words + ["--locked", "--no-track"])
    #expect(flags.words == words)
    #expect(flags.features == ["a", "b", "c", "d"])
    #expect(flags.targets == [])
    #expect(try InstallFlags(["--target=a", "--target", "b", "--config", "--target=c"]).targets == ["a", "b"])
    #expect(!flags.usesDefaultFeatures && flags.ignoresRustVersion && !flags.usesAllFeatures)
  }
}
