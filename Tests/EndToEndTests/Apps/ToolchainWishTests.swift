import Foundation
import StandIns
import Testing

/// Which toolchain an app gets, and what it is told when that one is too old.
@Suite(.needsStandIns) struct ToolchainWishTests {
  private struct Wish {
    let name: String
    let files: [String: String]
    var env: [String: String] = [:]
    let used: String
    let version: String
  }

  private static func file(_ channel: String) -> String { "[toolchain]\nchannel = \"\(channel)\"\n" }

  private static let wishes = [
    Wish(name: "nothing", files: [:], used: "\"stable\", from the default", version: "1.90.0"),
    Wish(
      name: "a version of two numbers",
      files: ["rust-toolchain.toml": file("1.85")],
      used: "\"1.85\", from rust-toolchain.toml",
      version: "1.85.1"
    ),
    Wish(
      name: "the old file, one line",
      files: ["rust-toolchain": " 1.85.1 \n"],
      used: "\"1.85.1\", from rust-toolchain",
      version: "1.85.1"
    ),
    Wish(
      name: "the old file in the new form",
      files: ["rust-toolchain": file("beta")],
      used: "\"beta\", from rust-toolchain",
      version: "1.91.0"
    ),
    Wish(
      name: "a night's release with components and targets",
      files: [
        "rust-toolchain.toml": file("nightly-2026-05-01")
          + "components = [\"rustfmt\", \"clippy\"]\ntargets = [\"x86_64-unknown-linux-gnu\"]\nprofile = \"default\"\n"
      ],
      used: "\"nightly-2026-05-01\", from rust-toolchain.toml",
      version: "1.92.0"
    ),
    Wish(
      name: "the variable beats the files",
      files: ["rust-toolchain.toml": file("beta")],
      env: ["RUSTUP_TOOLCHAIN": "stable"],
      used: "\"stable\", from RUSTUP_TOOLCHAIN",
      version: "1.90.0"
    ),
    Wish(
      name: "RustConfig's VERSION beats the file, as it did there",
      files: ["rust-toolchain": "beta\n", "RustConfig": "VERSION=\"1.85.1\"\n"],
      used: "\"1.85.1\", from RustConfig",
      version: "1.85.1"
    ),
  ]

  /// A mirror with several releases, all of them this machine's toolchain under other names.
  private static func mirror() throws -> OfflineRust {
    let rust = try Rust.own()
    for version in ["1.84.0", "1.85.1", "1.90.0", "1.91.0", "1.92.0"] {
      try rust.mirror.addRelease(version, from: rust.toolchain)
    }
    try rust.mirror.setChannel("stable", to: "1.90.0")
    try rust.mirror.setChannel("beta", to: "1.91.0")
    try rust.mirror.setChannel("1.85", to: "1.85.1")
    try rust.mirror.setChannel("nightly-2026-05-01", to: "1.92.0")
    return rust
  }

  @Test func everyFormOfTheFilesIsRead() throws {
    let platform = try Platform(rust: Self.mirror())
    for wish in Self.wishes {
      var variables = wish.env
      variables["RUST_SKIP_BUILD"] = "1"
      let deployment = try platform.deploy(App.package().with(wish.files), env: variables)
      #expect(deployment.exitCode == 0, "\(wish.name): \(deployment.log)")
      #expect(deployment.lines.contains("Using the toolchain \(wish.used)"), "\(wish.name): \(deployment.log)")
      #expect(
        deployment.log.contains("Rust \(wish.version)") || deployment.log.contains("to \(wish.version)"),
        "\(wish.name): \(deployment.log)"
      )
    }

    for (name, files, words) in [
      ("a path", ["rust-toolchain.toml": "[toolchain]\npath = \"/opt/rust\"\n"], "can't be used here"),
      ("no channel", ["rust-toolchain.toml": "channel = \"stable\"\n"], "no [toolchain] section"),
      ("no name", ["rust-toolchain": "the newest\n"], "not the name of a toolchain"),
      ("no TOML", ["rust-toolchain.toml": "[toolchain\n"], "can't be understood"),
    ] {
      let deployment = try platform.deploy(App.package().with(files))
      #expect(deployment.exitCode == 1 && deployment.complaint.contains(words), "\(name): \(deployment.log)")
    }

    let old = ["RUSTUP_TOOLCHAIN": "1.84.0"]
    let edition = App.package().with([
      "Cargo.toml": "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"
    ])
    let tooOld = try platform.deploy(edition, env: old)
    #expect(
      tooOld.complaint.contains("needs 1.85 (by its edition 2024); the toolchain is 1.84.0, from RUSTUP_TOOLCHAIN"),
      "\(tooOld.log)"
    )
    let wanted = try platform.deploy(.package(manifest: "rust-version = \"1.85\"\n"), env: old)
    #expect(wanted.complaint.contains("It needs 1.85 (by its rust-version)"), "\(wanted.log)")
    let allowed = try platform.deploy(.package(manifest: "rust-version = \"1.84\"\n"), env: old)
    #expect(allowed.exitCode == 0, "\(allowed.log)")
  }

  @Test func aTargetOfTheAppIsInstalled() throws {
    let platform = try Platform()
    let triple = "x86_64-unknown-linux-gnu"
    let variable = try platform.deploy(.package(), env: ["CARGO_BUILD_TARGET": triple])
    #expect(variable.lines.contains("With targets: \(triple)") && variable.names("bin") == ["hello"], "\(variable.log)")
    #expect(variable.log.contains("rustup toolchain install stable") && variable.log.contains("--target \(triple)"))

    let app = App.package().with([".cargo/config.toml": "[build]\ntarget = \"\(triple)\"\n"])
    let cold = try platform.deploy(app)
    #expect(cold.lines.contains("With targets: \(triple)") && cold.names("bin") == ["hello"], "\(cold.log)")
    #expect(cold.compiled == ["hello"])
    #expect(try platform.deploy(app).compiled == [])

    for (name, flagged) in [
      ("the config var", try platform.deploy(.package(), env: ["RUST_INSTALL_FLAGS": "--target=\(triple)"])),
      (
        "the manifest",
        try platform.deploy(.package(manifest: "[package.metadata.scalingo]\nflags = \"--target \(triple)\"\n"))
      ),
    ] {
      #expect(flagged.lines.contains("With targets: \(triple)") && flagged.names("bin") == ["hello"], "\(name)")
    }
    // Another target's program does not run here; what counts is that its standard library was there to build with.
    let other = try platform.deploy(.package(), env: ["RUST_INSTALL_FLAGS": "--target wasm32-unknown-unknown"])
    #expect(other.log.contains("rustup toolchain install stable --profile minimal --no-self-update --target wasm32"))
    let library =
      "\(platform.link)/rustup/toolchains/stable-\(triple)/\(RustMirror.marker(for: "wasm32-unknown-unknown"))"
    #expect(FileManager.default.fileExists(atPath: library), "\(other.log)")
  }
}
