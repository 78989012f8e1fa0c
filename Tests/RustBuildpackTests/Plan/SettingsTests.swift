// Config vars and manifest sections: which wins, what is refused, what is suggested.
import Testing

@testable import RustBuildpack

@Suite struct SettingsTests {
  private let package = "[package.metadata.scalingo]"
  private let workspace = "[workspace.metadata.scalingo]"

  private func settings(
    _ variables: [String: String] = [:],
    package: JSON? = nil,
    workspace: JSON? = nil
  ) throws(BuildpackError) -> Settings {
    try Settings(
      Environment(variables.mapValues { Array($0.utf8) }),
      [(package, self.package), (workspace, self.workspace)]
    )
  }

  @Test func areNoneByDefault() throws {
    let found = try settings()
    #expect(found.summary == [])
    #expect(found.unknownKeys.isEmpty)
    #expect(found.packages == nil && found.flags == nil && found.addons == nil)
  }

  @Test func readEveryConfigVar() throws {
    let found = try settings([
      "RUST_INSTALL_PACKAGES": "web, worker\tapi\n", "RUST_INSTALL_BINARIES": "a,b", "RUST_INSTALL_FEATURES": "tls",
      "RUST_INSTALL_PROFILE": "dist", "RUST_INSTALL_FLAGS": "--features 'a b' --jobs=2",
    ])
    #expect(
      found.summary == [
        "Setting packages: web, worker, api (from RUST_INSTALL_PACKAGES)",
        "Setting binaries: a, b (from RUST_INSTALL_BINARIES)",
        "Setting features: tls (from RUST_INSTALL_FEATURES)",
        "Setting profile: dist (from RUST_INSTALL_PROFILE)",
        "Setting flags: --features, a b, --jobs=2 (from RUST_INSTALL_FLAGS)",
      ]
    )
  }

  @Test func prefersConfigVarsThenThePackage() throws {
    let sections: (JSON, JSON) = (
      ["packages": ["p"], "profile": "of-package", "flags": ["--jobs", "2"], "addons": []],
      ["packages": ["w"], "binaries": ["w"], "profile": "of-workspace", "flags": "--verbose"]
    )
    let found = try settings(
      ["RUST_INSTALL_PROFILE": "of-variable", "RUST_INSTALL_PACKAGES": ""],
      package: sections.0,
      workspace: sections.1
    )
    #expect(
      found.summary == [
        "Setting packages: p (from \(package))",
        "Setting binaries: w (from \(workspace))",
        "Setting profile: of-variable (from RUST_INSTALL_PROFILE)",
        "Setting flags: --jobs, 2 (from \(package))",
        "Setting addons: none (from \(package))",
      ]
    )
  }

  @Test(
    arguments: [
      ("packages", "web", "\"packages\" must be a list of texts: [\"one\", \"two\"]"),
      ("binaries", [1], "\"binaries\" must be a list of texts: [\"one\", \"two\"]"),
      ("features", [""], "\"features\" must be a list of texts: [\"one\", \"two\"]"),
      ("addons", ["a": "b"], "\"addons\" must be a list of texts: [\"one\", \"two\"]"),
      ("profile", ["dist"], "\"profile\" must be a text in quotes"),
      ("profile", "", "\"profile\" must be a text in quotes"),
      ("flags", true, "\"flags\" must be a list of texts: [\"one\", \"two\"]"),
      ("flags", "'", "\"flags\" can't be split into words: a single quote is not closed"),
    ] as [(String, JSON, String)]
  )
  func refuseTheWrongType(key: String, value: JSON, expected: String) {
    let words = errorText { () throws(BuildpackError) in
      _ = try settings(package: .object([JSON.Member(key: key, value: value)]))
    }
    #expect(
      words == """
        Error: The setting \(key) can't be used.

        \(expected) (from [package.metadata.scalingo]).

        Correct it in [package.metadata.scalingo].
        """
    )
  }

  @Test(arguments: [
    ("--path .", "--path"), ("--target-dir=/tmp", "--target-dir"), ("--root /app", "--root"), ("--git x", "--git"),
    ("--jobs 2 --profile=dev", "--profile"), ("--message-format short", "--message-format"), ("--debug", "--debug"),
    ("--bin web", "--bin"), ("ripgrep", "ripgrep"), ("--manifest-path x", "--manifest-path"), ("--list", "--list"),
  ])
  func refuseFlagsThatRedirect(flags: String, name: String) {
    let words = errorText { () throws(BuildpackError) in _ = try settings(["RUST_INSTALL_FLAGS": flags]) }
    #expect(words.hasPrefix("Error: The setting flags can't be used.\n\n\"\(name)\" "))
    #expect(words.hasSuffix("\n\nCorrect it in RUST_INSTALL_FLAGS."))
  }

  @Test(arguments: ["--jobs 2", "--all-features", "-v -v", "--config 'a=\"b\"'", "--features web", "-Zx"])
  func acceptOtherFlags(flags: String) throws {
    #expect(try settings(["RUST_INSTALL_FLAGS": flags]).flags?.value.words.isEmpty == false)
  }

  @Test func suggestTheNearestKey() throws {
    let found = try settings(
      package: ["package": ["a"], "zzz": 1, "RUST_CACHE": "off"],
      workspace: ["feature": []]
    )
    #expect(
      found.unknownKeys.map { "\($0.key) -> \($0.nearest ?? "nothing") in \($0.origin)" } == [
        "package -> packages in \(package)", "zzz -> nothing in \(package)", "RUST_CACHE -> nothing in \(package)",
        "feature -> features in \(workspace)",
      ]
    )
  }

  @Test func refuseASectionThatIsNoTable() {
    for section in ["text", [1]] as [JSON] {
      let words = errorText { () throws(BuildpackError) in _ = try settings(package: section) }
      #expect(words.contains("must be a table"), "\(words)")
    }
  }

  @Test(arguments: [
    ("off", true, false), ("OFF", true, false), ("0", true, false), ("false", true, false), ("no", true, false),
    ("", false, false), ("1", false, true), ("on", false, true), ("yes", false, true), ("true", false, true),
  ])
  func readSwitches(value: String, isOff: Bool, skips: Bool) {
    #expect(Settings.isCacheOff(Environment(["RUST_CACHE": Array(value.utf8)])) == isOff)
    #expect(Settings.skipsBuild(Environment(["RUST_SKIP_BUILD": Array(value.utf8)])) == skips)
  }

  @Test func unsetSwitchesAreOff() {
    #expect(!Settings.isCacheOff(Environment()))
    #expect(!Settings.skipsBuild(Environment()))
  }
}
