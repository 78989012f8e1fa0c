// The toolchain file in all its forms, and what wins over it.
import Testing

@testable import RustBuildpack

@Suite struct ToolchainRequestTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ variables: [String: String] = [:]) throws(BuildpackError) -> ToolchainRequest {
    try ToolchainRequest.read(folder.path, top: folder.path, Environment(variables.mapValues { Array($0.utf8) }))
  }

  @Test(arguments: [
    ("one line", "1.95.0"), ("with newline", "1.95.0\n"), ("CRLF", "1.95.0\r\n"), ("blanks", "  1.95.0\t\n"),
    ("a section", "[toolchain]\nchannel = \"1.95.0\"\n"), ("CRLF section", "[toolchain]\r\nchannel = \"1.95.0\"\r\n"),
    ("comments", "# why\n[toolchain] # here\nchannel = '1.95.0' # so\n"),
    ("a dotted key", "\ntoolchain.channel = \"1.95.0\"\n# end"),
  ])
  func readsTheFileWithoutEnding(name: String, text: String) throws {
    try folder.write(text, to: "rust-toolchain")
    #expect(try read() == ToolchainRequest(channel: "1.95.0", origin: "rust-toolchain"), "\(name)")
  }

  @Test func readsAllOfTheSection() throws {
    try folder.write(
      """
      \u{FEFF}[toolchain]
      channel = "nightly-2026-05-01"
      profile = "default"
      targets = ["wasm32-unknown-unknown"]
      components = ["rustfmt", "clippy-preview", "rust-src", "cargo", "llvm-tools-preview", "miri"]
      """,
      to: "rust-toolchain.toml"
    )
    var expected = ToolchainRequest(channel: "nightly-2026-05-01", origin: "rust-toolchain.toml")
    expected.targets = ["wasm32-unknown-unknown"]
    expected.components = ["rust-src", "llvm-tools-preview"]
    expected.leftOut = ["rustfmt", "clippy-preview", "miri"]
    #expect(try read() == expected)
  }

  @Test func takesStableByDefault() throws {
    #expect(try read() == ToolchainRequest(channel: "stable", origin: "the default"))
    try folder.makeFolder("rust-toolchain")
    #expect(try read().origin == "the default")
    try folder.write("[toolchain]\ncomponents = []\n", to: "rust-toolchain.toml")
    #expect(
      try read()
        == ToolchainRequest(channel: "stable", origin: "the default, since rust-toolchain.toml names no channel")
    )
  }

  @Test func prefersTheFileWithoutEnding() throws {
    try folder.write("beta", to: "rust-toolchain")
    try folder.write("[toolchain]\nchannel = \"1.95.0\"", to: "rust-toolchain.toml")
    let request = try read()
    #expect(request.channel == "beta")
    #expect(
      request.remarks == [
        "The app has both rust-toolchain and rust-toolchain.toml; rust-toolchain counts, as it does for rustup."
      ]
    )
  }

  @Test(arguments: [
    ("a variable", ["RUSTUP_TOOLCHAIN": "1.90"], "1.90", "RUSTUP_TOOLCHAIN", ["t"]),
    ("a plus", ["RUSTUP_TOOLCHAIN": "+beta"], "beta", "RUSTUP_TOOLCHAIN", ["t"]),
    ("an empty variable", ["RUSTUP_TOOLCHAIN": ""], "1.95.0", "rust-toolchain.toml", ["t"]),
    (
      "a target", ["CARGO_BUILD_TARGET": "x86_64-unknown-linux-musl"], "1.95.0", "rust-toolchain.toml",
      ["t", "x86_64-unknown-linux-musl"]
    ),
    ("the same target", ["CARGO_BUILD_TARGET": "t"], "1.95.0", "rust-toolchain.toml", ["t"]),
    ("cargo's word for this machine", ["CARGO_BUILD_TARGET": "host-tuple"], "1.95.0", "rust-toolchain.toml", ["t"]),
    ("a target's own file", ["CARGO_BUILD_TARGET": "kernel.json"], "1.95.0", "rust-toolchain.toml", ["t"]),
    ("a path", ["CARGO_BUILD_TARGET": "targets/kernel.json"], "1.95.0", "rust-toolchain.toml", ["t"]),
    ("a flag", ["RUST_INSTALL_FLAGS": "-v --target wasm"], "1.95.0", "rust-toolchain.toml", ["t", "wasm"]),
    ("a flag in one word", ["RUST_INSTALL_FLAGS": "--target=wasm"], "1.95.0", "rust-toolchain.toml", ["t", "wasm"]),
    (
      "a flag beats the variable, as it does for cargo",
      ["RUST_INSTALL_FLAGS": "--target=wasm", "CARGO_BUILD_TARGET": "musl"], "1.95.0", "rust-toolchain.toml",
      ["t", "wasm"]
    ),
    ("a flag's own file", ["RUST_INSTALL_FLAGS": "--target kernel.json"], "1.95.0", "rust-toolchain.toml", ["t"]),
    ("flags that can't be used", ["RUST_INSTALL_FLAGS": "--target"], "1.95.0", "rust-toolchain.toml", ["t"]),
  ])
  func followsVariables(
    name: String,
    variables: [String: String],
    channel: String,
    origin: String,
    targets: [String]
  ) throws {
    try folder.write("[toolchain]\nchannel = \"1.95.0\"\ntargets = [\"t\"]", to: "rust-toolchain.toml")
    var expected = ToolchainRequest(channel: channel, origin: origin)
    expected.targets = targets
    #expect(try read(variables) == expected, "\(name)")
  }

  @Test(arguments: [
    ("the package", "[package.metadata.scalingo]\nflags = [\"--target\", \"wasm\"]\n", ["wasm"]),
    ("the workspace", "[workspace.metadata.scalingo]\nflags = \"--target=wasm\"\n", ["wasm"]),
    (
      "the package before the workspace",
      "[package.metadata.scalingo]\nflags = \"-v\"\n[workspace.metadata.scalingo]\nflags = \"--target=wasm\"\n", []
    ),
    ("neither", "[package]\nname = \"a\"\n", []), ("no manifest that can be read", "[", []),
  ])
  func followsFlagsOfTheManifest(name: String, manifest: String, targets: [String]) throws {
    try folder.write(manifest, to: "Cargo.toml")
    #expect(try read().targets == targets, "\(name)")
  }

  struct Configured: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let files: [String: String]
    var variables: [String: String] = [:]
    let targets: [String]
  }

  @Test(arguments: [
    Configured(
      testDescription: "the app's file",
      files: ["app/.cargo/config.toml": "build.target = \"musl\""],
      targets: ["musl"]
    ),
    Configured(
      testDescription: "a folder above",
      files: [".cargo/config.toml": "build.target = \"musl\""],
      targets: ["musl"]
    ),
    Configured(
      testDescription: "the nearer folder",
      files: ["app/.cargo/config": "build.target = \"wasm\"", ".cargo/config.toml": "build.target = \"musl\""],
      targets: ["wasm"]
    ),
    Configured(
      testDescription: "a list, and what rustup does not have",
      files: ["app/.cargo/config.toml": "[build]\ntarget = [\"musl\", \"kernel.json\", \"host-tuple\", \"wasm\"]"],
      targets: ["musl", "wasm"]
    ),
    Configured(
      testDescription: "an included file",
      files: [
        "app/.cargo/config.toml": "include = [\"target.toml\"]",
        "app/.cargo/target.toml": "[build]\ntarget = \"x86_64-unknown-linux-musl\"",
      ],
      targets: ["x86_64-unknown-linux-musl"]
    ),
    Configured(
      testDescription: "the variable",
      files: ["app/.cargo/config.toml": "build.target = \"musl\""],
      variables: ["CARGO_BUILD_TARGET": "wasm"],
      targets: ["wasm"]
    ),
    Configured(
      testDescription: "a flag",
      files: ["app/.cargo/config.toml": "build.target = \"musl\""],
      variables: ["RUST_INSTALL_FLAGS": "--target wasm"],
      targets: ["wasm"]
    ),
    Configured(testDescription: "unreadable", files: ["app/.cargo/config.toml": "build.target = "], targets: []),
  ])
  func followsCargosConfiguration(_ example: Configured) throws {
    try folder.makeFolder("app")
    for (name, text) in example.files { try folder.write(text, to: name) }
    let request = try ToolchainRequest.read(
      folder["app"],
      top: folder.path,
      Environment(example.variables.mapValues { Array($0.utf8) })
    )
    #expect(request.targets == example.targets)
  }

  @Test(arguments: [
    ("rust-toolchain", "", "has no [toolchain] section with a channel"),
    ("rust-toolchain", "\n\n", "has no [toolchain] section with a channel"),
    ("rust-toolchain", "stable # comment", "Found \"stable # comment\", from rust-toolchain."),
    ("rust-toolchain", "\u{FEFF}stable", "Found \"\u{FEFF}stable\", from rust-toolchain."),
    ("rust-toolchain", "[toolchain]", "Found \"[toolchain]\", from rust-toolchain."),
    ("rust-toolchain", "--help", "Found \"--help\", from rust-toolchain."),
    ("rust-toolchain", "..", "Found \"..\", from rust-toolchain."),
    ("rust-toolchain", "/opt/rust", "rust-toolchain asks for the toolchain at \"/opt/rust\""),
    ("rust-toolchain", "stable\nbeta", "The file rust-toolchain can't be understood."),
    ("rust-toolchain.toml", "stable", "The file rust-toolchain.toml can't be understood."),
    ("rust-toolchain.toml", "[toolchain]", "has no [toolchain] section with a channel"),
    ("rust-toolchain.toml", "toolchain = \"stable\"", "has no [toolchain] section with a channel"),
    ("rust-toolchain.toml", "[toolchain]\nchannel = 1.95", "The value of \"channel\" is not a text in quotes."),
    ("rust-toolchain.toml", "[toolchain]\nchannel = \"\"", "Found \"\", from rust-toolchain.toml."),
    ("rust-toolchain.toml", "[toolchain]\npath = \"../rust\"", "asks for the toolchain at \"../rust\""),
    ("rust-toolchain.toml", "[toolchain]\ntargets = \"t\"", "The value of \"targets\" is not a list of names"),
    ("rust-toolchain.toml", "[toolchain]\ntargets = [\"-x\"]", "The value of \"targets\" is not a list of names"),
    ("rust-toolchain.toml", "[toolchain]\ncomponents = [1]", "The value of \"components\" is not a list of names"),
  ])
  func refuses(file: String, text: String, expected: String) throws {
    try folder.write(text, to: file)
    let words = errorText { () throws(BuildpackError) in _ = try read() }
    #expect(words.contains(expected), "\(words)")
  }

  @Test func refusesBytesThatAreNotText() throws {
    try folder["rust-toolchain"].write([0xFF])
    #expect(errorText { () throws(BuildpackError) in _ = try read() }.contains("It is not UTF-8 text."))
    try folder["rust-toolchain"].write([UInt8](repeating: 0x61, count: (1 << 20) + 1))
    #expect(errorText { () throws(BuildpackError) in _ = try read() }.contains("File too large"))
  }

  @Test(arguments: [
    ("stable", true), ("beta", true), ("nightly", true), ("1.95", true), ("1", true), ("1.95.0", false),
    ("nightly-2026-05-01", false), ("beta-2026-05-01", false), ("stable-x86_64-unknown-linux-gnu", true),
    ("1.95.0-x86_64-unknown-linux-gnu", false), ("1.95-x86_64-unknown-linux-gnu", true),
    ("nightly-2026-05-01-x86_64-unknown-linux-gnu", false), ("nightly-i686-unknown-linux-gnu", true),
    ("1.96.0-beta.3", false), ("my-own", true), ("", true), ("-", true),
  ])
  func knowsWhatMovesOn(channel: String, expected: Bool) {
    #expect(ToolchainRequest(channel: channel, origin: "").isFloating == expected)
  }
}
