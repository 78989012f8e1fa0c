// cargo's configuration: which file wins, what includes bring, and what can't be read.
import Testing

@testable import RustBuildpack

@Suite struct CargoConfigurationTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The configuration of the package in `app`, below the build directory.
  private func configuration(
    _ files: [String: String],
    _ variables: [String: String] = [:]
  ) throws -> CargoConfiguration {
    try folder.makeFolder("app")
    for (name, text) in files { try folder.write(text, to: name) }
    let environment = Environment(variables.mapValues { Array($0.utf8) })
    return CargoConfiguration(from: folder["app"], top: folder.path, environment: environment)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let files: [String: String]
    var variables: [String: String] = [:]
    /// `build.target` and where it comes from.
    let expected: [String]
    var origin: String?
    var base = "app"
    var unreadable: [String] = []

    init(
      _ name: String,
      _ files: [String: String],
      _ expected: [String],
      _ origin: String? = nil,
      variables: [String: String] = [:],
      base: String = "app",
      unreadable: [String] = []
    ) {
      (testDescription, self.files, self.variables, self.expected) = (name, files, variables, expected)
      (self.origin, self.base, self.unreadable) = (origin, base, unreadable)
    }
  }

  static let one = "build.target = \"one\"\n"
  static let two = "[build]\ntarget = \"two\"\n"
  static let variable = "CARGO_BUILD_TARGET"
  static let file = "app/.cargo/config.toml"

  static let folders = [
    Case("no file", [:], []),
    Case("another key", [file: "[build]\njobs = 1\n"], []),
    Case("the file", [file: one], ["one"], file),
    Case("the older name", ["app/.cargo/config": one], ["one"], "app/.cargo/config"),
    Case("the older name hides the other", ["app/.cargo/config": one, file: two], ["one"], "app/.cargo/config"),
    Case("hidden, though the other lacks it", ["app/.cargo/config": "", file: two], []),
    Case("the folder above", [".cargo/config.toml": one], ["one"], ".cargo/config.toml", base: ""),
    Case("the nearer folder", [file: one, ".cargo/config.toml": two], ["one"], file),
    Case(
      "another key of the nearer folder",
      [file: "build.jobs = 1", ".cargo/config.toml": two],
      ["two"],
      ".cargo/config.toml",
      base: ""
    ),
    Case("a list", [file: "build.target = [\"one\", \"two\"]"], ["one", "two"], file),
    Case(
      "lists of two folders, the nearer one last",
      [file: "build.target = [\"one\"]", ".cargo/config.toml": "build.target = [\"two\"]"],
      ["two", "one"],
      file
    ),
    Case("a variable", [file: one], ["two"], variable, variables: [variable: "two"]),
    Case("an empty variable", [file: one], [], variable, variables: [variable: ""]),
    Case(
      "a variable and a list",
      [file: "build.target = [\"one\"]"],
      ["one", "two", "three"],
      variable,
      variables: [variable: "two three"]
    ),
    Case("a list in a variable", [:], ["one", "two"], variable, variables: [variable: " one  two "]),
    Case("another kind of value", [file: "build.target = 1"], [], file),
    Case("a table that is none", [file: "build = 1"], []),
    Case("a file that is none", [file + "/x": ""], [], unreadable: [file]),
    Case(
      "not TOML",
      [file: "[build", ".cargo/config.toml": two],
      ["two"],
      ".cargo/config.toml",
      base: "",
      unreadable: [file]
    ),
  ]

  static let includes = [
    Case("a text", [file: "include = \"x.toml\"", "app/.cargo/x.toml": one], ["one"], "app/.cargo/x.toml"),
    Case("a list", [file: "include = [\"x.toml\"]", "app/.cargo/x.toml": one], ["one"], "app/.cargo/x.toml"),
    Case(
      "a table",
      [file: "include = [{ path = \"x.toml\" }]", "app/.cargo/x.toml": one],
      ["one"],
      "app/.cargo/x.toml"
    ),
    Case("the including file wins", [file: "include = [\"x.toml\"]\n" + two, "app/.cargo/x.toml": one], ["two"], file),
    Case(
      "the later one wins",
      [file: "include = [\"x.toml\", \"y.toml\"]", "app/.cargo/x.toml": one, "app/.cargo/y.toml": two],
      ["two"],
      "app/.cargo/y.toml"
    ),
    Case(
      "what the later one includes wins, too",
      [
        file: "include = [\"x.toml\", \"y.toml\"]", "app/.cargo/x.toml": one,
        "app/.cargo/y.toml": "include = [\"z.toml\"]", "app/.cargo/z.toml": two,
      ],
      ["two"],
      "app/.cargo/z.toml"
    ),
    Case(
      "before the folder above",
      [file: "include = [\"x.toml\"]", "app/.cargo/x.toml": one, ".cargo/config.toml": two],
      ["one"],
      "app/.cargo/x.toml"
    ),
    Case(
      "another folder, from which its paths count",
      [file: "include = [\"../../shared/cargo/x.toml\"]", "shared/cargo/x.toml": one],
      ["one"],
      "shared/cargo/x.toml",
      base: "shared"
    ),
    Case(
      "a folder below, whose includes count from there",
      [
        file: "include = [\"more/x.toml\"]", "app/.cargo/more/x.toml": "include = [\"y.toml\"]",
        "app/.cargo/more/y.toml": one,
      ],
      ["one"],
      "app/.cargo/more/y.toml",
      base: "app/.cargo"
    ),
    Case("missing", [file: "include = [\"x.toml\"]\n" + one], ["one"], file, unreadable: ["app/.cargo/x.toml"]),
    Case("missing, and optional", [file: "include = [{ path = \"x.toml\", optional = true }]\n" + one], ["one"], file),
    Case(
      "missing, and not optional",
      [file: "include = [{ path = \"x.toml\", optional = false }]"],
      [],
      unreadable: ["app/.cargo/x.toml"]
    ),
    Case(
      "not TOML",
      [file: "include = [\"x.toml\"]\n" + one, "app/.cargo/x.toml": "["],
      ["one"],
      file,
      unreadable: ["app/.cargo/x.toml"]
    ),
    Case("itself", [file: "include = [\"config.toml\"]\n" + one], ["one"], file, unreadable: [file]),
    Case(
      "a circle",
      [file: "include = [\"x.toml\"]", "app/.cargo/x.toml": "include = [\"../.cargo/config.toml\"]\n" + one],
      ["one"],
      "app/.cargo/x.toml",
      unreadable: [file]
    ),
    Case(
      "twice from different folders",
      [
        file: "include = [\"../../x/y.toml\"]", ".cargo/config.toml": "include = [\"../x/y.toml\"]", "x/y.toml": one,
      ],
      ["one"],
      "x/y.toml",
      base: ""
    ),
    Case("a number", [file: "include = 1\n" + one], ["one"], file, unreadable: [file]),
    Case("a table without a path", [file: "include = [{}]\n" + one], ["one"], file, unreadable: [file]),
    Case(
      "optional as a text",
      [file: "include = [{ path = \"x.toml\", optional = \"true\" }]\n" + one],
      ["one"],
      file,
      unreadable: [file]
    ),
    Case(
      "another ending",
      [file: "include = [\"x\"]\n" + one, "app/.cargo/x": two],
      ["one"],
      file,
      unreadable: [file]
    ),
  ]

  @Test(arguments: folders + includes)
  func findsWhatCargoFinds(_ example: Case) throws {
    let configuration = try configuration(example.files, example.variables)
    #expect(configuration.strings("build", "target") == example.expected)
    let setting = configuration.setting("build", "target")
    #expect(setting?.origin == example.origin)
    #expect(setting == nil || setting?.base == (example.base.isEmpty ? folder.path : folder[example.base]))
    #expect(configuration.unreadable == example.unreadable)
  }

  @Test func manyIncludesAreLimited() throws {
    var files = [Self.file: "include = [\"0.toml\"]"]
    for number in 0..<200 { files["app/.cargo/\(number).toml"] = "include = [\"\(number + 1).toml\"]" }
    #expect(try configuration(files).unreadable == ["app/.cargo/99.toml"])
  }

  @Test func anIncludeMayBeAbsolute() throws {
    let other = try TemporaryFolder()
    try other.write(Self.one, to: "x/y.toml")
    let found = try configuration([Self.file: "include = [\"\(other["x/y.toml"])\"]"])
    #expect(found.setting("build", "target")?.origin == "\(other["x/y.toml"])")
    #expect(found.setting("build", "target")?.base == other.path)
  }

  @Test func aPackageOutsideIsReadAlone() throws {
    try folder.write(Self.one, to: ".cargo/config.toml")
    try folder.write("", to: "app/.cargo/config.toml")
    let found = CargoConfiguration(from: folder["app"], top: "/elsewhere", environment: Environment())
    #expect(found.string("build", "target") == nil)
  }
}
