/// Which features of a package are on: those that were chosen, the default ones, and all that these turn on.
struct EnabledFeatures {
  private var names: Set<String> = []
  private let package: CargoMetadata.Package

  init(_ package: CargoMetadata.Package, chosen: [String], _ flags: InstallFlags) {
    self.package = package
    if flags.usesDefaultFeatures { enable("default") }
    for name in chosen + flags.features { enable(name) }
    if flags.usesAllFeatures { for name in package.features.keys { enable(name) } }
  }

  /// The features that a binary wants and does not have.
  func missing(for binary: String) -> [String] {
    (package.requiredFeatures[binary] ?? []).filter { !names.contains($0) }
  }

  /// Takes a feature as a manifest names it: "name", "dep:name", "dependency/feature", "dependency?/feature".
  private mutating func enable(_ item: String) {
    let parts = item.split(separator: "/", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      if parts[0] == package.name {
        enable(parts[1])
        return
      }
      let isWeak = parts[0].hasSuffix("?")
      names.insert("\(isWeak ? String(parts[0].dropLast()) : parts[0])/\(parts[1])")
      if !isWeak, package.features[parts[0]] != nil { enable(parts[0]) }
      return
    }
    guard names.insert(item).inserted else { return }
    for next in package.features[item] ?? [] { enable(next) }
  }
}
