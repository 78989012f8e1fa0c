/// A software bill of materials for what a deployment ships: CycloneDX 1.5 as JSON.
///
/// Source: the specification at cyclonedx.org, version 1.5; package URLs as the purl specification has them for cargo.
package struct BillOfMaterials {
  private let buildpackVersion: String
  /// "name version" of the packages whose binaries are shipped.
  private let shipped: [String]
  private let toolchain: Toolchain
  private let lockFile: LockFile
  /// "name version" of every package that the build used.
  private let used: Set<String>
  /// cargo's home, where the manifests of registry packages tell their licences.
  private let cargoHome: FilePath

  /// `shipped`: name and version of the packages whose binaries are installed; `packageIDs`: cargo's identifiers of all
  /// packages that the build used, as its messages name them.
  package init(
    buildpackVersion: String,
    shipped: [(name: String, version: String)],
    toolchain: Toolchain,
    lockFile: LockFile,
    packageIDs: Set<String>,
    cargoHome: FilePath
  ) {
    self.buildpackVersion = buildpackVersion
    self.shipped = shipped.map { "\($0.name) \($0.version)" }
    self.toolchain = toolchain
    self.lockFile = lockFile
    used = Set(packageIDs.compactMap { PackageIdentifier($0).map { "\($0.name) \($0.version)" } })
    self.cargoHome = cargoHome
  }

  /// Where the document is for the app at run time, below its folder.
  package static let path = ".scalingo/rust/sbom.cdx.json"

  /// Puts the document into the build directory; how many packages it names.
  package func write(into app: FilePath) throws(FileError) -> Int {
    let file = app.appending(Self.path)
    try file.parent.makeDirectories()
    try file.write(Array((document.serialized(indented: true) + "\n").utf8))
    return packages.count
  }

  /// The packages of the lock file that the build used.
  private var packages: [LockFile.Package] {
    lockFile.packages.filter { used.contains("\($0.name) \($0.version)") }
  }

  var document: JSON {
    let packages = packages
    let own = packages.filter { $0.source == nil && shipped.contains("\($0.name) \($0.version)") }
    let compiler: JSON = [
      "type": "application", "bom-ref": .string("toolchain:rustc@\(toolchain.version)"), "name": "rustc",
      "version": .string(toolchain.version),
    ]
    // Of a workspace, several packages are shipped: then the app itself has no name and no version in its sources.
    let application = own.count == 1 ? own.first : nil
    var rows = packages.map { dependencies(of: $0, among: packages) }
    if application == nil { rows.insert(["ref": "app", "dependsOn": .array(own.map(reference))], at: 0) }
    let components = packages.filter { application == nil || reference($0) != application.map(reference) }
    let content: JSON = [
      "metadata": [
        "component": application.map(component)
          ?? ["type": "application", "bom-ref": "app", "name": "app"],
        "tools": [
          "components": [
            ["type": "application", "name": "rust-buildpack", "version": .string(buildpackVersion)], compiler,
          ]
        ],
      ],
      "components": .array(components.map(component)),
      "dependencies": .array(rows),
    ]
    let header: JSON = [
      "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
      // The same content has the same number, so that a deployment of the same sources gives the same file.
      "serialNumber": .string(Self.serialNumber(content)), "version": 1,
    ]
    return .object((header.object ?? []) + (content.object ?? []))
  }

  private func reference(_ package: LockFile.Package) -> JSON {
    // The app's own packages are published nowhere, so that a package URL would say something false.
    .string(package.source == nil ? "app:\(package.name)@\(package.version)" : Self.packageURL(package))
  }

  private func component(_ package: LockFile.Package) -> JSON {
    let isShipped = package.source == nil && shipped.contains("\(package.name) \(package.version)")
    var members = [
      JSON.Member(key: "type", value: isShipped ? "application" : "library"),
      JSON.Member(key: "bom-ref", value: reference(package)),
      JSON.Member(key: "name", value: .string(package.name)),
      JSON.Member(key: "version", value: .string(package.version)),
    ]
    if let checksum = package.checksum {
      members.append(JSON.Member(key: "hashes", value: [["alg": "SHA-256", "content": .string(checksum)]]))
    }
    guard package.source != nil else { return .object(members) }
    if let licence = licence(package) { members.append(JSON.Member(key: "licenses", value: [licence])) }
    members.append(JSON.Member(key: "purl", value: .string(Self.packageURL(package))))
    return .object(members)
  }

  /// `pkg:cargo/NAME@VERSION`; a version's `+` is escaped, and what is not from crates.io says where it is from.
  static func packageURL(_ package: LockFile.Package) -> String {
    let version = package.version.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
    let plain = "pkg:cargo/\(package.name)@\(version)"
    guard let source = package.source, !isPublicRegistry(source) else { return plain }
    // A repository's address may hold credentials: they never reach the image.
    let place = withoutCredentials(source)
    if source.hasPrefix("git+") {
      // "git+URL?branch=x#COMMIT" here is "git+URL@COMMIT" there.
      let commit = place.lastIndex(of: "#").map { "@\(place[place.index(after: $0)...])" } ?? ""
      return "\(plain)?vcs_url=\(escaped(place.prefix { $0 != "?" && $0 != "#" } + commit))"
    }
    let kinds = ["registry+", "sparse+"]
    let kind = kinds.first { place.hasPrefix($0) } ?? ""
    return "\(plain)?repository_url=\(escaped(place.dropFirst(kind.utf8.count)))"
  }

  private static func isPublicRegistry(_ source: String) -> Bool {
    source.hasPrefix("registry+https://github.com/rust-lang/crates.io-index")
      || source.hasPrefix("sparse+https://index.crates.io/")
  }

  private static func withoutCredentials(_ source: String) -> String {
    var parts = source.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.count > 2, let at = parts[2].lastIndex(of: "@") {
      parts[2] = String(parts[2][parts[2].index(after: at)...])
    }
    return parts.joined(separator: "/")
  }

  /// Percent-encodes what a purl's qualifier may not hold.
  private static func escaped(_ text: Substring) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "/"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func dependencies(of package: LockFile.Package, among packages: [LockFile.Package]) -> JSON {
    let shown = Set(packages.map { "\($0.name) \($0.version) \($0.source ?? "")" })
    let targets = lockFile.dependencies(of: package)
      .filter { shown.contains("\($0.name) \($0.version) \($0.source ?? "")") }.map { reference($0) }
    return ["ref": reference(package), "dependsOn": .array(targets)]
  }

  /// The licence that the package's own manifest states.
  private func licence(_ package: LockFile.Package) -> JSON? {
    let name = "\(package.name)-\(package.version)"
    for registry in cargoHome.appending("registry/src").entries {
      let manifest = registry.appending(name).appending("Cargo.toml")
      guard let content = try? manifest.contents(limit: 1 << 22), let document = try? TOML.parse(content),
        let text = document["package"]?["license"]?.string, !text.isEmpty
      else { continue }
      // Before SPDX expressions, cargo's manifests had a slash for "or".
      let expression = text.split(separator: "/").map { Self.trimmed($0) }.joined(separator: " OR ")
      let isExpression = expression.utf8.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || " .+-()".utf8.contains(byte)
      }
      return isExpression ? ["expression": .string(expression)] : ["license": ["name": .string(text)]]
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }

  /// A UUID that follows from the content: version 8 of RFC 9562, of the SHA-256.
  private static func serialNumber(_ content: JSON) -> String {
    var bytes = Array(SHA256.hash(Array(content.serialized().utf8)).bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = Array(Digest(bytes: bytes).hex.prefix(32))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }
    return "urn:uuid:\(groups.joined(separator: "-"))"
  }
}
