// Hints: each failure's real output, in Tests/Fixtures/tool-output, and the row of the table that it must find.
import Foundation
import RustBuildpack
import Testing

@Suite struct HintTests {
  struct Case: Sendable, CustomTestStringConvertible {
    /// The fixture's name.
    let fixture: String
    /// The row, nothing where no hint may be given.
    let row: String?
    /// Words that the hint must hold.
    let words: [String]

    init(_ fixture: String, _ row: String?, _ words: String...) {
      (self.fixture, self.row, self.words) = (fixture, row, words)
    }

    var testDescription: String { fixture }
  }

  static let cases: [Case] = generalCases + stackCases

  private static let generalCases: [Case] = [
    // The machine.
    Case("compiler-killed", "killed", "CARGO_BUILD_JOBS=2", "memory"),
    Case("linker-killed", "killed", "CARGO_BUILD_JOBS=2"),
    Case("c-compiler-killed", "killed", "CARGO_BUILD_JOBS=2"),
    Case("memory-refused", "memory-refused", "CARGO_BUILD_JOBS=2"),
    Case("disk-full", "disk-full", "deployment-delete-cache"),
    Case("disk-full-linker", "disk-full", "deployment-delete-cache"),
    // Programs and libraries.
    Case("cmake", "cmake", "Aptfile", "\"cmake\""),
    Case("protoc", "protoc", "\"protobuf-compiler\"", "PROTOC"),
    Case("libclang", "libclang", "\"libclang-dev\""),
    Case("nasm", "nasm", "\"nasm\""),
    Case("clang-missing", "clang-missing", "linker = \"clang\""),
    Case("mold-missing", "fast-linker-missing", "-fuse-ld="),
    Case("lld-missing", "fast-linker-missing", "-fuse-ld="),
    Case("linker-missing", "linker-missing", "linker = \"special-linker\""),
    Case("openssl", "openssl", "rustls", "vendored"),
    Case("sqlite3", "sqlite3", "bundled"),
    Case("libpq", "libpq", "bundled"),
    Case("mysqlclient", "mysqlclient", "bundled"),
    Case("pkg-config-library", "pkg-config-library", "libdbus-sys", "\"libdbus-1-dev\""),
    Case("pkg-config-library-new", "pkg-config-library", "alsa-sys", "\"libasound2-dev\""),
    Case("pkg-config-alone", "pkg-config-missing-library", "\"fancy\"", "\"libfancy-dev\""),
    Case("cross-compilation", "cross-compilation", "CARGO_BUILD_TARGET"),
    Case("header-missing", "header-missing", "\"fancy.h\""),
    // The linker and the compiler.
    Case("library-missing-lld", "library-missing", "\"fancy\"", "\"libfancy-dev\""),
    Case("library-missing-ld", "library-missing", "\"fancy\"", "\"libfancy-dev\""),
    Case("static-library-missing", "library-missing", "\"fancy\"", "\"libfancy-dev\""),
    Case("symbol-undefined-lld", "symbol-undefined", "\"fancy_call\"", "deployment-delete-cache"),
    Case("symbol-undefined-ld", "symbol-undefined", "\"fancy_call\"", "deployment-delete-cache"),
    Case("sqlx-no-database", "sqlx-database", "cargo sqlx prepare", "SQLX_OFFLINE=true"),
    Case("sqlx-unreachable", "sqlx-database", "cargo sqlx prepare", "SQLX_OFFLINE=true"),
    Case("sqlx-not-prepared", "sqlx-not-prepared", ".sqlx"),
    Case("std-missing", "std-missing", "targets = [\"wasm32-unknown-unknown\"]"),
    Case("core-missing", "std-missing", "targets = [\"wasm32-unknown-unknown\"]"),
    Case("nightly-feature", "nightly-needed", "rust-toolchain.toml"),
    Case("unstable-flag", "nightly-needed", "rust-toolchain.toml"),
    Case("compiler-panicked", "compiler-panicked", "bug of the compiler"),
    Case("environment-variable-missing", "variable-missing", "env-set API_BASE="),
    Case("own-file-missing", "file-missing", "src/../page.html"),
    // Lock file, manifests, configuration.
    Case("lock-file-outdated", "lock-file-outdated", "commit Cargo.lock"),
    Case("lock-file-too-new", "lock-file-too-new", "newer cargo"),
    Case("lock-file-unreadable", "lock-file-unreadable", "merge conflict"),
    Case("checksum-changed", "checksum-changed", "greeting v1.1.0"),
    Case("checksum-of-file", "checksum-changed", "greeting v1.0.0"),
    Case("edition-unknown", "edition-unknown", "edition 2027"),
    Case("edition-2024-on-old-cargo", "edition-unknown", "edition 2024"),
    Case("edition-feature", "edition-feature", "codegen-backend"),
    Case("binary-twice", "binary-twice", "\"web\""),
    Case("binary-file-missing", "binary-file-missing", "bin \"worker\""),
    Case("manifest-no-target", "no-target", "src"),
    Case("manifest-syntax", "manifest-rejected", "Fix that line"),
    Case("manifest-value", "manifest-rejected", "Fix that line"),
    Case("workspace-member-absent", "workspace-member-missing", "/build/app/worker"),
    Case("workspace-not-member", "workspace-not-member", "exclude"),
    Case("workspace-root-absent", "workspace-root-missing", "PROJECT_DIR"),
    Case("workspace-inheritance", "workspace-inheritance", "\"license\""),
    Case("path-dependency-absent", "path-dependency-absent", "vendor/other", "submodule"),
    Case("path-dependency-outside", "path-dependency-outside", "only that folder is deployed"),
    Case("configuration-syntax", "configuration-unreadable", ".cargo/config.toml"),
    Case("wrapper-missing", "compiler-wrapper", "RUSTC_WRAPPER"),
    Case("rustflags-wrong", "compiler-flags", "RUSTFLAGS"),
    Case("feature-unknown", "feature-unknown", "\"loud\""),
    Case("profile-unknown", "profile-unknown", "[profile.fast]"),
    Case("binary-unknown", "binary-unknown", "\"worker\""),
    Case("binary-in-the-way", "binary-in-the-way", "bin/app"),
    // Dependencies and toolchains.
    Case("rustc-too-old", "rustc-too-old", "1.95.0"),
    Case("rustc-too-old-for-dependency", "rustc-too-old", "cargo update PACKAGE --precise"),
    Case("rustc-too-old-package", "rustc-too-old-package", "Rust 1.999"),
    Case("package-unknown", "package-unknown", "\"gretting\""),
    Case("git-package", "package-unknown", "\"another\""),
    Case("version-unknown", "version-unknown", "greeting = \"^9\""),
    Case("version-yanked", "version-yanked", "withdrawn = \"^2\""),
    Case("dependency-feature-unknown", "dependency-feature-unknown", "greeting", "\"loud\""),
    Case("links-twice", "links-twice", "cargo tree --invert"),
    Case("versions-conflict", "versions-conflict", "greeting"),
    Case("toolchain-unknown", "toolchain-unknown", "1.999.0"),
    Case("nightly-unknown", "toolchain-unknown", "nightly-2015-01-01"),
    Case("toolchain-name", "toolchain-unknown", "stabel"),
    Case("target-unknown", "target-unknown", "x86_64-unknown-nonsense"),
    Case("component-unknown", "component-unknown", "components"),
    Case("rustup-checksum", "toolchain-checksum", "not used"),
    Case("rustup-403", "release-refused", "surely exists"),
    Case("rustup-429", "release-refused", "surely exists"),
    // git and networks.
    Case("git-host-key", "git-host-key", "ssh-private-key"),
    Case("git-host-key-cli", "git-host-key", "ssh-private-key"),
    Case("git-permission", "git-authentication", "CARGO_NET_GIT_FETCH_WITH_CLI=true"),
    Case("git-permission-cli", "git-authentication", "GIT_CRED__HTTPS__127__0__0__1="),
    Case("git-authentication", "git-authentication", "GIT_CRED__HTTP__127__0__0__1__8080=user:token"),
    Case("git-authentication-cli", "git-authentication", "GIT_CRED__HTTP__127__0__0__1__8080=user:token"),
    Case("git-not-found", "git-repository-missing", "GIT_CRED__HTTP__127__0__0__1__8080"),
    Case("git-not-found-cli", "git-repository-missing", "address"),
    Case("git-submodule", "git-submodule", "sub"),
    Case("git-branch", "git-reference-missing", "\"release\""),
    Case("git-tag", "git-reference-missing", "\"v9\""),
    Case("git-revision", "git-reference-missing", "0123456789"),
    Case("git-dns", "dns", "resolved"),
    Case("cargo-401", "registry-login", "CARGO_REGISTRIES_NAME_TOKEN"),
    Case("cargo-403", "forbidden", "403"),
    Case("cargo-404", "not-found", "404"),
    Case("cargo-429", "too-many-requests", "429"),
    Case("cargo-503", "server-error", "503"),
    Case("cargo-dns", "dns", "resolved"),
    Case("cargo-proxy-answer", "proxy", "HTTPS_PROXY"),
    Case("cargo-proxy-refused", "no-connection", "HTTPS_PROXY"),
    Case("cargo-refused", "no-connection", "minutes"),
    Case("cargo-reset", "connection-lost", "CARGO_HTTP_MULTIPLEXING=false"),
    Case("cargo-timeout", "timeout", "CARGO_HTTP_TIMEOUT"),
    Case("cargo-tls", "tls", "SSL_CERT_FILE"),
    Case("crate-403", "forbidden", "403"),
    Case("crate-404", "not-found", "404"),
    Case("crate-500", "server-error", "500"),
    Case("rustup-503", "server-error", "503"),
    Case("rustup-dns", "dns", "resolved"),
    Case("rustup-hang", "timeout", "RUSTUP_DOWNLOAD_TIMEOUT"),
    Case("rustup-refused", "no-connection", "minutes"),
    Case("rustup-tls", "tls", "certificate"),
    Case("curl-403", "forbidden", "403"),
    Case("curl-404", "not-found", "404"),
    Case("curl-429", "too-many-requests", "429"),
    Case("curl-503", "server-error", "503"),
    Case("curl-dns", "dns", "resolved"),
    Case("curl-hang", "timeout", "in time"),
    Case("curl-proxy", "no-connection", "HTTPS_PROXY"),
    Case("curl-refused", "no-connection", "minutes"),
    Case("curl-reset", "connection-lost", "broke off"),
    Case("curl-tls", "tls", "certificate"),
    // Build scripts of which nothing is known.
    Case("build-script-panicked", "build-script", "app v0.1.0", "--- stderr"),
    Case("build-script-program", "build-script", "app v0.1.0"),
    // What no hint fits: the app's own mistakes, a build that succeeds, a network that recovered.
    Case("none-compile-error", nil),
    Case("none-success", nil),
    Case("none-retried-network", nil),
  ]

