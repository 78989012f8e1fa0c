import Testing

@testable import RustBuildpack

@Suite struct BillOfMaterialsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let sources: [(source: String, version: String, expected: String)] = [
    ("registry+https://github.com/rust-lang/crates.io-index", "1.0.0", "pkg:cargo/dep@1.0.0"),
    ("sparse+https://index.crates.io/", "1.0.0+b.1", "pkg:cargo/dep@1.0.0%2Bb.1"),
    (
      "sparse+https://user:secret@house.example.com:8443/index/", "1.0.0",
      "pkg:cargo/dep@1.0.0?repository_url=https://house.example.com:8443/index/"
    ),
    (
      "registry+ssh://git@house.example.com/in dex?a=b&c", "1.0.0",
      "pkg:cargo/dep@1.0.0?repository_url=ssh://house.example.com/in%20dex%3Fa%3Db%26c"
    ),
    (
      "git+https://user:se@cret@example.com/x/dep.git?branch=main#0123abcd", "1.0.0",
      "pkg:cargo/dep@1.0.0?vcs_url=git%2Bhttps://example.com/x/dep.git%400123abcd"
    ),
    (
      "git+https://token-secret@example.com#0123abcd", "1.0.0",
      "pkg:cargo/dep@1.0.0?vcs_url=git%2Bhttps://example.com%400123abcd"
    ),
  ]

  @Test(arguments: sources)
  func packageURLsSayWhereFromAndHoldNoCredentials(source: String, version: String, expected: String) {
    let package = LockFile.Package(name: "dep", version: version, source: source, checksum: nil, dependencies: [])
    #expect(BillOfMaterials.packageURL(package) == expected)
  }

  private func bill(_ shipped: [(String, String)], used: [String]) throws -> BillOfMaterials {
    let registry = "registry+https://github.com/rust-lang/crates.io-index"
    let sum = String(repeating: "ab", count: 32)
    func crate(_ name: String, _ version: String, _ dependencies: [String] = []) -> String {
      """
      [[package]]
      name = "\(name)"
      version = "\(version)"
      source = "\(registry)"
      checksum = "\(sum)"
      dependencies = [\(dependencies.map { "\"\($0)\"" }.joined(separator: ", "))]

      """
    }
    let own = ["web", "worker"].map {
      "[[package]]\nname = \"\($0)\"\nversion = \"0.1.0\"\ndependencies = [\"dep 1.0.0\", \"dep 2.0.0 (\(registry))\"]\n"
    }
    let text = crate("dep", "1.0.0") + crate("dep", "2.0.0", ["unused"]) + crate("unused", "1.0.0") + own.joined()
    return BillOfMaterials(
      buildpackVersion: "1.2.3",
      shipped: shipped,
      toolchain: Toolchain(channel: "stable", version: "1.95.0", identity: ""),
      lockFile: try #require(LockFile(Array(text.utf8))),
      packageIDs: Set(used),
      cargoHome: folder.path
    )
  }

  private let all = [
    "registry+https://x/#dep@1.0.0", "registry+https://x/#dep@2.0.0", "path+file:///b/web#0.1.0",
    "path+file:///b/worker#0.1.0",
  ]

  private func dependsOn(_ document: JSON) -> [String: [String]] {
    let rows = (document["dependencies"]?.array ?? []).compactMap { row in
      row["ref"]?.string.map { ($0, (row["dependsOn"]?.array ?? []).compactMap(\.string)) }
    }
    return Dictionary(rows) { first, _ in first }
  }

  @Test func onePackageIsTheApplication() throws {
    let document = try bill([("web", "0.1.0")], used: Array(all.dropLast())).document
    #expect(document["metadata"]?["component"]?["name"]?.string == "web")
    #expect(document["components"]?.array?.compactMap { $0["version"]?.string } == ["1.0.0", "2.0.0"])
    #expect(
      dependsOn(document) == [
        "app:web@0.1.0": ["pkg:cargo/dep@1.0.0", "pkg:cargo/dep@2.0.0"], "pkg:cargo/dep@1.0.0": [],
        "pkg:cargo/dep@2.0.0": [],
      ],
      "what the build did not use is not there, nor referred to"
    )
  }

  @Test func ofSeveralPackagesTheAppIsTheSum() throws {
    let document = try bill([("web", "0.1.0"), ("worker", "0.1.0")], used: all).document
    #expect(document["metadata"]?["component"]?["name"]?.string == "app")
    #expect(dependsOn(document)["app"] == ["app:web@0.1.0", "app:worker@0.1.0"])
    let types = document["components"]?.array?.compactMap { $0["type"]?.string }
    #expect(types == ["library", "library", "application", "application"])
  }

  @Test func theSameContentHasTheSameNumberAndOtherContentAnother() throws {
    let first = try bill([("web", "0.1.0")], used: all).document
    let second = try bill([("web", "0.1.0")], used: all.reversed()).document
    #expect(first.serialized() == second.serialized())
    let other = try bill([("web", "0.1.0")], used: Array(all.dropFirst())).document
    #expect(first["serialNumber"] != other["serialNumber"])
  }

  static let licences: [(manifest: String, expected: JSON?)] = [
    ("license = \"MIT\"", ["expression": "MIT"]),
    ("license = \"MIT / Apache-2.0\"", ["expression": "MIT OR Apache-2.0"]),
    ("license = \"MIT/Apache-2.0\"", ["expression": "MIT OR Apache-2.0"]),
    ("license = \"(MIT OR Apache-2.0) AND Unicode-3.0\"", ["expression": "(MIT OR Apache-2.0) AND Unicode-3.0"]),
    ("license = \"see the file\\n\\u0041\"", ["license": ["name": "see the file\nA"]]),
    ("license-file = \"LICENSE\"", nil), ("license = 7", nil), ("license = \"\"", nil), ("broken", nil),
  ]

  @Test(arguments: licences)
  func licencesAreWhatTheManifestsState(manifest: String, expected: JSON?) throws {
    try folder.write("[package]\nname = \"dep\"\n\(manifest)\n", to: "registry/src/index-1/dep-1.0.0/Cargo.toml")
    let document = try bill([("web", "0.1.0")], used: all).document
    let dep = try #require(document["components"]?.array?.first)
    #expect(dep["licenses"]?.array?.first == expected)
  }
}
