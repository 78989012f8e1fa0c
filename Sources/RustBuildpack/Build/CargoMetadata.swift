/// What cargo knows of the app's packages: `cargo metadata --no-deps --format-version 1`, asked once a deployment.
package struct CargoMetadata: Sendable {
  /// A package of the workspace.
  package struct Package: Sendable {
    package let id: String
    package let name: String
    package let version: String
    package let manifest: FilePath
    /// Names of its binaries, also of those that require features, sorted.
    package let binaries: [String]
    /// The roots of its crates that a build compiles, its build script's among them.
    package let roots: [FilePath]
    package let isMacro: Bool
    /// Names of its binaries with the features that each requires.
    package let requiredFeatures: [String: [String]]
    /// Its features, each with what it turns on.
    package let features: [String: [String]]
    /// Its dependencies by the name that the manifest gives them, with the folder of those that are paths.
    package let dependencies: [(name: String, path: FilePath?)]
    package let edition: String?
    package let rustVersion: String?
    package let defaultRun: String?
    package let settings: JSON?
  }

  package let packages: [Package]
  /// Packages that cargo builds when none is named.
  package let defaultMembers: [Package]
  /// The package whose manifest is the one at the top, if there is one.
  package let rootPackage: Package?
  package let workspaceRoot: FilePath
  package let workspaceSettings: JSON?

  /// Reads what `cargo metadata` printed; nothing when it is not of that form.
  package init?(_ document: JSON, buildDirectory: FilePath) {
    guard let list = document["packages"]?.array, let root = document["workspace_root"]?.string else { return nil }
    let members = Set((document["workspace_members"]?.array ?? []).compactMap(\.string))
    packages = list.compactMap(Self.package).filter { members.contains($0.id) }
    workspaceRoot = FilePath(root)
    workspaceSettings = document["metadata"]?["scalingo"]
    let manifest = buildDirectory.appending("Cargo.toml")
    let atTop = packages.first { $0.manifest == manifest }
    rootPackage = atTop
    if let atTop, atTop.manifest.parent != workspaceRoot {
      // In a member's folder, cargo builds that member.
      defaultMembers = [atTop]
    } else if let names = document["workspace_default_members"]?.array?.compactMap(\.string) {
      let isDefault = Set(names)
      defaultMembers = packages.filter { isDefault.contains($0.id) }
    } else {
      // cargo before 1.71 does not say: the root package if there is one, else all members.
      defaultMembers = atTop.map { [$0] } ?? packages
    }
  }

  private static func package(_ value: JSON) -> Package? {
    guard let id = value["id"]?.string, let name = value["name"]?.string,
      let manifest = value["manifest_path"]?.string
    else { return nil }
    var binaries: [String] = []
    var required: [String: [String]] = [:]
    var roots: [FilePath] = []
    var isMacro = false
    for target in value["targets"]?.array ?? [] {
      let kinds = (target["kind"]?.array ?? []).compactMap { $0.string }
      if kinds.contains("proc-macro") { isMacro = true }
      if !kinds.contains(where: { ["test", "bench", "example"].contains($0) }), let root = target["src_path"]?.string {
        roots.append(FilePath(root))
      }
      guard kinds.contains("bin") else { continue }
      guard let binary = target["name"]?.string else { continue }
      binaries.append(binary)
      if let features = target["required-features"]?.array, !features.isEmpty {
        required[binary] = features.compactMap(\.string)
      }
    }
    return Package(
      id: id,
      name: name,
      version: value["version"]?.string ?? "0.0.0",
      manifest: FilePath(manifest),
      binaries: binaries.sorted(),
      roots: roots,
      isMacro: isMacro,
      requiredFeatures: required,
      features: Dictionary(
        (value["features"]?.object ?? []).map { ($0.key, ($0.value.array ?? []).compactMap(\.string)) }
      ) { first, _ in first },
      dependencies: (value["dependencies"]?.array ?? []).compactMap { row in
        (row["rename"]?.string ?? row["name"]?.string).map { ($0, row["path"]?.string.map { FilePath($0) }) }
      },
      edition: value["edition"]?.string,
      rustVersion: value["rust_version"]?.string,
      defaultRun: value["default_run"]?.string,
      settings: value["metadata"]?["scalingo"]
    )
  }
}