  @Test(arguments: cases)
  func realOutputFindsItsRow(_ expected: Case) throws {
    let hint = Hint.find(in: tail(of: try output(expected.fixture)), app: FilePath("/build/app"), status: .exited(101))
    #expect(hint?.id == expected.row)
    let words = ([hint?.cause ?? ""] + (hint?.advice ?? [])).joined(separator: "\n")
    for word in expected.words { #expect(words.contains(word), "\(words)") }
    #expect(!words.contains("://127.0.0.1"), "an address of the tool's output is never repeated")
    #expect(!gaps.contains { words.contains($0) }, "every gap is filled: \(words)")
  }

  /// The same lines as a terminal would get them, ended as on Windows, after much other output of which the first line
  /// is cut.
  @Test(arguments: cases)
  func coloursAndOtherOutputChangeNothing(_ expected: Case) throws {
    var buffer = TailBuffer()
    let noise = "   Compiling noise v1.0.0"
    for _ in 0..<5_000 { buffer.add(Array(noise.utf8)[...]) }
    for line in try output(expected.fixture).split(separator: "\n", omittingEmptySubsequences: false) {
      buffer.add(Array((coloured(String(line)) + "\r").utf8)[...])
    }
    #expect(buffer.content.count == TailBuffer.limit)
    #expect(Hint.find(in: buffer, app: FilePath("/build/app"), status: .exited(101))?.id == expected.row)
  }

  @Test func everyRowHasItsFixtureAndEveryFixtureItsRow() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".txt") }
    #expect(Set(files.map { String($0.dropLast(4)) }) == Set(Self.cases.map(\.fixture)))
    #expect(Set(HintRow.table.map(\.id)) == Set(Self.cases.compactMap(\.row)))
    #expect(Set(HintRow.table.map(\.id)).count == HintRow.table.count)
  }

  @Test func aKilledToolNeedsNoWords() {
    #expect(Hint.find(in: TailBuffer(), status: .signaled(9))?.id == "killed")
    #expect(Hint.find(in: TailBuffer(), status: .signaled(15)) == nil)
  }

  @Test func aToolThatWasStoppedWasTooSlowUnlessItSaysMore() throws {
    let stopped = TerminationStatus.stopped(afterSeconds: 600)
    #expect(Hint.find(in: TailBuffer(), status: stopped)?.id == "too-slow")
    #expect(Hint.find(in: tail(of: try output("rustup-dns")), status: stopped)?.id == "dns")
    let error = BuildpackError.toolchainFailed(
      toolchain: "stable",
      origin: "the default",
      command: "rustup",
      ending: stopped.words,
      hint: Hint.find(in: TailBuffer(), status: stopped)
    )
    #expect(error.text.contains("\"rustup\" was stopped, since it had not ended after 10 minutes;"))
    #expect(error.text.hasSuffix("\n\nDeploy again in a few minutes: the cause may have been a passing one."))
  }

  @Test func theTailIsBoundedAndEndsWithTheLastLine() {
    var buffer = TailBuffer()
    buffer.add(Array(repeating: UInt8(ascii: "x"), count: 1 << 20)[...])
    buffer.add(Array("the end".utf8)[...])
    #expect(buffer.content.count == TailBuffer.limit)
    #expect(Array(buffer.content.suffix(10)) == Array("x\nthe end\n".utf8))
  }

  @Test func userAndPasswordOfAnAddressAreNotRepeated() {
    let address = "registry+https://ci:s3cret@crates.example.com/index"
    let hint = Hint.find(in: tail(of: "error: no matching package named `\(address)` found\n"))
    #expect(hint?.cause.contains("registry+https://crates.example.com/index") == true)
    #expect(hint?.cause.contains("s3cret") == false)
  }

  @Test func controlCharactersAndLongNamesAreNotRepeated() {
    let name = "a\u{7}b" + String(repeating: "é", count: 5_000)
    let cause = Hint.find(in: tail(of: "error: no matching package named `\(name)` found\n"))?.cause ?? ""
    #expect(cause.contains("abé"))
    #expect(cause.utf8.count < 400)
  }

  @Test func wordsOfTheAppsOwnSourcesMeanNothing() {
    let text = """
      error[E0425]: cannot find value `x` in this scope
         |
      10 | /     panic!("error: linker `cc` not found: No space left on device")
      11 | |     // (signal: 9, SIGKILL: kill) Could not resolve host
      error: could not compile `app` (bin "app") due to 1 previous error
      """
    #expect(Hint.find(in: tail(of: text)) == nil)
  }

  @Test func aHintTakesThePlaceOfTheGeneralWords() throws {
    let hint = try #require(Hint.find(in: tail(of: try output("linker-missing"))))
    let general = BuildpackError.buildFailed(
      package: "app",
      command: "cargo install",
      ending: "ended with exit code 101"
    )
    let special = BuildpackError.buildFailed(
      package: "app",
      command: "cargo install",
      ending: "ended with exit code 101",
      hint: hint
    )
    #expect(general.text.contains("Fix what cargo names above."))
    #expect(!special.text.contains("Fix what cargo names above."))
    #expect(special.text.contains("\"cargo install\" ended with exit code 101; see its output above."))
    #expect(special.text.contains("1. Remove the line linker = \"special-linker\" from .cargo/config.toml"))
    #expect(special.text.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }
}

private let gaps = [
  "{name}", "{library}", "{debian}", "{path}", "{package}", "{crate}", "{feature}", "{rest}", "{target}",
  "{credential}", "{address}", "{token}", "{registry}", "{program}",
]

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../Fixtures/tool-output").standardized.path

private func output(_ fixture: String) throws -> String {
  try String(contentsOfFile: "\(folder)/\(fixture).txt", encoding: .utf8)
}

private func tail(of text: String) -> TailBuffer {
  var buffer = TailBuffer()
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) { buffer.add(Array(line.utf8)[...]) }
  return buffer
}

/// A line as cargo and rustc colour it: the first word bold, a gutter blue, the rest reset.
private func coloured(_ line: String) -> String {
  guard let end = line.firstIndex(where: { $0 == ":" || $0 == "|" }) else { return "\u{1B}[0m\(line)" }
  return "\u{1B}[1m\u{1B}[38;5;9m\(line[..<end])\u{1B}[0m\u{1B}[1m\(line[end...])\u{1B}[0m\u{1B}]8;;\u{7}"
}
