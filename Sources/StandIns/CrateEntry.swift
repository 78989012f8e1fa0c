import Foundation

/// One version of a crate as a line of the registry's index.
struct CrateEntry: Codable, Sendable {
  /// A dependency as the index has it.
  struct Dependency: Codable {
    /// The name in the manifest.
    let name: String
    let req: String
    let features: [String]
    let optional: Bool
    let usesDefaultFeatures: Bool
    let target: String?
    let kind: String
    /// The crate's own name where the manifest renames it.
    let package: String?

    private enum CodingKeys: String, CodingKey {
      case name, req, features, optional, target, kind, package
      case usesDefaultFeatures = "default_features"
    }
  }

  let name: String
  let version: String
  let dependencies: [Dependency]
  var checksum = ""
  /// The features; those that need a newer cargo stand in `features2`.
  let features: [String: [String]]
  let features2: [String: [String]]
  var isYanked = false
  let links: String?
  let rustVersion: String?
  private var format = 2

  private enum CodingKeys: String, CodingKey {
    case name, features, features2, links
    case version = "vers"
    case dependencies = "deps"
    case checksum = "cksum"
    case isYanked = "yanked"
    case rustVersion = "rust_version"
    case format = "v"
  }

  /// The line of the index, with its end.
  var line: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  /// Reads a line of the index.
  init(data: Data) throws {
    self = try JSONDecoder().decode(CrateEntry.self, from: data)
  }

  /// Reads what `cargo metadata --no-deps` says of a crate.
  init(metadata: Data) throws {
    guard let package = try JSONDecoder().decode(Metadata.self, from: metadata).packages.first else {
      throw StandInError("'cargo metadata' names no package")
    }
    name = package.name
    version = package.version
    links = package.links
    rustVersion = package.rustVersion
    let isNew = { (values: [String]) in values.contains { $0.hasPrefix("dep:") || $0.contains("?/") } }
    features = package.features.filter { !isNew($0.value) }
    features2 = package.features.filter { isNew($0.value) }
    dependencies = package.dependencies.map {
      Dependency(
        name: $0.rename ?? $0.name,
        req: $0.req,
        features: $0.features,
        optional: $0.optional,
        usesDefaultFeatures: $0.usesDefaultFeatures,
        target: $0.target,
        kind: $0.kind ?? "normal",
        package: $0.rename == nil ? nil : $0.name
      )
    }
  }
}

/// The part of `cargo metadata` that the index needs.
private struct Metadata: Decodable {
  struct Package: Decodable {
    let name: String
    let version: String
    let links: String?
    let rustVersion: String?
    let features: [String: [String]]
    let dependencies: [Dependency]

    private enum CodingKeys: String, CodingKey {
      case name, version, links, features, dependencies
      case rustVersion = "rust_version"
    }
  }

  struct Dependency: Decodable {
    let name: String
    let rename: String?
    let req: String
    let kind: String?
    let optional: Bool
    let usesDefaultFeatures: Bool
    let features: [String]
    let target: String?

    private enum CodingKeys: String, CodingKey {
      case name, rename, req, kind, optional, features, target
      case usesDefaultFeatures = "uses_default_features"
    }
  }

  let packages: [Package]
}
