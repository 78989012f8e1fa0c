/// Looks in the app's manifests for what cargo refuses with words that do not help on a platform.
///
/// cargo's own answer comes first where it can be had: packages as `cargo metadata` gives them. When cargo can't read
/// the manifests at all, they are read here, as far as that needs.
struct ManifestCheck {
  private let context: BuildContext
  private let toolchain: Toolchain
  /// Where the toolchain was named.
  private let origin: String

  init(_ context: BuildContext, _ toolchain: Toolchain, origin: String) {
    self.context = context
    self.toolchain = toolchain
    self.origin = origin
  }

  /// Looks at the packages that are to be built, and at the paths of all packages of the workspace, which cargo wants.
  func check(_ plan: InstallPlan, _ metadata: CargoMetadata) throws(BuildpackError) {
    for package in metadata.packages {
      for dependency in package.dependencies {
        if let path = dependency.path, isMissingOutside(path) {
          throw .pathOutside(manifest: shown(package.manifest), dependency: dependency.name, path: path)
        }
      }
    }
    for package in plan.steps.map(\.package) {
      if let wanted = package.rustVersion, !plan.flags.ignoresRustVersion, Self.isOlder(toolchain.version, than: wanted)
      {
        throw .rustTooOld(
          package: package.name,
          wanted: wanted,
          by: "rust-version",
          version: toolchain.version,
          origin: origin
        )
      }
      if let error = editionTrouble(package.name, package.edition) { throw error }
    }
  }

  /// What is wrong with manifests that cargo has refused, if it can be told.
  func trouble() -> BuildpackError? {
    for manifest in manifests() {
      guard let content = try? manifest.contents(limit: 1 << 22), let document = try? TOML.parse(content) else {
        continue
      }
      let package = document["package"]
      let name = package?["name"]?.string ?? shown(manifest)
      let edition = package?["edition"]?.string ?? document["workspace"]?["package"]?["edition"]?.string
      if let error = editionTrouble(name, edition) { return error }
      for (dependency, path) in Self.paths(document) {
        let folder = context.constant(manifest.parent).appending(path).normalized
        if isMissingOutside(folder) {
          return .pathOutside(manifest: shown(manifest), dependency: dependency, path: folder)
        }
      }
      if Self.inherits(document), document["workspace"] == nil, !hasWorkspace(above: manifest) {
        return .workspaceOutside(manifest: shown(manifest))
      }
    }
    return nil
  }

  private func editionTrouble(_ package: String, _ edition: String?) -> BuildpackError? {
    // Source: the edition guide, "Rust 2018", "Rust 2021", "Rust 2024".
    let first = ["2018": "1.31", "2021": "1.56", "2024": "1.85"]
    guard let edition, let wanted = first[edition], Self.isOlder(toolchain.version, than: wanted) else { return nil }
    return .rustTooOld(
      package: package,
      wanted: wanted,
      by: "edition \(edition)",
      version: toolchain.version,
      origin: origin
    )
  }

  /// Whether the first version comes before the second, by as many numbers as the second has.
  static func isOlder(_ version: String, than wanted: String) -> Bool {
    func numbers(_ text: String) -> [Int] {
      (text.split(separator: "-").first ?? "").split(separator: ".").map { Int($0) ?? 0 }
    }
    let (have, want) = (numbers(version), numbers(wanted))
    for (index, number) in want.enumerated() {
      let other = index < have.count ? have[index] : 0
      if other != number { return other < number }
    }
    return false
  }

  private func isMissingOutside(_ path: FilePath) -> Bool {
    let path = path.normalized
    return context.relative(path) == nil && !path.exists
  }

  private func shown(_ manifest: FilePath) -> String {
    (context.relative(manifest) ?? manifest).description
  }

  /// The app's manifest first, then all others below the build directory.
  private func manifests() -> [FilePath] {
    let top = context.appDirectory.appending("Cargo.toml")
    var found = [top]
    let ignored: Set<String> = [".git", "target", "node_modules"]
    do throws(FileError) {
      try context.buildDirectory.walk { (entry, status) throws(FileError) in
        if entry.lastComponent == "Cargo.toml", status.kind == .file, entry != top { found.append(entry) }
        return !ignored.contains(entry.lastComponent) && found.count < 1_000
      }
    } catch { return found }
    return found
  }

  /// Every path that a manifest's dependencies, patches and members name, with the name of what is there.
  private static func paths(_ document: JSON) -> [(name: String, path: String)] {
    var tables: [JSON?] = [document["workspace"]?["dependencies"]]
    for root in [document] + (document["target"]?.object ?? []).map(\.value) {
      for key in ["dependencies", "dev-dependencies", "build-dependencies"] { tables.append(root[key]) }
    }
    tables += (document["patch"]?.object ?? []).map(\.value)
    var found: [(name: String, path: String)] = []
    for member in tables.flatMap({ $0?.object ?? [] }) {
      if let path = member.value["path"]?.string { found.append((member.key, path)) }
    }
    for path in (document["workspace"]?["members"]?.array ?? []).compactMap(\.string) where !path.contains("*") {
      found.append((path, path))
    }
    return found
  }

  /// Whether something is taken over from a workspace, or one is named.
  private static func inherits(_ document: JSON) -> Bool {
    guard let package = document["package"] else { return false }
    if package["workspace"] != nil { return true }
    let tables = [package] + ["dependencies", "dev-dependencies", "build-dependencies"].compactMap { document[$0] }
    return tables.contains { ($0.object ?? []).contains { $0.value["workspace"]?.bool == true } }
  }

  private func hasWorkspace(above manifest: FilePath) -> Bool {
    var folder = manifest.parent
    while folder != context.buildDirectory, folder.isInside(context.buildDirectory) {
      folder = folder.parent
      if let content = try? folder.appending("Cargo.toml").contents(limit: 1 << 22),
        let document = try? TOML.parse(content), document["workspace"] != nil
      {
        return true
      }
    }
    return false
  }
}
