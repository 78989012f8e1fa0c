/// `bin/detect BUILD_DIR`: is this a Rust app?
package enum Detect {
  /// Prints "Rust" on stdout and returns 0 if there is a manifest or only the toolchain is wanted; else explains on
  /// stderr and returns 1 (2 for wrong arguments).
  ///
  /// On a refusal nothing is printed on stdout: herokuish takes any output as acceptance, whatever the exit code.
  package static func run(_ arguments: [FilePath], process: @autoclosure () -> Environment) -> Int32 {
    if tellsVersion(arguments) { return 0 }
    guard let directory = arguments.first, !directory.bytes.isEmpty else {
      StandardStream.errors.write(Array("usage: bin/detect BUILD_DIR\n".utf8))
      return 2
    }
    let manifest = directory.appending("Cargo.toml")
    do throws(FileError) {
      let process = process()
      if try manifest.targetStatus()?.kind == .file || isAskedFor(directory, process) {
        StandardStream.output.write(Array("Rust\n".utf8))
        return 0
      }
      let names = try directory.names()
      refuse(explanation(manifest, found: names, folders(below: directory, AppFolder.asked(process))))
    } catch {
      refuse("Error: The build directory can't be read.\n\nThe Rust buildpack \(error).")
    }
    return 1
  }

  /// Whether the app wants this buildpack without a manifest at its top: a config var or RustConfig of emk's buildpack
  /// names the manifest's folder, or it wants the toolchain alone.
  private static func isAskedFor(_ directory: FilePath, _ process: Environment) -> Bool {
    if let folder = AppFolder.asked(process), directory.appending(folder).appending("Cargo.toml").isFile { return true }
    let legacy = RustConfig(directory)
    if legacy?.skipsBuild == true || Settings.skipsBuild(process) { return true }
    return legacy?.buildPath.map { directory.appending($0).appending("Cargo.toml").isFile } == true
  }

  private static func refuse(_ explanation: String) {
    Log(colored: (Environment.ofProcess["NO_COLOR"] ?? "").isEmpty).error(explanation)
  }

  /// What is to be said of subfolders: the one that was asked for, and those with a manifest.
  private static func folders(below top: FilePath, _ asked: String?) -> String {
    var text = asked.map { "\(AppFolder.variable) names \"\($0)\", and there is none in that folder.\n\n" } ?? ""
    let folders = AppFolder.withManifest(below: top)
    guard let first = folders.first else { return text }
    text += """
      \(folders.count == 1 ? "This folder has one" : "These folders have one"):
      \(folders.map { "  \($0)" }.joined(separator: "\n"))

      If the app is in one of them, name it:

        scalingo --app my-app env-set \(AppFolder.variable)=\(ShellWords.quote(first))


      """
    return text
  }

  private static func explanation(_ manifest: FilePath, found names: [[UInt8]], _ folders: String) -> String {
    let shown = names.prefix(30).map { name in
      "  \(String(decoding: name.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self))"
    }
    let more = names.count > shown.count ? ["  … and \(names.count - shown.count) more"] : []
    let isOther =
      manifest.exists
      ? "There is an entry of that name, but it is not a file that can be read (a folder, or a link to nowhere).\n" : ""
    let near = names.map { String(decoding: $0, as: UTF8.self) }
      .filter { $0.lowercased() == "cargo.toml" && $0 != "Cargo.toml" }
      .map { "The file \"\($0)\" is spelled differently: cargo wants \"Cargo.toml\".\n" }.joined()
    return """
      Error: Your app is configured to use the Rust buildpack, but we couldn't find a Cargo.toml file at its top level.

      \(isOther)\(near)At the top level there \(names.isEmpty ? "is nothing." : names.count == 1 ? "is:" : "are:")
      \((shown + more).joined(separator: "\n"))

      \(folders)Check that Cargo.toml
      1. is at the top level of the repository, or in the folder that RUST_APP_DIR names,
      2. is spelled exactly like this, with a capital C,
      3. is not excluded by .gitignore or .slugignore,
      4. has been committed: "git ls-files Cargo.toml" prints it.
      """
  }
}
