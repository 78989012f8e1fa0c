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

  /// Writes `.profile.d/rust.sh` into the build directory, with the lines that the app's frameworks need.
  static func write(into app: FilePath, _ frameworks: [Framework]) throws(FileError) {
    let folder = app.appending(".profile.d")
    if folder.exists, !folder.isRealDirectory { try folder.removeTree() }
    try folder.makeDirectories()
    try folder.appending("rust.sh").write(Array((text + frameworks.flatMap(\.lines).map { $0 + "\n" }.joined()).utf8))
  }
}

/// The file by which a multi-buildpack build gives later buildpacks what this one installed.
package enum ExportFile {
  /// Bash that puts cargo and rustc on PATH; sourced under `set -e`, so every line succeeds.
  static func text(_ cache: CacheLayout, channel: String) -> String {
    let bin = ShellWords.quote(cache.cargo.appending("bin").description)
    return """
      export RUSTUP_HOME=\(ShellWords.quote(cache.rustup.description))
      export CARGO_HOME=\(ShellWords.quote(cache.cargo.description))
      export RUSTUP_TOOLCHAIN=\(ShellWords.quote(channel))
      export PATH=\(bin)"${PATH:+:$PATH}"

      """
  }

  /// Writes `export` into the buildpack's folder; false when that is not known or not writable.
  package static func write(into folder: FilePath?, _ cache: CacheLayout, channel: String) -> Bool {
    guard let folder, folder.isWritable else { return false }
    return (try? folder.appending("export").write(Array(text(cache, channel: channel).utf8))) != nil
  }
}
