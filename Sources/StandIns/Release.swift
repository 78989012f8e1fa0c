import Foundation

/// The components of one release of the mirror.
struct Release {
  let version: String
  let toolchain: InstalledToolchain
  let kind: RustMirror.Kind

  var rustcVersion: String { toolchain.rustcVersion.replacingOccurrences(of: toolchain.version, with: version) }
  var cargoVersion: String { toolchain.cargoVersion.replacingOccurrences(of: toolchain.version, with: version) }

  /// Every component: the three that matter as the kind says, and small ones of what a release has beside them.
  func archives() throws -> [(component: ComponentArchive, isLarge: Bool)] {
    let essential =
      switch kind {
      case .full: try ["rustc", "cargo", "rust-std"].map { (try copy(of: $0), true) }
      case .thin:
        [
          (archive("rustc", [("bin/rustc", try script("rustc")), ("bin/rustdoc", try script("rustdoc"))]), false),
          (archive("cargo", [("bin/cargo", try script("cargo"))]), false),
          (archive("rust-std", [(RustMirror.marker(for: toolchain.host), .text("a stand-in\n"))]), false),
        ]
      }
    let others = try Self.small.map { name, files in
      archive(name, try files.map { ($0, $0.hasPrefix("bin/") ? try script(String($0.dropFirst(4))) : .text("")) })
    }
    let source = archive(
      "rust-src",
      target: "*",
      [("lib/rustlib/src/rust/library/stand-in.txt", .text("a stand-in\n"))]
    )
    let targets = RustMirror.extraTargets.map {
      archive("rust-std", target: $0, [(RustMirror.marker(for: $0), .text("a stand-in\n"))])
    }
    return essential + (others + [source] + targets).map { ($0, false) }
  }

  private static let small = [
    ("clippy-preview", ["bin/cargo-clippy", "bin/clippy-driver"]),
    ("rustfmt-preview", ["bin/cargo-fmt", "bin/rustfmt"]),
    ("rust-analyzer-preview", ["bin/rust-analyzer"]),
    ("rust-docs", ["share/doc/rust/html/index.html"]),
    ("llvm-tools-preview", ["lib/rustlib/llvm-tools.txt"]),
  ]

  private func archive(
    _ name: String,
    target: String? = nil,
    _ files: [(path: String, content: ComponentArchive.Content)]
  ) -> ComponentArchive {
    ComponentArchive(name: name, target: target ?? toolchain.host, version: version, files: files)
  }

  private func copy(of component: String) throws -> ComponentArchive {
    guard version == toolchain.version else {
      throw StandInError("a full release of \(toolchain.version) cannot call itself \(version)")
    }
    return archive(component, try toolchain.files(of: component).map { ($0, .file("\(toolchain.directory)/\($0)")) })
  }

  /// A script that runs the installed toolchain's program, and says another version if the release has one. If
  /// `STAND_IN_CALLS` names a file, the call is noted there.
  private func script(_ program: String) throws -> ComponentArchive.Content {
    let path = "'\(toolchain.directory)/bin/\(program)'"
    let note = "[ -z \"${STAND_IN_CALLS-}\" ] || echo \"\(program) $*\" >>\"$STAND_IN_CALLS\""
    if version == toolchain.version { return .script("#!/bin/sh\n\(note)\nexec \(path) \"$@\"\n") }
    let pattern = toolchain.version.replacingOccurrences(of: ".", with: "\\.")
    let questions =
      ["-V*", "-vV*", "-Vv*", "--version*", "\"--verbose --version\""] + (program == "cargo" ? ["version*"] : [])
    return .script(
      """
      #!/bin/sh
      \(note)
      case "$1 $2" in
      \(questions.joined(separator: " | "))) \(path) "$@" | sed 's/\(pattern)/\(version)/g' ;;
      *) exec \(path) "$@" ;;
      esac

      """
    )
  }
}
