/// What "cargo install" is to be run for: decided before anything is built, so that a mistake costs seconds.
package struct InstallPlan: Sendable {
  /// One run of "cargo install".
  package struct Step: Sendable {
    package let package: CargoMetadata.Package
    /// Binaries to name on the command line; nothing for all that the package has.
    package let binaries: [String]?
    /// The binaries that come of it.
    package let names: [String]
    package let features: [String]
  }

  /// A binary that is not built, since features that it requires are off.
  package struct LeftOut: Sendable {
    package let binary: String
    package let package: String
    package let features: [String]
  }

  package let steps: [Step]
  package let profile: String?
  package let flags: InstallFlags
  package let leftOut: [LeftOut]

  /// Chooses packages and binaries.
  ///
  /// `knowsDebugProfile`: whether `debug` is a profile of cargo's own, as it is since 1.99.
  /// - Throws: when a setting names what does not exist, nothing is left to install, or two packages would install
  ///   the same name.
  package init(
    _ metadata: CargoMetadata,
    _ settings: Settings,
    app: FilePath,
    environment: Environment,
    knowsDebugProfile: Bool = true
  ) throws(BuildpackError) {
    let bin = app.appending("bin")
    if bin.exists, bin.resolved?.isInside(app) != true || bin.resolved?.isRealDirectory != true {
      throw .binElsewhere(bin)
    }
    profile = settings.profile?.value
    let isDebug = knowsDebugProfile && profile == "debug"
    if let wanted = settings.profile, !isDebug { try Self.check(wanted, metadata, app: app, environment) }
    flags = settings.flags?.value ?? .none
    var packages = try Self.packages(metadata, settings)
    if let wanted = settings.binaries {
      if wanted.value.isEmpty {
        throw Self.emptyList("binaries", wanted.origin, known: packages.flatMap(\.binaries).sorted())
      }
      for name in wanted.value where !packages.contains(where: { $0.binaries.contains(name) }) {
        throw .unknownName(
          kind: "binary",
          name: name,
          setting: "RUST_INSTALL_BINARIES",
          origin: wanted.origin,
          known: packages.flatMap(\.binaries).sorted()
        )
      }
      packages = packages.filter { package in wanted.value.contains(where: package.binaries.contains) }
    }
    let features = try Self.features(settings, packages)
    var steps: [Step] = []
    var leftOut: [LeftOut] = []
    var owners: [String: String] = [:]
    for package in packages {
      let chosen = settings.binaries.map { wanted in package.binaries.filter(wanted.value.contains) }
      let enabled = EnabledFeatures(package, chosen: features[package.name] ?? [], flags)
      var names: [String] = []
      for name in chosen ?? package.binaries {
        let missing = enabled.missing(for: name)
        if !missing.isEmpty {
          leftOut.append(LeftOut(binary: name, package: package.name, features: missing))
          continue
        }
        names.append(name)
        if let other = owners[name] { throw .sameExecutable(name: name, packages: [other, package.name]) }
        owners[name] = package.name
        if app.appending("bin").appending(name).exists { throw .scriptInTheWay(name: name) }
      }
      if let origin = settings.binaries?.origin,
        let refused = leftOut.first(where: { $0.package == package.name && owners[$0.binary] == nil })
      {
        throw .featuresOff(binary: refused.binary, package: package.name, features: refused.features, origin: origin)
      }
      if !names.isEmpty {
        let step = Step(package: package, binaries: chosen, names: names, features: features[package.name] ?? [])
        steps.append(step)
      }
    }
    if steps.isEmpty {
      throw .noExecutables(
        packages: packages.map(\.name),
        known: Self.describe(metadata),
        leftOut: leftOut.map { "\($0.binary) (requires \($0.features.joined(separator: ", ")))" }
      )
    }
    if steps.count > 1, let flag = flags.ofOnePackage.first {
      throw .setting(
        name: "flags",
        origin: settings.flags?.origin ?? "",
        problem:
          "\"\(flag)\" is an option of \"cargo install\" alone, and several packages are built by one \"cargo build\"",
        known: []
      )
    }
    self.steps = steps
    self.leftOut = leftOut
  }

  /// All packages with binaries: "server (server, admin)".
  private static func describe(_ metadata: CargoMetadata) -> [String] {
    metadata.packages.filter { !$0.binaries.isEmpty }.map { package in
      package.binaries == [package.name]
        ? package.name : "\(package.name) (\(package.binaries.joined(separator: ", ")))"
    }.sorted()
  }

  private static func check(
    _ wanted: Sourced<String>,
    _ metadata: CargoMetadata,
    app: FilePath,
    _ environment: Environment
  ) throws(BuildpackError) {
    let configuration = CargoConfiguration(
      from: app,
      top: app,
      environment: environment
    )
    guard let known = profiles([metadata.workspaceRoot, app], configuration), !known.contains(wanted.value),
      configuration.setting("profile", wanted.value, "inherits") == nil
    else { return }
    throw .unknownName(
      kind: "profile",
      name: wanted.value,
      setting: "RUST_INSTALL_PROFILE",
      origin: wanted.origin,
      known: known.sorted()
    )
  }

  /// The names of all profiles: cargo's own, the manifest's, and those of the app's configuration. Nil when one of the
  /// files can't be read here, and then cargo is the one to judge.
  private static func profiles(_ folders: [FilePath], _ configuration: CargoConfiguration) -> Set<String>? {
    guard configuration.unreadable.isEmpty else { return nil }
    var names: Set<String> = ["dev", "release", "test", "bench"]
    names.formUnion(configuration.names(in: "profile"))
    for path in folders.map({ $0.appending("Cargo.toml") }) where path.exists {
      guard let content = try? path.contents(limit: 1 << 22), let document = try? TOML.parse(content) else {
        return nil
      }
      for member in document["profile"]?.object ?? [] { names.insert(member.key) }
    }
    return names
  }

  private static func packages(
    _ metadata: CargoMetadata,
    _ settings: Settings
  ) throws(BuildpackError) -> [CargoMetadata.Package] {
    guard let wanted = settings.packages else {
      let found = metadata.defaultMembers.filter { !$0.binaries.isEmpty }
      if found.isEmpty {
        throw .noExecutables(packages: metadata.defaultMembers.map(\.name), known: describe(metadata), leftOut: [])
      }
      return found
    }
    var found: [CargoMetadata.Package] = []
    for name in wanted.value {
      guard let package = metadata.packages.first(where: { $0.name == name }) else {
        throw .unknownName(
          kind: "package",
          name: name,
          setting: "RUST_INSTALL_PACKAGES",
          origin: wanted.origin,
          known: metadata.packages.map(\.name).sorted()
        )
      }
      if package.binaries.isEmpty { throw .noExecutables(packages: [name], known: describe(metadata), leftOut: []) }
      if !found.contains(where: { $0.id == package.id }) { found.append(package) }
    }
    if found.isEmpty { throw emptyList("packages", wanted.origin, known: metadata.packages.map(\.name).sorted()) }
    return found
  }

  private static func emptyList(_ name: String, _ origin: String, known: [String]) -> BuildpackError {
    .setting(name: name, origin: origin, problem: "the list names nothing to install", known: known)
  }

  /// Which features go to which package: `package/feature` to that one, `dependency/feature` to those with that
  /// dependency, a bare name to every package that has it.
  private static func features(
    _ settings: Settings,
    _ packages: [CargoMetadata.Package]
  ) throws(BuildpackError) -> [String: [String]] {
    var chosen: [String: [String]] = [:]
    for feature in settings.features?.value ?? [] {
      let parts = feature.split(separator: "/", maxSplits: 1).map(String.init)
      var owners: [CargoMetadata.Package]
      var name = feature
      if parts.count == 2, let owner = packages.first(where: { $0.name == parts[0] }) {
        owners = owner.features[parts[1]] == nil ? [] : [owner]
        name = parts[1]
      } else if parts.count == 2 {
        owners = packages.filter { $0.dependencies.contains { $0.name == parts[0] } }
      } else {
        owners = packages.filter { $0.features[feature] != nil }
      }
      for owner in owners { chosen[owner.name, default: []].append(name) }
      if owners.isEmpty {
        throw .unknownName(
          kind: "feature",
          name: feature,
          setting: "RUST_INSTALL_FEATURES",
          origin: settings.features?.origin ?? "",
          known: packages.flatMap { package in
            package.features.keys.sorted().map { packages.count > 1 ? "\(package.name)/\($0)" : $0 }
          }
        )
      }
    }
    return chosen
  }
}
