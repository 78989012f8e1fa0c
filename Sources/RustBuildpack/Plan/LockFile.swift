/// `Cargo.lock`: the packages that the app is built with.
package struct LockFile: Sendable {
  /// One package of it.
  package struct Package: Sendable {
    package let name: String
    package let version: String
    /// "registry+https://…", "git+https://…#COMMIT"; nothing for the app's own.
    package let source: String?
    /// The SHA-256 of a registry package's archive.
    package let checksum: String?
    /// "name", "name version" or "name version (source)", whichever is clear.
    package let dependencies: [String]
  }

  package let packages: [Package]

  /// Reads a lock file of any version; nothing when it can't be understood.
  package init?(_ content: [UInt8]) {
    guard let document = try? TOML.parse(content) else { return nil }
    var packages: [Package] = []
    for row in document["package"]?.array ?? [] {
      guard let name = row["name"]?.string, let version = row["version"]?.string else { return nil }
      packages.append(
        Package(
          name: name,
          version: version,
          source: row["source"]?.string,
          checksum: row["checksum"]?.string,
          dependencies: (row["dependencies"]?.array ?? []).compactMap(\.string)
        )
      )
    }
    self.packages = packages
  }

  /// The packages that a package depends on, as its list names them: "name", "name version" or "name version (source)",
  /// the shortest that is clear in this lock file.
  package func dependencies(of package: Package) -> [Package] {
    package.dependencies.compactMap { text in
      let words = text.split(separator: " ")
      let source = words.count < 3 ? nil : String(words[2].dropFirst().dropLast())
      return packages.first { candidate in
        // A source names a git commit that this list leaves out.
        candidate.name == words[0] && (words.count < 2 || candidate.version == words[1])
          && (source == nil || candidate.source?.hasPrefix(source ?? "") == true)
      }
    }
  }

  /// Where cargo keeps the lock file: where `resolver.lockfile-path` says, which counts since cargo 1.97, else at the top
  /// of the workspace.
  package static func path(
    workspaceRoot: FilePath,
    configuration: CargoConfiguration,
    toolchainVersion: String
  ) -> FilePath {
    let standard = workspaceRoot.appending("Cargo.lock")
    let numbers = toolchainVersion.split(separator: ".").map { Int($0) ?? 0 }
    guard numbers.count >= 2, (numbers[0], numbers[1]) >= (1, 97) else { return standard }
    return configuration.path("resolver", "lockfile-path") ?? standard
  }

  /// Whether a package of this name is among them.
  package func has(_ name: String) -> Bool { packages.contains { $0.name == name } }
}
