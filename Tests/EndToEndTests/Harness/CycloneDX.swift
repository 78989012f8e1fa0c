import Foundation

/// The rules of the published JSON schema of CycloneDX 1.5 (cyclonedx.org/schema/bom-1.5.schema.json) for the parts that
/// our documents use: which members there may and must be, the words of the enumerations, patterns, and references.
struct CycloneDX {
  /// What breaks a rule, a sentence each.
  private(set) var violations: [String] = []
  private(set) var references: [String] = []

  private typealias Object = [String: Any]

  init(_ document: Data) {
    guard let root = try? JSONSerialization.jsonObject(with: document) as? Object else {
      violations.append("the document is no JSON object")
      return
    }
    check(
      root,
      "document",
      required: ["bomFormat", "specVersion"],
      allowed: [
        "$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "services",
        "externalReferences", "dependencies", "compositions", "vulnerabilities", "annotations", "formulation",
        "properties", "signature",
      ]
    )
    expect(root["$schema"] as? String == "http://cyclonedx.org/schema/bom-1.5.schema.json", "$schema")
    expect(root["bomFormat"] as? String == "CycloneDX", "bomFormat")
    expect(root["specVersion"] as? String == "1.5", "specVersion")
    expect((root["version"] as? Int).map { $0 >= 1 } == true, "version")
    let uuid = #"^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"#
    expect(matches(root["serialNumber"], uuid), "serialNumber")
    let metadata = root["metadata"] as? Object ?? [:]
    check(
      metadata,
      "metadata",
      required: [],
      allowed: [
        "timestamp", "lifecycles", "tools", "authors", "component", "manufacture", "supplier", "licenses", "properties",
      ]
    )
    let tools = metadata["tools"] as? Object ?? [:]
    check(tools, "tools", required: [], allowed: ["components", "services"])
    var components = root["components"] as? [Object] ?? []
    expect(Set(components.map { "\($0)" }).count == components.count, "components are unique")
    components += tools["components"] as? [Object] ?? []
    if let application = metadata["component"] as? Object { components.append(application) }
    for component in components { checkComponent(component) }
    expect(Set(references).count == references.count, "every bom-ref is unique")
    checkDependencies(root["dependencies"] as? [Object] ?? [])
  }

  private mutating func checkComponent(_ component: Object) {
    let name = "component \(component["name"] ?? "?")"
    check(
      component,
      name,
      required: ["type", "name"],
      allowed: [
        "type", "mime-type", "bom-ref", "supplier", "author", "publisher", "group", "name", "version", "description",
        "scope", "hashes", "licenses", "copyright", "cpe", "purl", "swid", "modified", "pedigree",
        "externalReferences", "components", "evidence", "releaseNotes", "modelCard", "data", "properties", "signature",
      ]
    )
    let types = [
      "application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver",
      "firmware", "file", "machine-learning-model", "data",
    ]
    expect((component["type"] as? String).map(types.contains) == true, "\(name): type")
    if let reference = component["bom-ref"] {
      expect((reference as? String)?.isEmpty == false, "\(name): bom-ref")
      references.append(reference as? String ?? "")
    }
    for hash in component["hashes"] as? [Object] ?? [] {
      check(hash, "\(name): hash", required: ["alg", "content"], allowed: ["alg", "content"])
      let algorithms = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512"]
      expect((hash["alg"] as? String).map(algorithms.contains) == true, "\(name): alg")
      let digests = "^([a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$"
      expect(matches(hash["content"], digests), "\(name): hash content")
    }
    let licences = component["licenses"] as? [Object] ?? []
    // Either one expression, or licences.
    if licences.contains(where: { $0["expression"] != nil }) {
      expect(
        licences.count == 1 && licences[0].count == 1 && licences[0]["expression"] is String,
        "\(name): expression"
      )
    }
    for licence in licences where licence["expression"] == nil {
      let choice = licence["license"] as? Object ?? [:]
      expect((choice["id"] is String) != (choice["name"] is String), "\(name): a licence has an id or a name")
    }
    if let url = component["purl"] {
      // The package URL specification: scheme, type, name, version, and percent-encoded qualifiers.
      let form =
        #"^pkg:[a-z][a-z0-9.+-]*/[A-Za-z0-9._-]+@([A-Za-z0-9._-]|%[0-9A-F]{2})+(\?[a-z_]+=([A-Za-z0-9._~:/-]|%[0-9A-F]{2})+)?$"#
      expect(matches(url, form), "\(name): purl \(url)")
    }
  }

  private mutating func checkDependencies(_ rows: [Object]) {
    for row in rows {
      let reference = row["ref"] as? String ?? "?"
      check(row, "dependency \(reference)", required: ["ref"], allowed: ["ref", "dependsOn", "provides"])
      let targets = row["dependsOn"] as? [String] ?? []
      expect(Set(targets).count == targets.count, "dependency \(reference): unique targets")
      for name in [reference] + targets {
        expect(references.contains(name), "dependency \(reference): \(name) is known")
      }
    }
    let subjects = rows.compactMap { $0["ref"] as? String }
    expect(Set(subjects).count == subjects.count, "each component has one row of dependencies")
  }

  private mutating func check(_ object: Object, _ name: String, required: [String], allowed: [String]) {
    for key in required { expect(object[key] != nil, "\(name) has \(key)") }
    for key in object.keys.sorted() { expect(allowed.contains(key), "\(name) may not have \(key)") }
  }

  private mutating func expect(_ isKept: Bool, _ rule: String) {
    if !isKept { violations.append(rule) }
  }

  private func matches(_ value: Any?, _ pattern: String) -> Bool {
    (value as? String)?.range(of: pattern, options: .regularExpression) != nil
  }
}
