/// The file `RustConfig` of the unmaintained emk/heroku-buildpack-rust: read, never executed, and translated to ours.
///
/// Source: that buildpack's README. The file is bash, sourced there; here it is lines of `NAME=VALUE` with the shell's
/// quoting, and nothing else counts.
package struct RustConfig: Sendable {
  /// `VERSION`: the channel, which counts more than a toolchain file, as it did there.
  package private(set) var channel: String?
  /// `RUST_SKIP_BUILD=1`.
  package private(set) var skipsBuild = false
  /// `BUILD_PATH`: the folder of the app's manifest, relative to the top.
  package private(set) var buildPath: String?
  /// The rest, in the form of a manifest's `[package.metadata.scalingo]` section.
  package private(set) var section: JSON = [:]
  /// For the log: a line of the file, and what replaces it.
  package private(set) var translations: [(line: String, replacement: String)] = []
  /// For the log: lines that could not be understood, by number.
  package private(set) var unreadable: [Int] = []

  /// Reads the file at the top of the app; nothing when there is none.
  package init?(_ buildDirectory: FilePath) {
    let file = buildDirectory.appending("RustConfig")
    guard file.isFile, let content = try? file.contents(limit: 1 << 20) else { return nil }
    self.init(content: content)
  }

  init(content: [UInt8]) {
    var values: [String: String] = [:]
    let lines = String(decoding: content, as: UTF8.self).split(
      omittingEmptySubsequences: false,
      whereSeparator: \.isNewline
    )
    for (index, line) in lines.enumerated() {
      switch Self.assignment(line) {
      case .value(let name, let value): values[name] = value
      case .nothing: break
      case .unreadable: unreadable.append(index + 1)
      }
    }
    translate(values)
  }

  private enum Line {
    case nothing, unreadable
    case value(String, String)
  }

  private static func assignment(_ line: Substring) -> Line {
    guard let words = try? ShellWords.split(String(line)), let first = words.first, !first.hasPrefix("#") else {
      return line.contains { !$0.isWhitespace } && !line.drop(while: \.isWhitespace).hasPrefix("#")
        ? .unreadable : .nothing
    }
    let word = first == "export" && words.count > 1 ? words[1] : first
    guard let sign = word.firstIndex(of: "="), AppVariables.isVariableName(String(word[..<sign])) else {
      return .unreadable
    }
    // Only a shell could tell what these stand for.
    guard !line.contains("$"), !line.contains("`") else { return .unreadable }
    // The name stands bare in the file, so quotes can only be around the value; what follows it is a comment.
    return .value(String(word[..<sign]), String(word[word.index(after: sign)...]))
  }

  private mutating func translate(_ values: [String: String]) {
    if let version = values["VERSION"], !version.isEmpty {
      channel = version
      translations.append(
        ("VERSION=\(version)", "a file rust-toolchain.toml with [toolchain] channel = \"\(version)\"")
      )
    }
    if let skip = values["RUST_SKIP_BUILD"], skip == "1" {
      skipsBuild = true
      translations.append(("RUST_SKIP_BUILD=1", "the config var RUST_SKIP_BUILD=1"))
    }
    if let path = values["BUILD_PATH"], !path.isEmpty, path != "." {
      buildPath = path
      translations.append(("BUILD_PATH=\(path)", "the config var RUST_APP_DIR=\(path)"))
    }
    var members: [JSON.Member] = []
    if values["RUST_INSTALL_DIESEL"] == "1" {
      let tool = Self.dieselTool((try? ShellWords.split(values["DIESEL_FLAGS"] ?? "")) ?? [])
      members.append(JSON.Member(key: "tools", value: [tool]))
      translations.append(
        (
          values["DIESEL_FLAGS"].map { "RUST_INSTALL_DIESEL=1 and DIESEL_FLAGS=\(ShellWords.quote($0))" }
            ?? "RUST_INSTALL_DIESEL=1",
          "in Cargo.toml: [package.metadata.scalingo] tools = [\(Self.inline(tool))]"
        )
      )
    }
    if let text = values["RUST_CARGO_BUILD_FLAGS"], let words = try? ShellWords.split(text) {
      let settings = Self.settings(words)
      members += settings
      let lines = settings.map { "\($0.key) = \(Self.inline($0.value))" }
      translations.append(
        (
          "RUST_CARGO_BUILD_FLAGS=\(ShellWords.quote(text))",
          lines.isEmpty
            ? "nothing: it is the default"
            : "in Cargo.toml: [package.metadata.scalingo] \(lines.joined(separator: ", "))"
        )
      )
    }
    section = .object(members)
  }

  /// The options of "cargo install diesel_cli" as a tool's table.
  private static func dieselTool(_ flags: [String]) -> JSON {
    var members = [JSON.Member(key: "name", value: "diesel_cli")]
    let options = Options(flags)
    if options.has("--no-default-features") {
      members.append(JSON.Member(key: "default-features", value: .bool(false)))
    }
    if let version = options.values(["--version", "--vers"]).last {
      members.append(JSON.Member(key: "version", value: .string(version)))
    }
    let features = options.values(["--features", "-F"]).flatMap(Self.names)
    if !features.isEmpty { members.append(JSON.Member(key: "features", value: .array(features.map { .string($0) }))) }
    return .object(members)
  }

  /// The options of "cargo build" as our settings.
  private static func settings(_ flags: [String]) -> [JSON.Member] {
    let options = Options(flags)
    func list(_ key: String, _ names: [String], split: Bool) -> JSON.Member? {
      let values = options.values(names)
      let items = split ? values.flatMap(Self.names) : values
      return items.isEmpty ? nil : JSON.Member(key: key, value: .array(items.map { .string($0) }))
    }
    var members = [
      list("packages", ["-p", "--package"], split: false),
      list("binaries", ["--bin"], split: false),
      list("features", ["--features", "-F"], split: true),
    ].compactMap { $0 }
    if let profile = options.values(["--profile"]).last {
      members.append(JSON.Member(key: "profile", value: .string(profile)))
    }
    let ignored: Set<String> = ["--release", "-r", "--bins", "--workspace", "--all", "--locked"]
    let rest = options.others.filter { !ignored.contains($0) }
    if !rest.isEmpty { members.append(JSON.Member(key: "flags", value: .array(rest.map { .string($0) }))) }
    return members
  }

  private static func names(_ text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }

  /// A value as TOML has it in a line.
  private static func inline(_ value: JSON) -> String {
    switch value {
    case .object(let members):
      "{ \(members.map { "\($0.key) = \(inline($0.value))" }.joined(separator: ", ")) }"
    case .array(let items): "[\(items.map(inline).joined(separator: ", "))]"
    default: value.serialized()
    }
  }
}

/// A command line's words: options with values, and the rest.
private struct Options {
  private var found: [(name: String, value: String)] = []
  /// Words that are neither an option with a value known here nor its value.
  private(set) var others: [String] = []

  private static let withValue: Set<String> = [
    "-p", "--package", "--bin", "--features", "-F", "--profile", "--version", "--vers",
  ]

  init(_ words: [String]) {
    var rest = words[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      if let name = parts.first, parts.count == 2, Self.withValue.contains(name) {
        found.append((name, parts[1]))
      } else if Self.withValue.contains(word), let value = rest.popFirst() {
        found.append((word, value))
      } else {
        others.append(word)
      }
    }
  }

  func values(_ names: [String]) -> [String] { found.filter { names.contains($0.name) }.map(\.value) }

  func has(_ word: String) -> Bool { others.contains(word) }
}
