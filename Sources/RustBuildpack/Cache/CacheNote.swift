/// `cache.json`: the state that a deployment which succeeded left, whole; everything else in the cache is what it names.
///
/// It is replaced by a rename, never edited, and holds its own digest: a digit that changed would turn the clock back.
/// Values of variables stand in it as fingerprints only.
struct CacheNote: Sendable, Equatable {
  /// Raised when the meaning of anything in the cache changes.
  static let format = 1

  /// How many deployments have succeeded with this cache: the clock of `Freshness`.
  var deployments = 0
  var key = CacheKey()
  var archives: [CachePart: CacheArchive] = [:]
  var toolchain: Toolchain?
  /// The units in the archive of dependencies, as `UnitSelection` names them.
  var dependencyUnits: [String] = []
  /// Fingerprints of variables by name: see `BuildVariables`.
  var variables: [String: String] = [:]

  init() {}

  /// Reads a note; nil when it is none that this version wrote.
  init?(_ bytes: [UInt8]) {
    guard let file = try? JSON.parse(bytes), file["format"]?.integer == Self.format, let state = file["state"],
      file["digest"]?.string == Self.digest(state)
    else { return nil }
    self.init(state: state)
  }

  /// Reads the part that the digest is of.
  init?(state: JSON) {
    guard let deployments = state["deployments"]?.integer, deployments >= 0,
      let key = state["key"].flatMap({ CacheKey($0) }), let rows = state["archives"]?.object
    else { return nil }
    self.deployments = deployments
    self.key = key
    for row in rows {
      guard let part = CachePart(rawValue: row.key), let archive = Self.archive(row.value) else { return nil }
      archives[part] = archive
    }
    toolchain = state["toolchain"].flatMap { Toolchain($0) }
    for row in state["variables"]?.object ?? [] { variables[row.key] = row.value.string }
    dependencyUnits = (state["dependency_units"]?.array ?? []).compactMap { $0.string }
  }

  private static func digest(_ state: JSON) -> String { BLAKE2b.hash(Array(state.serialized().utf8)).hex }

  private static func archive(_ value: JSON) -> CacheArchive? {
    guard let name = value["name"]?.string, !name.isEmpty, !name.hasPrefix("."), !name.contains("/"),
      let digest = value["digest"]?.string, let size = value["size"]?.integer, let list = value["list"]?.string,
      let firstSize = value["first_size"]?.integer
    else { return nil }
    return CacheArchive(name: name, digest: digest, size: Int64(size), list: list, firstSize: Int64(firstSize))
  }

  /// The bytes of the file: the same state gives the same bytes.
  var serialized: [UInt8] {
    var rows: [JSON.Member] = []
    for part in CachePart.allCases {
      guard let archive = archives[part] else { continue }
      let value: JSON = [
        "name": .string(archive.name), "digest": .string(archive.digest), "size": .number("\(archive.size)"),
        "list": .string(archive.list), "first_size": .number("\(archive.firstSize)"),
      ]
      rows.append(JSON.Member(key: part.rawValue, value: value))
    }
    var members = [
      JSON.Member(key: "deployments", value: .number("\(deployments)")),
      JSON.Member(key: "key", value: key.json),
      JSON.Member(key: "archives", value: .object(rows)),
    ]
    if let toolchain { members.append(JSON.Member(key: "toolchain", value: toolchain.json)) }
    members.append(JSON.Member(key: "dependency_units", value: .array(dependencyUnits.map { .string($0) })))
    let rowsOfVariables = variables.sorted { $0.key < $1.key }
    members.append(
      JSON.Member(
        key: "variables",
        value: .object(rowsOfVariables.map { JSON.Member(key: $0.key, value: .string($0.value)) })
      )
    )
    let state = JSON.object(members)
    let file: JSON = [
      "format": .number("\(Self.format)"), "digest": .string(Self.digest(state)), "state": state,
    ]
    return Array((file.serialized(indented: true) + "\n").utf8)
  }
}
