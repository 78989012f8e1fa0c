import Foundation
import RustBuildpack
import StandIns
import Testing

/// The software bill of materials, from cargo's own messages to the file in the image.
@Suite(.needsStandIns) struct BillOfMaterialsTests {
  private func document(_ deployment: Deployment) throws -> JSON {
    let text = try #require(deployment.contents(BillOfMaterials.path), "\(deployment.log)")
    let check = CycloneDX(Data(text.utf8))
    #expect(check.violations == [])
    return try JSON.parse(Array(text.utf8))
  }

  @Test func theDocumentNamesWhatTheBuildUsed() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try rust.registry.add(.init("dep", "1.0.0+build.7", manifest: "license = \"MIT/Apache-2.0\"\n"))
    try rust.registry.add(.init("dep", "2.1.0", manifest: "license-file = \"src/lib.rs\"\n"))
    try rust.registry.add(.init("unused", "1.0.0"))
    let platform = try Platform(rust: rust)
    try GitRepositories.make(platform.folder + "/git")
    let secret = "canary-5e1b"
    let server = try LoopbackServer(root: platform.folder + "/git")
    defer { server.stop() }
    let address = server.url.replacingOccurrences(of: "//", with: "//user:\(secret)@")
    var app = App.package(
      manifest: """
        license = "LicenseRef-Own"
        [dependencies]
        dep = "1"
        newer = { package = "dep", version = "2" }
        local = { path = "local" }
        plain = { git = "\(address)/plain.git" }
        [dev-dependencies]
        unused = "1"
        [package.metadata.scalingo]
        sbom = true
        """
    ).without("Cargo.lock").with(.library("local", source: "pub fn local() {}\n"), in: "local")
      .with(["src/main.rs": "fn main() { local::local(); println!(\"{}\", plain::TEXT); }\n"])
    var texts: [String] = []
    for run in ["cold", "warm"] {
      // cargo's own git wants a server that is more than files.
      let deployment = try platform.deploy(app, env: ["CARGO_NET_GIT_FETCH_WITH_CLI": "true"])
      try #require(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.compiled.isEmpty == (run == "warm"))
      #expect(deployment.lines.contains("Setting sbom: yes (from [package.metadata.scalingo])"))
      #expect(deployment.lines.contains("Wrote the bill of materials, 5 packages, to .scalingo/rust/sbom.cdx.json"))
      app["Cargo.lock"] = deployment.contents("Cargo.lock")
      let document = try document(deployment)
      texts.append(try #require(deployment.contents(BillOfMaterials.path)))
      #expect(!texts[0].contains(secret), "no credentials")
      #expect(document["metadata"]?["component"]?["name"]?.string == "hello")

      let components = document["components"]?.array ?? []
      func component(_ name: String, _ version: String) -> JSON? {
        components.first { $0["name"]?.string == name && $0["version"]?.string == version }
      }
      #expect(components.compactMap { $0["name"]?.string } == ["dep", "dep", "local", "plain"])
      let old = try #require(component("dep", "1.0.0+build.7"))
      #expect(old["purl"]?.string == "pkg:cargo/dep@1.0.0%2Bbuild.7")
      #expect(old["licenses"] == [["expression": "MIT OR Apache-2.0"]])
      let crate = "\(rust.registry.directory)/crates/dep/dep-1.0.0+build.7.crate"
      let sum = try shell("sha256sum \"$1\"", crate).prefix(64)
      #expect(old["hashes"] == [["alg": "SHA-256", "content": .string(String(sum))]])
      #expect(component("dep", "2.1.0")?["licenses"] == nil)
      #expect(component("local", "0.1.0")?["purl"] == nil, "it is published nowhere")
      let plain = components.first { $0["name"]?.string == "plain" }?["purl"]?.string ?? ""
      #expect(plain.contains("?vcs_url=git%2Bhttp://127.0.0.1:\(server.port)/plain.git%40"), "\(plain)")
      let own = document["dependencies"]?.array?.first { $0["ref"]?.string == "app:hello@0.1.0" }
      #expect(own?["dependsOn"]?.array?.count == 4, "\(texts[0])")
    }
    #expect(texts[0] == texts[1], "the same sources have the same document")
  }

  @Test func itIsWrittenOnlyIfAskedForAndOfAWholeWorkspace() throws {
    let platform = try Platform.installed()
    let without = try platform.deploy(.shop)
    #expect(without.exitCode == 0 && !without.has(BillOfMaterials.path), "\(without.log)")
    let deployment = try platform.deploy(.shop, env: ["RUST_SBOM": "1"])
    let document = try document(deployment)
    #expect(document["metadata"]?["component"]?["name"]?.string == "app")
    let names = document["components"]?.array?.compactMap { $0["name"]?.string }
    #expect(names == ["server", "shop-core", "worker"])
    #expect(deployment.lines.contains("Setting sbom: yes (from RUST_SBOM)"))
    let refused = try platform.deploy(App.package(manifest: "[package.metadata.scalingo]\nsbom = \"yes\"\n"))
    #expect(refused.exitCode == 1 && refused.log.contains("\"sbom\" must be true or false"), "\(refused.log)")
  }

  static let damages: [(name: String, from: String, to: String)] = [
    ("an unknown member", "\"bomFormat\"", "\"own\": 1, \"bomFormat\""),
    ("another version of the specification", "\"specVersion\": \"1.5\"", "\"specVersion\": \"1.4\""),
    ("a number that is no UUID", "urn:uuid:", "uuid:"),
    ("an unknown kind of component", "\"type\": \"application\"", "\"type\": \"program\""),
    ("a reference to nothing", "\"ref\": \"app:", "\"ref\": \"x:"),
    ("a name for two", "\"bom-ref\": \"c\"", "\"bom-ref\": \"b\""),
    ("a target twice", "[\"b\", \"c\"]", "[\"b\", \"b\"]"),
    ("a hash of another length", "\"0a", "\""), ("an unknown algorithm", "SHA-256", "SHA256"),
    ("a package URL without a version", "cargo/b@1.0.0", "cargo/b"),
    ("an expression beside a licence", "[{ \"expression\"", "[{ \"license\": { \"id\": \"MIT\" } }, { \"expression\""),
  ]

  @Test(arguments: damages)
  func theCheckSeesWhatIsWrong(name: String, from: String, to: String) {
    let text = """
      {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
        "serialNumber": "urn:uuid:0f2d1c3b-4a59-8e67-9a1b-0123456789ab", "version": 1,
        "metadata": { "component": { "type": "application", "bom-ref": "app:a@1.0.0", "name": "a" } },
        "components": [
          { "type": "library", "bom-ref": "b", "name": "b", "purl": "pkg:cargo/b@1.0.0",
            "hashes": [{ "alg": "SHA-256", "content": "\(String(repeating: "0a", count: 32))" }] },
          { "type": "library", "bom-ref": "c", "name": "c", "licenses": [{ "expression": "MIT OR Apache-2.0" }] }
        ],
        "dependencies": [{ "ref": "app:a@1.0.0", "dependsOn": ["b", "c"] }, { "ref": "b", "dependsOn": [] }]
      }
      """
    #expect(CycloneDX(Data(text.utf8)).violations == [])
    let damaged = text.replacingOccurrences(of: from, with: to)
    #expect(damaged != text, "\(name): \(text)")
    #expect(!CycloneDX(Data(damaged.utf8)).violations.isEmpty, "\(name)")
  }
}
