// Every error there is, each once: a new case does not compile until it has a name and an example here.
@testable import RustBuildpack

extension BuildpackError {
  /// The name of the case.
  var caseName: String {
    switch self {
    case .usage: "usage"
    case .noBuildDirectory: "noBuildDirectory"
    case .cacheUnusable: "cacheUnusable"
    case .cacheBusy: "cacheBusy"
    case .linkInTheWay: "linkInTheWay"
    case .linkUnusable: "linkUnusable"
    case .unsupportedMachine: "unsupportedMachine"
    case .noManifest: "noManifest"
    case .toolchainFile: "toolchainFile"
    case .toolchainPath: "toolchainPath"
    case .toolchainName: "toolchainName"
    case .manifestRejected: "manifestRejected"
    case .lockFileRejected: "lockFileRejected"
    case .dependenciesRejected: "dependenciesRejected"
    case .noExecutables: "noExecutables"
    case .featuresOff: "featuresOff"
    case .pathOutside: "pathOutside"
    case .workspaceOutside: "workspaceOutside"
    case .rustTooOld: "rustTooOld"
    case .sameExecutable: "sameExecutable"
    case .scriptInTheWay: "scriptInTheWay"
    case .binElsewhere: "binElsewhere"
    case .toolInTheWay: "toolInTheWay"
    case .unknownName: "unknownName"
    case .setting: "setting"
    case .download: "download"
    case .checksum: "checksum"
    case .installerFailed: "installerFailed"
    case .toolchainFailed: "toolchainFailed"
    case .toolchainBroken: "toolchainBroken"
    case .buildFailed: "buildFailed"
    case .toolFailed: "toolFailed"
    case .hookFailed: "hookFailed"
    case .programMissing: "programMissing"
    case .file: "file"
    case .unexpected: "unexpected"
    }
  }

  /// How many cases `caseName` tells apart.
  static let caseCount = 36

  static let examples: [BuildpackError] = [
    .usage("usage: bin/compile BUILD_DIR CACHE_DIR [ENV_DIR]"),
    .noBuildDirectory("/build/x"),
    .cacheUnusable(FileError("write", "/cache/rust/key.json", .readOnlyFileSystem)),
    .cacheBusy("/cache/rust/lock", waitedSeconds: 900),
    .linkInTheWay("/tmp/rust-buildpack", what: "something that is no directory"),
    .linkUnusable(FileError("make", "/tmp/rust-buildpack", .permissionDenied)),
    .unsupportedMachine("aarch64"),
    .noManifest("/build/x/Cargo.toml"),
    .toolchainFile("rust-toolchain.toml", problem: "It has no [toolchain] section with a channel."),
    .toolchainPath(file: "rust-toolchain", path: "/opt/rust"),
    .toolchainName("stabel!", origin: "RUSTUP_TOOLCHAIN"),
    .manifestRejected(command: "cargo metadata", ending: "ended with exit code 101"),
    .lockFileRejected(command: "cargo generate-lockfile", ending: "ended with exit code 101"),
    .dependenciesRejected(command: "cargo tree --locked", ending: "ended with exit code 101"),
    .noExecutables(packages: [], known: [], leftOut: []),
    .noExecutables(packages: ["a", "b"], known: ["c (d, e)"], leftOut: []),
    .noExecutables(packages: ["a"], known: ["a"], leftOut: ["admin (requires tls)"]),
    .featuresOff(binary: "admin", package: "a", features: ["tls"], origin: "RUST_INSTALL_BINARIES"),
    .pathOutside(manifest: "Cargo.toml", dependency: "shared", path: "/build/shared"),
    .workspaceOutside(manifest: "Cargo.toml"),
    .rustTooOld(package: "a", wanted: "1.90", by: "rust-version", version: "1.85.0", origin: "rust-toolchain.toml"),
    .rustTooOld(package: "a", wanted: "1.85", by: "edition 2024", version: "1.80.0", origin: "the default"),
    .sameExecutable(name: "web", packages: ["a", "b"]),
    .scriptInTheWay(name: "web"),
    .binElsewhere("/build/x/bin"),
    .toolInTheWay(program: "diesel", tool: "diesel_cli", other: "the package a"),
    .unknownName(
      kind: "package",
      name: "wep",
      setting: "RUST_INSTALL_PACKAGES",
      origin: "RUST_INSTALL_PACKAGES",
      known: ["web", "worker"]
    ),
    .setting(
      name: "packages",
      origin: "RUST_INSTALL_PACKAGES",
      problem: "there is no package \"x\"",
      known: ["a", "b"]
    ),
    .setting(name: "profile", origin: "Cargo.toml", problem: "\"profile\" must be a text in quotes", known: []),
    .download(url: "static.rust-lang.org", ending: "ended with exit code 22", lastWords: "curl: (22) error: 404"),
    .download(url: "static.rust-lang.org", ending: "was killed (SIGKILL)", lastWords: ""),
    .checksum(url: "static.rust-lang.org", expected: "4acc", found: "0000"),
    .installerFailed(command: "rustup-init -y", ending: "ended with exit code 1"),
    .toolchainFailed(
      toolchain: "1.9.9",
      origin: "rust-toolchain.toml",
      command: "rustup toolchain install 1.9.9",
      ending: "ended with exit code 1"
    ),
    .toolchainBroken(toolchain: "stable", command: "rustc -vV", ending: "did not print a version"),
    .buildFailed(package: "web", command: "cargo install --path .", ending: "ended with exit code 101"),
    BuildpackError.buildFailed(package: "web", command: "cargo install --path .", ending: "ended with exit code 101")
      .adding(
        BuildCircumstances(
          rust: "1.95.0",
          origin: "the default",
          hasLockFile: false,
          stack: "scalingo-24",
          hasGit: false
        )
      ),
    BuildpackError.buildFailed(package: "web", command: "cargo install --path .", ending: "ended with exit code 101")
      .adding(
        BuildCircumstances(rust: "1.85.0", origin: "RustConfig", hasLockFile: true, stack: nil, hasGit: true)
      ),
    .toolFailed(
      tool: "diesel_cli (newest)",
      origin: "RUST_INSTALL_TOOLS",
      command: "cargo install --locked diesel_cli",
      ending: "ended with exit code 101"
    ),
    .hookFailed(hook: "bin/pre_compile", ending: "ended with exit code 3"),
    .programMissing(CommandError(program: "curl", errno: .noSuchFile)),
    .file(FileError("read", "/build/x/a", .permissionDenied)),
    .file(FileError("write", "/cache/x", .noSpace)),
    .file(FileError("write", "/cache/x", .quotaExceeded)),
    .unexpected("cargo succeeded, but there is no executable."),
  ]
}
