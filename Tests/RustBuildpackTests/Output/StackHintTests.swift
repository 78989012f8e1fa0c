// Hints on what differs between a developer's machine and a stack, and the variables that hints name.
import Testing

@testable import RustBuildpack

extension HintTests {
  static let stackCases: [Case] = [
    Case("no-git-command", "no-git-build-script", "app v0.1.0", "no .git", "SOURCE_VERSION"),
    Case("no-git-git2", "no-git-build-script", "git2", "SOURCE_VERSION"),
    Case("no-git-vergen-6", "no-git-build-script", "without fail_on_error()"),
    Case("no-git-vergen-8", "no-git-build-script", "without fail_on_error()"),
    Case("no-git-macro", "no-git-macro", "no .git", "fallback", "option_env!(\"SOURCE_VERSION\")"),
    Case("bindgen-headers", "bindgen-headers", "BINDGEN_EXTRA_CLANG_ARGS=-I/usr/lib/gcc/x86_64-linux-gnu/13/include"),
    Case("cstdint", "cstdint", "CXXFLAGS to \"-include cstdint\""),
    Case("c23", "c23", "CFLAGS=-std=gnu17"),
    Case("cmake-4", "cmake-4", "CMAKE_POLICY_VERSION_MINIMUM=3.5"),
    Case("wasm-bindgen-version", "wasm-bindgen-version", "wasm-bindgen-cli@0.2.100", "--precise 0.2.104"),
    Case("warnings-denied-configuration", "warnings-denied", "CARGO_BUILD_WARNINGS=warn"),
    Case("warnings-denied-flag", "lints-denied", "RUSTFLAGS=--cap-lints=warn"),
    Case("warnings-denied-source", "lints-denied", "RUSTFLAGS=--cap-lints=warn"),
    Case("registry-token-missing", "registry-login", "Set CARGO_REGISTRIES_MY_HOUSE_TOKEN to it"),
    Case("registry-token-rejected", "registry-token-rejected", "\"my-house\"", "CARGO_REGISTRIES_MY_HOUSE_TOKEN"),
  ]
}

@Suite struct StackHintTests {
  @Test(
    arguments: [
      ("https://github.com/org/x.git", "GIT_CRED__HTTPS__GITHUB__COM"),
      ("https://git-host.example.com:8443/x?branch=main#0123", "GIT_CRED__HTTPS__GIT_HOST__EXAMPLE__COM__8443"),
      ("http://127.0.0.1:8080/x.git", "GIT_CRED__HTTP__127__0__0__1__8080"),
      ("https://ci:s3cret@git.example.com/x", "GIT_CRED__HTTPS__GIT__EXAMPLE__COM"),
      ("ssh://git@git.example.com:2222/x.git", "GIT_CRED__HTTPS__GIT__EXAMPLE__COM"),
      ("git+https://github.com/x", "GIT_CRED__HTTPS__GITHUB__COM"),
      ("https://[::1]/x", nil), ("/srv/other.git", nil), ("https://", nil), ("file:///srv/other.git", nil),
    ] as [(String, String?)]
  )
  func theVariableForAHostIsTheOneThatIsRead(address: String, expected: String?) throws {
    #expect(GitCredential.variable(for: address) == expected)
    guard let expected, let end = address.range(of: "://")?.upperBound else { return }
    let place = try #require(SourceAccess.place(expected.dropFirst("GIT_CRED__".count)))
    let authority = address[end...].prefix { !"/?#".contains($0) }
    let host = authority.split(separator: "@").last.map { String($0) } ?? ""
    #expect(place.host == (address.hasPrefix("ssh") ? String(host.prefix { $0 != ":" }) : host))
  }

  @Test func aShellWhoseProgramWasKilledWasKilled() throws {
    let hint = try #require(Hint.find(in: TailBuffer(), status: .exited(137)))
    #expect(hint.id == "killed" && hint.cause.contains("memory"))
    #expect(Hint.find(in: TailBuffer(), status: .exited(1)) == nil)
    let error = BuildpackError.hookFailed(hook: "bin/pre_compile", ending: "ended with exit code 137", hint: hint)
    #expect(error.text.contains("memory") && !error.text.contains("Fix what the script names"))
  }

  @Test func circumstancesAreFactsOfTheGeneralWordsAlone() throws {
    let circumstances = BuildCircumstances(
      rust: "1.95.0",
      origin: "rust-toolchain.toml",
      hasLockFile: true,
      stack: "scalingo-26",
      hasGit: false
    )
    let general = BuildpackError.buildFailed(package: "a", command: "cargo", ending: "failed").adding(circumstances)
    let words = general.text.split { $0.isWhitespace }.joined(separator: " ")
    #expect(
      words.hasSuffix(
        "Here it has: Rust 1.95.0 (from rust-toolchain.toml); the versions in Cargo.lock; the stack scalingo-26; no "
          + ".git folder."
      ),
      "\(words)"
    )
    let hint = try #require(Hint.find(in: TailBuffer(), status: .signaled(9)))
    let special = BuildpackError.buildFailed(package: "a", command: "cargo", ending: "failed", hint: hint)
    #expect(special.adding(circumstances).text == special.text)
    #expect(BuildpackError.usage("x").adding(circumstances).text == BuildpackError.usage("x").text)
  }
}
