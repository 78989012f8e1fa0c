import Foundation
import StandIns

/// Where the crate that random apps depend on comes from, made once for a platform.
struct WordSupply {
  static let name = "freshness-words"
  static let versions = 1...3

  /// Checksums of the registry's versions, by their number.
  private(set) var checksums: [Int: String] = [:]
  /// A git repository, and its commits by their number.
  let repository: String
  private(set) var commits: [Int: String] = [:]

  static func library(_ number: Int) -> String { "pub fn v() -> &'static str { \"w\(number);\" }\n" }

  init(_ rust: OfflineRust, in folder: String) throws {
    repository = folder + "/words.git"
    let registry = rust.registry
    for number in Self.versions {
      let version = "1.0.\(number)"
      try registry.add(.init(Self.name, version, files: ["src/lib.rs": Self.library(number)]))
      let crate = "\(registry.directory)/crates/\(Self.name)/\(Self.name)-\(version).crate"
      checksums[number] = String(try shell("sha256sum <\"$1\"", crate).prefix(64))
      try makeFolder(repository + "/src")
      try Data(RandomApp.head(Self.name, version: version).utf8).write(
        to: URL(fileURLWithPath: repository + "/Cargo.toml")
      )
      try Data(Self.library(number).utf8).write(to: URL(fileURLWithPath: repository + "/src/lib.rs"))
      let commit = try shell(
        """
        cd "$1" && export HOME="$1" GIT_CONFIG_NOSYSTEM=1 && git init -q . && git add . &&
          git -c user.name=a -c user.email=a@example.org commit -q -m words >&2 && git rev-parse HEAD
        """,
        repository
      )
      commits[number] = commit.trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }
}

/// A crate that is not the app's own, and moves from version to version.
struct WordCrate {
  enum Origin: CaseIterable { case none, vendored, registry, git }

  let origin: Origin
  private let supply: WordSupply

  init(_ origin: Origin, _ supply: WordSupply) {
    self.origin = origin
    self.supply = supply
  }

  var name: String { WordSupply.name }

  /// The line of a manifest.
  var dependency: String {
    origin == .git ? "\(name) = { git = \"file://\(supply.repository)\" }\n" : "\(name) = \"1\"\n"
  }

  /// The entry in a lock file.
  func locked(_ number: Int) -> String {
    let version = "1.0.\(number)"
    if origin == .git {
      let source = "git+file://\(supply.repository)#\(supply.commits[number] ?? "")"
      return RandomApp.locked(name, version: version, source: "source = \"\(source)\"\n")
    }
    let checksum = origin == .registry ? supply.checksums[number] ?? "" : Self.vendoredChecksum
    let source = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"\(checksum)\"\n"
    return RandomApp.locked(name, version: version, source: source)
  }

  private static let vendoredChecksum = String(repeating: "0", count: 64)

  private var folder: String { "vendor/\(name)" }

  /// Puts the crate's files, if the app has them, into its sources.
  func add(_ number: Int, to files: inout [String: SourceFile]) {
    guard origin == .vendored else { return }
    files[".cargo/config.toml"] = .file(
      "[source.crates-io]\nreplace-with = \"vendored\"\n[source.vendored]\ndirectory = \"vendor\"\n"
    )
    files[folder + "/.cargo-checksum.json"] = .file("{\"files\":{},\"package\":\"\(Self.vendoredChecksum)\"}")
    files[folder + "/Cargo.toml"] = .file(RandomApp.head(name, version: "1.0.\(number)"))
    files[folder + "/src/lib.rs"] = .file(WordSupply.library(number))
  }

  /// Changes a vendored crate's source without another version; nil for crates that nobody can edit.
  func edit(_ number: Int, in files: inout [String: SourceFile]) -> String? {
    guard origin == .vendored else { return nil }
    files[folder + "/src/lib.rs"] = .file(WordSupply.library(number))
    return "edit \(folder)/src/lib.rs to \(number)"
  }

  /// The text that the crate gives, by the sources in a folder.
  func value(in app: String) throws -> String {
    if origin == .vendored {
      let text = try String(contentsOfFile: "\(app)/\(folder)/src/lib.rs", encoding: .utf8)
      return try RandomApp.word(after: "{ \"", in: text, upTo: "\"")
    }
    let lock = try String(contentsOfFile: app + "/Cargo.lock", encoding: .utf8)
    return try "w" + RandomApp.word(after: "name = \"\(name)\"\nversion = \"1.0.", in: lock, upTo: "\"") + ";"
  }
}
