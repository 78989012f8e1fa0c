/// Where an app asks for code that only the build machine's processor surely runs.
///
/// Containers run on other machines than builds, and one build on another machine than the next one.
package enum NativeProcessor {
  private static let wanted = "target-cpu=native"

  /// The places that ask for `target-cpu=native`: "RUSTFLAGS", ".cargo/config.toml", "Cargo.toml"; none if it is not
  /// asked for.
  ///
  /// `app` is the folder where cargo runs, `top` the one above which nothing is the app's. Flags that a stronger place
  /// overrides do not count. Source: cargo's reference, "build.rustflags".
  package static func origins(_ app: FilePath, top: FilePath, _ environment: Environment) -> [String] {
    let names = environment.values.keys.sorted()
    let strongest = ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"].first { names.contains($0) }
    var found: [String] = []
    for name in names where isFlagVariable(name) {
      let isOverridden = !name.hasPrefix("CARGO_PROFILE_") && strongest != nil && name != strongest
      if !isOverridden, isWanted(environment[name] ?? "") { found.append(name) }
    }
    for folder in folders(from: app, to: top) {
      for name in [".cargo/config", ".cargo/config.toml", "Cargo.toml"] {
        let file = folder.appending(name)
        guard let content = try? file.contents(limit: 1 << 22), let document = try? TOML.parse(content) else {
          continue
        }
        if asks(document, isManifest: name == "Cargo.toml", overridden: strongest != nil) {
          found.append(String(decoding: file.bytes.dropFirst(top.bytes.count + 1), as: UTF8.self))
        }
      }
    }
    return found
  }

  /// What the log says of such places; nil when there are none.
  package static func warning(_ origins: [String]) -> String? {
    guard !origins.isEmpty else { return nil }
    return """
      Warning: The app is compiled for the build machine's own processor.

      It asks for target-cpu=native in \(origins.joined(separator: ", ")).
      It runs on other machines: on one whose processor lacks an instruction that the build machine's has, it ends
      with "Illegal instruction" (SIGILL). Name a processor that all machines have: target-cpu=x86-64-v2.
      """
  }

  private static func isFlagVariable(_ name: String) -> Bool {
    name == "RUSTFLAGS" || name == "CARGO_ENCODED_RUSTFLAGS" || name == "CARGO_BUILD_RUSTFLAGS"
      || (name.hasPrefix("CARGO_TARGET_") || name.hasPrefix("CARGO_PROFILE_")) && name.hasSuffix("_RUSTFLAGS")
  }

  private static func folders(from app: FilePath, to top: FilePath) -> [FilePath] {
    var folders = [app]
    while let last = folders.last, last != top, last.isInside(top) { folders.append(last.parent) }
    return folders
  }

  private static func asks(_ document: JSON, isManifest: Bool, overridden: Bool) -> Bool {
    var values: [JSON?] = []
    if !isManifest, !overridden {
      values.append(document["build"]?["rustflags"])
      for target in document["target"]?.object ?? [] { values.append(target.value["rustflags"]) }
    }
    for profile in document["profile"]?.object ?? [] {
      values.append(profile.value["rustflags"])
      values.append(profile.value["build-override"]?["rustflags"])
      for package in profile.value["package"]?.object ?? [] { values.append(package.value["rustflags"]) }
    }
    return values.contains { value in
      guard let value else { return false }
      return isWanted(value.string ?? "") || (value.array ?? []).contains { isWanted($0.string ?? "") }
    }
  }

  /// "-C target-cpu=native", "-Ctarget-cpu=native", "--codegen=target-cpu=native": words are divided by spaces, or by
  /// the character 31 in the variable that is encoded.
  private static func isWanted(_ flags: String) -> Bool {
    flags.split { $0 == " " || $0 == "\u{1F}" }.contains { $0.hasSuffix(wanted) }
  }
}
