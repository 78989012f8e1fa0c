import Foundation
import RustBuildpack
import StandIns
import Testing

/// The whole log of a cold and of a warm deployment, in an environment that is against it.
@Suite(.needsStandIns) struct TranscriptTests {
  private static let workspace: App = [
    "Cargo.toml": "[workspace]\nmembers = [\"shared\", \"web\", \"worker\"]\nresolver = \"2\"\n",
    "Cargo.lock": """
    version = 4

    [[package]]
    name = "shared"
    version = "0.1.0"

    [[package]]
    name = "web"
    version = "0.1.0"
    dependencies = [
     "shared",
    ]

    [[package]]
    name = "worker"
    version = "0.1.0"
    dependencies = [
     "shared",
    ]

    """, "shared/Cargo.toml": "[package]\nname = \"shared\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    "shared/src/lib.rs": "pub fn name() -> &'static str { \"shared\" }\n",
    "web/Cargo.toml": member("web"), "web/src/main.rs": "fn main() { println!(\"web, {}\", shared::name()); }\n",
    "worker/Cargo.toml": member("worker"),
    "worker/src/main.rs": "fn main() { println!(\"worker, {}\", shared::name()); }\n",
  ]

  private static func member(_ name: String) -> String {
    """
    [package]
    name = "\(name)"
    version = "0.1.0"
    edition = "2021"

    [dependencies]
    shared = { path = "../shared" }

    """
  }

  /// What a machine or a user may have set for other reasons.
  private static let poison: [String: String] = [
    "CARGO_HOME": "/invalid", "RUSTUP_HOME": "/invalid", "CARGO_TARGET_DIR": "/invalid/target",
    "CARGO_BUILD_TARGET_DIR": "/invalid/target", "CARGO_BUILD_BUILD_DIR": "/invalid/build",
    "CARGO_INSTALL_ROOT": "/invalid/root", "GIT_DIR": "/invalid/git", "CPATH": "/invalid", "CDPATH": "/invalid",
    "LIBRARY_PATH": "/invalid", "BASH_ENV": "/invalid/env", "ENV": "/invalid/env", "TERM": "dumb",
    "RUSTUP_AUTO_INSTALL": "0", "CURL_HOME": "/invalid", "CARGO_INCREMENTAL": "1", "CARGO_BUILD_JOBS": "1",
  ]

  private func normalized(_ deployment: Deployment, _ toolchain: InstalledToolchain) -> String {
    // cargo begins with either of what doesn't depend on each other.
    var lines = deployment.redactedLog.split(separator: "\n", omittingEmptySubsequences: false)
    let compiled = lines.indices.filter { lines[$0].hasPrefix("          Compiling ") }
    for (index, line) in zip(compiled, compiled.map { lines[$0] }.sorted()) { lines[index] = line }
    return lines.joined(separator: "\n").replacingOccurrences(
      of: "buildpack \(buildpackVersion)\n",
      with: "buildpack [VERSION]\n"
    )
    .replacingOccurrences(of: toolchain.rustcVersion, with: "[RUST_LONG]")
    .replacingOccurrences(of: toolchain.version, with: "[RUST]")
    .replacingOccurrences(of: toolchain.host, with: "[HOST]")
  }

  @Test func theColdAndTheWarmDeploymentTellThis() throws {
    let platform = try Platform()
    let toolchain = try #require(platform.rust).toolchain
    let cold = try platform.deploy(Self.workspace, process: Self.poison)
    #expect(cold.exitCode == 0)
    expect(normalized(cold, toolchain), is: Self.coldLog)
    let warm = try platform.deploy(Self.workspace, process: Self.poison, times: .y1980)
    #expect(warm.exitCode == 0)
    expect(normalized(warm, toolchain), is: Self.warmLog)
    for deployment in [cold, warm] {
      #expect(deployment.output(of: "web") == "web, shared\n")
      #expect(deployment.output(of: "worker") == "worker, shared\n")
    }
    #expect(!FileManager.default.fileExists(atPath: "/invalid"))
  }

  /// Compares line by line, so that a failure shows the lines that differ.
  private func expect(_ log: String, is expected: String) {
    let difference = expected.split(separator: "\n").difference(from: log.split(separator: "\n"))
    let lines = difference.map { change in
      switch change {
      case .insert(let line, let text, _): "line \(line + 1) is missing: \(text)"
      case .remove(let line, let text, _): "line \(line + 1) is unexpected: \(text)"
      }
    }
    #expect(lines == [])
    #expect(log == expected || !lines.isEmpty, "blank lines differ")
  }

  private static let coldLog = """
    -----> Rust buildpack [VERSION]
           Building for the stack scalingo-24
    -----> Restoring the build cache
           The build cache is empty
    -----> Installing Rust
           Using the toolchain "stable", from the default
           Downloading rustup 1.29.0 from the mirror in RUSTUP_UPDATE_ROOT, for at most 6 minutes
           Running "rustup-init -y --quiet --no-modify-path --profile minimal --default-toolchain none"
           Running "rustup toolchain install stable --profile minimal --no-self-update", for at most 10 minutes
           info: syncing channel updates for stable-[HOST]
           info: latest update on 2026-04-16 for version [RUST_LONG]
           info: downloading 3 components
           info: default toolchain set to stable-[HOST]
           Installed Rust [RUST]
    -----> Reading the app
           Found the package web with the binary web
           Found the package worker with the binary worker
    -----> Building
           Recorded the content of 8 files
           Running "cargo build --locked --manifest-path [WORK]/app/Cargo.toml -p web -p worker --bins \
    --target-dir [WORK]/target --message-format json-render-diagnostics --release"
              Compiling shared v0.1.0 ([WORK]/app/shared)
              Compiling web v0.1.0 ([WORK]/app/web)
              Compiling worker v0.1.0 ([WORK]/app/worker)
               Finished `release` profile [optimized] target(s) in [TIME]
           Compiled 3 crates, reused 0
           Installed bin/web ([SIZE])
           Installed bin/worker ([SIZE])
    -----> Preparing the start
           Small containers get MALLOC_ARENA_MAX at their start, unless you set it, or RUST_RUNTIME_DEFAULTS=off
           Process type web: /app/bin/web
           Process type worker: /app/bin/worker
    -----> Saving the build cache
           Packed Rust ([SIZE]), the app's compiled crates ([SIZE])
           The build cache holds [SIZE]
    -----> Done in [TIME]

    """

  private static let warmLog = """
    -----> Rust buildpack [VERSION]
           Building for the stack scalingo-24
    -----> Restoring the build cache
           Unpacking [SIZE]: Rust, the app's compiled crates
    -----> Installing Rust
           Using the toolchain "stable", from the default
           Rust [RUST] is up to date
    -----> Reading the app
           Found the package web with the binary web
           Found the package worker with the binary worker
    -----> Building
           0 of 8 files changed since the last deployment
           Running "cargo build --locked --manifest-path [WORK]/app/Cargo.toml -p web -p worker --bins \
    --target-dir [WORK]/target --message-format json-render-diagnostics --release --offline"
               Finished `release` profile [optimized] target(s) in [TIME]
           Compiled 0 crates, reused 3
           Installed bin/web ([SIZE])
           Installed bin/worker ([SIZE])
    -----> Preparing the start
           Small containers get MALLOC_ARENA_MAX at their start, unless you set it, or RUST_RUNTIME_DEFAULTS=off
           Process type web: /app/bin/web
           Process type worker: /app/bin/worker
    -----> Saving the build cache
           Nothing changed
           The build cache holds [SIZE]
    -----> Done in [TIME]

    """
}
