/// What "cargo install" is to be run for: decided before anything is built, so that a mistake costs seconds.
package struct InstallPlan: Sendable {
  /// One run of "cargo install".
  package struct Step: Sendable {
    package let package: CargoMetadata.Package
    /// Binaries to name on the command line; nothing for all that the package has.
    package let binaries: [String]?
    package let features: [String]
  }

  package let steps: [Step]
  package let profile: String?
  package let flags: [String]

  /// Chooses packages and binaries.
  ///
  /// - Throws: when a setting names what does not exist, nothing is left to install, or two packages would install
  ///   the same name.
  package init(_ metadata: CargoMetadata, _ settings: Settings, app: FilePath, environment: Environment)
    throws(BuildpackError)
  {
    profile = settings.profile?.value
    if let wanted = settings.profile, let known = Self.profiles(metadata.workspaceRoot), !known.contains(wanted.value),
      environment["CARGO_PROFILE_\(wanted.value.uppercased())_INHERITS"] == nil
    {
      throw .setting(
        name: "profile",
        origin: wanted.origin,
        problem: "there is no profile \"\(wanted.value)\"",
        known: known.sorted()
      )
    }
    flags = settings.flags?.value ?? []
    var packages = try Self.packages(metadata, settings)
    if let wanted = settings.binaries {
      if wanted.value.isEmpty {
        throw Self.emptyList("binaries", wanted.origin, known: packages.flatMap(\.binaries).sorted())
      }
      for name in wanted.value where !packages.contains(where: { $0.binaries.contains(name) }) {
        throw .setting(
          name: "binaries",
          origin: wanted.origin,
          problem: "there is no binary \"\(name)\" in the packages to install",
          known: packages.flatMap(\.binaries).sorted()
        )
      }
      packages = packages.filter { package in wanted.value.contains(where: package.binaries.contains) }
    }
    let features = try Self.features(metadata, settings, packages)
    var steps: [Step] = []
    var owners: [String: String] = [:]
    for package in packages {
      let chosen = settings.binaries.map { wanted in package.binaries.filter(wanted.value.contains) }
      for name in chosen ?? package.binaries {
        if let other = owners[name] { throw .sameExecutable(name: name, packages: [other, package.name]) }
        owners[name] = package.name
        if app.appending("bin").appending(name).exists { throw .scriptInTheWay(name: name) }
      }
      steps.append(Step(package: package, binaries: chosen, features: features[package.name] ?? []))
    }
    self.steps = steps
  }

  /// The names of all profiles: cargo's own, the manifest's, and those of the app's configuration. Nothing when one of
  /// the files can't be read here, and then cargo is the one to judge.
  private static func profiles(_ workspace: FilePath) -> Set<String>? {
    var names: Set<String> = ["dev", "release", "test", "bench"]
    for file in ["Cargo.toml", ".cargo/config.toml", ".cargo/config"] {
      let path = workspace.appending(file)
      guard path.exists else { continue }
      guard let content = try? path.contents(limit: 1 << 22), let document = try? TOML.parse(content) else {
        return nil
      }
      names.formUnion((document["profile"]?.object ?? []).map(\.key))
    }
    return names
  }

  private static func packages(
    _ metadata: CargoMetadata,
    _ settings: Settings
  ) throws(BuildpackError) -> [CargoMetadata.Package] {
    guard let wanted = settings.packages else {
      let found = metadata.defaultMembers.filter { !$0.binaries.isEmpty }
      if found.isEmpty { throw .noExecutables(packages: metadata.defaultMembers.map(\.name)) }
      return found
    }
    var found: [CargoMetadata.Package] = []
    for name in wanted.value {
      guard let package = metadata.packages.first(where: { $0.name == name }) else {
        throw .setting(
          name: "packages",
          origin: wanted.origin,
          problem: "there is no package \"\(name)\" in the workspace",
          known: metadata.packages.map(\.name).sorted()
        )
      }
      if package.binaries.isEmpty { throw .noExecutables(packages: [name]) }
      if !found.contains(where: { $0.id == package.id }) { found.append(package) }
    }
    if found.isEmpty { throw emptyList("packages", wanted.origin, known: metadata.packages.map(\.name).sorted()) }
    return found
  }

  private static func emptyList(_ name: String, _ origin: String, known: [String]) -> BuildpackError {
    .setting(name: name, origin: origin, problem: "the list names nothing to install", known: known)
  }

  /// Which features go to which package: `package/feature` to that one, a bare name to every package that has it.
  private static func features(
    _ metadata: CargoMetadata,
    _ settings: Settings,
    _ packages: [CargoMetadata.Package]
  ) throws(BuildpackError) -> [String: [String]] {
    var chosen: [String: [String]] = [:]
    for feature in settings.features?.value ?? [] {
      let parts = feature.split(separator: "/", maxSplits: 1).map(String.init)
      let owners: [CargoMetadata.Package]
      if parts.count == 2, let owner = packages.first(where: { $0.name == parts[0] }) {
        owners = owner.features.contains(parts[1]) ? [owner] : []
        if !owners.isEmpty { chosen[owner.name, default: []].append(parts[1]) }
      } else {
        owners = packages.filter { $0.features.contains(feature) || parts.count == 2 }
        for owner in owners { chosen[owner.name, default: []].append(feature) }
      }
      if owners.isEmpty {
        throw .setting(
          name: "features",
          origin: settings.features?.origin ?? "",
          problem: "none of the packages to install has the feature \"\(feature)\"",
          known: packages.flatMap { package in
            package.features.map { packages.count > 1 ? "\(package.name)/\($0)" : $0 }
          }
        )
      }
    }
    return chosen
  }
}
