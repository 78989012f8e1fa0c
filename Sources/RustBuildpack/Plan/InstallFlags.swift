/// Further arguments for cargo: those that may stand there, and what they say of features.
package struct InstallFlags: Sendable {
  /// Why an argument can't be used, as a sentence without its full stop.
  struct Refusal: Error { let reason: String }

  /// The arguments as cargo gets them.
  package private(set) var words: [String] = []
  /// Values of `--features`.
  package private(set) var features: [String] = []
  package private(set) var usesDefaultFeatures = true
  package private(set) var usesAllFeatures = false
  /// Values of `--target`.
  package private(set) var targets: [String] = []
  /// Whether cargo is told to build in spite of a manifest's `rust-version`.
  package private(set) var ignoresRustVersion = false

  package static let none = InstallFlags()

  private init() {}

  private static let valued: Set<String> = [
    "-F", "--features", "--target", "-j", "--jobs", "--config", "-Z", "--color", "--lockfile-path",
  ]
  /// Options of "cargo install" alone, which builds one package; several are built by one "cargo build".
  private static let ofInstallAlone: Set<String> = ["-f", "--force"]
  private static let notInstalled = "would build what is not installed"
  private static let placed = "would redirect what the buildpack must know the place of"
  /// Source: "cargo install --help" and "cargo build --help" of 1.95.
  private static let refused: [String: String] = [
    "--path": placed, "--root": placed, "--target-dir": placed, "--git": placed, "--branch": placed, "--tag": placed,
    "--rev": placed, "--index": placed, "--registry": placed, "--manifest-path": placed, "-C": placed,
    "--version": placed, "--vers": placed, "--track": placed,
    "--message-format": "is set by the buildpack, which reads the messages",
    "--profile": "has a setting of its own: RUST_INSTALL_PROFILE",
    "--debug": "has a setting of its own: RUST_INSTALL_PROFILE=dev",
    "--release": "is what the buildpack does by itself", "-r": "is what the buildpack does by itself",
    "-p": "has a setting of its own: RUST_INSTALL_PACKAGES",
    "--package": "has a setting of its own: RUST_INSTALL_PACKAGES",
    "--bin": "has a setting of its own: RUST_INSTALL_BINARIES",
    "--bins": "is what the buildpack does by itself",
    "--example": "would install examples, which are left out",
    "--examples": "would install examples, which are left out",
    "--workspace": "has a setting of its own: RUST_INSTALL_PACKAGES",
    "--all": "has a setting of its own: RUST_INSTALL_PACKAGES",
    "--exclude": "has a setting of its own: RUST_INSTALL_PACKAGES",
    "--lib": notInstalled, "--tests": notInstalled, "--test": notInstalled, "--benches": notInstalled,
    "--bench": notInstalled, "--all-targets": notInstalled, "--artifact-dir": placed, "--out-dir": placed,
    "--list": "installs nothing", "--dry-run": "installs nothing", "-n": "installs nothing",
    "--help": "installs nothing",
    "-h": "installs nothing", "-V": "installs nothing",
  ]
  /// Given by the buildpack already; cargo refuses to be told twice.
  private static let given: Set<String> = ["--locked", "--no-track"]

  /// Reads the words of a command line.
  init(_ arguments: [String]) throws(Refusal) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("-"), word != "-", word != "--" else {
        throw Refusal(
          reason: word.hasPrefix("+")
            ? "\"\(word)\" would choose a toolchain, which has a setting of its own: RUSTUP_TOOLCHAIN"
            : "\"\(word)\" is no option, and cargo would take it for a crate to install"
        )
      }
      var (name, value) = Self.parts(word)
      if let reason = Self.refused[name] { throw Refusal(reason: "\"\(name)\" \(reason)") }
      if Self.given.contains(name) { continue }
      words.append(word)
      if Self.valued.contains(name), value == nil {
        guard let next = rest.popFirst() else { throw Refusal(reason: "\"\(name)\" wants a value") }
        words.append(next)
        value = next
      }
      try note(name, value ?? "")
    }
  }

  private mutating func note(_ name: String, _ value: String) throws(Refusal) {
    switch name {
    case "-F", "--features": features += value.split { $0 == "," || $0.isWhitespace }.map(String.init)
    case "--target": targets.append(value)
    case "--no-default-features": usesDefaultFeatures = false
    case "--all-features": usesAllFeatures = true
    case "--ignore-rust-version": ignoresRustVersion = true
    case "--config":
      let key = value.prefix { $0 != "=" }.filter { !$0.isWhitespace }
      if ["build.target-dir", "build.build-dir", "install.root"].contains(key) {
        throw Refusal(reason: "\"--config \(key)\" \(Self.placed)")
      }
    default: break
    }
  }

  /// Those of the arguments that count only where one package is built.
  var ofOnePackage: [String] { words.filter { Self.ofInstallAlone.contains(Self.parts($0).name) } }

  /// An option's name and the value that is joined to it: "--jobs=4", "-j4".
  private static func parts(_ word: String) -> (name: String, value: String?) {
    if !word.hasPrefix("--") {
      var value = word.dropFirst(2)
      if value.first == "=" { value = value.dropFirst() }
      return (String(word.prefix(2)), value.isEmpty ? nil : String(value))
    }
    guard let sign = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<sign]), String(word[word.index(after: sign)...]))
  }
}
