/// The script that every container of the app sources when it starts.
package enum ProfileScript {
  /// Puts `bin/` on PATH once; prints nothing, fails never, also under `set -eu`, and overrides nothing.
  static let text = """
    # Written by the Rust buildpack: the app's executables are found by name.
    case ":${PATH:-}:" in
      *":${HOME:-/app}/bin:"*) ;;
      *) export PATH="${HOME:-/app}/bin${PATH:+:$PATH}" ;;
    esac

    """

  /// Makes the path by which the compiler knew the app lead to its folder, for executables that hold it: `relative!` of
  /// Rocket and the like, which take `env!("CARGO_MANIFEST_DIR")`.
  static func link(_ app: FilePath) -> String {
    let (folder, link) = (ShellWords.quote(app.parent.description), ShellWords.quote(app.description))
    return """
      # The app's executables look for files at the path where they were compiled.
      if [ ! -e \(link) ]; then
        { mkdir -p \(folder) && ln -sfn "${HOME:-/app}" \(link); } 2>/dev/null || true
      fi

      """
  }

  /// Writes `.profile.d/rust.sh` into the build directory, with the lines that the app's frameworks need and those for
  /// small containers; nil for none of these.
  ///
  /// `constantPath`: the path by which the compiler knew the app, if executables hold it.
  static func write(
    into app: FilePath,
    _ frameworks: [Framework],
    _ defaults: RuntimeDefaults?,
    linking constantPath: FilePath?
  ) throws(FileError) {
    let text = text + (constantPath.map { link($0) } ?? "")
    let folder = app.appending(".profile.d")
    if folder.exists, !folder.isRealDirectory { try folder.removeTree() }
    try folder.makeDirectories()
    let lines = frameworks.flatMap { $0.lines } + (defaults?.lines ?? [])
    try folder.appending("rust.sh").write(Array((text + lines.map { $0 + "\n" }.joined()).utf8))
  }
}

/// The file by which a multi-buildpack build gives later buildpacks what this one installed.
package enum ExportFile {
  /// Bash that puts cargo and rustc on PATH; sourced under `set -e`, so every line succeeds. The folders stand there when
  /// this deployment has ended: see `WorkDirectory`.
  static func text(_ work: WorkLayout, channel: String) -> String {
    let bin = ShellWords.quote(work.cargo.appending("bin").description)
    return """
      export RUSTUP_HOME=\(ShellWords.quote(work.rustup.description))
      export CARGO_HOME=\(ShellWords.quote(work.cargo.description))
      export RUSTUP_TOOLCHAIN=\(ShellWords.quote(channel))
      export PATH=\(bin)"${PATH:+:$PATH}"

      """
  }

  /// Writes `export` into the buildpack's folder; false when that is not known or not writable.
  package static func write(into folder: FilePath?, _ work: WorkLayout, channel: String) -> Bool {
    guard let folder, folder.isWritable else { return false }
    return (try? folder.appending("export").write(Array(text(work, channel: channel).utf8))) != nil
  }
}
