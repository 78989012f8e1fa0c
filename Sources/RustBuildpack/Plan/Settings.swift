/// A value with the place it came from.
package struct Sourced<Value: Sendable>: Sendable {
  package let value: Value
  /// For the log: "RUST_INSTALL_PROFILE", "[package.metadata.scalingo]".
  package let origin: String
}

/// One row of the table of settings: the docs are tested against this.
package struct SettingDefinition: Sendable {
  package let variable: String?
  package let key: String?
  package let meaning: String
  package let fallback: String
}

/// What the app's owner may choose, from config vars and from the manifest.
package struct Settings: Sendable {
  /// Workspace packages to install; nothing for the default members that have binaries.
  package private(set) var packages: Sourced<[String]>?
  /// Binaries to install; nothing for all of the chosen packages.
  package private(set) var binaries: Sourced<[String]>?
  /// Features as cargo takes them; nothing for cargo's default features.
  package private(set) var features: Sourced<[String]>?
  /// cargo's profile; nothing for "release".
  package private(set) var profile: Sourced<String>?
  /// Further arguments for "cargo install".
  package private(set) var flags: Sourced<InstallFlags>?
  /// Crates whose programs are wanted at run time; nothing for none.
  package private(set) var tools: Sourced<[ToolRequest]>?
  /// Whether crate sources stay in the image; nothing for yes.
  package private(set) var keepsSources: Sourced<Bool>?
  /// Whether a software bill of materials is written; nothing for no.
  package private(set) var writesBillOfMaterials: Sourced<Bool>?
  /// Whether the profile script sets how many threads an app starts in a small container; nil for yes.
  package private(set) var setsRuntimeDefaults: Sourced<Bool>?
  /// Add-ons for `bin/release`; nothing for PostgreSQL, as the reference buildpack has it.
  package private(set) var addons: Sourced<[String]>?
  /// Keys of the manifest's section that mean nothing, with the nearest that does.
  package private(set) var unknownKeys: [(key: String, nearest: String?, origin: String)] = []

  /// Variables that are named like a setting and are none, with the nearest that is.
  package private(set) var unknownVariables: [(name: String, nearest: String?)] = []

  /// The table of settings.
  package static let definitions: [SettingDefinition] = [
    SettingDefinition(
      variable: "RUST_INSTALL_PACKAGES",
      key: "packages",
      meaning: "workspace packages to install",
      fallback: "the default members that have binaries"
    ),
    SettingDefinition(
      variable: "RUST_INSTALL_BINARIES",
      key: "binaries",
      meaning: "binaries to install",
      fallback: "all of the chosen packages"
    ),
    SettingDefinition(
      variable: "RUST_INSTALL_FEATURES",
      key: "features",
      meaning: "features to build with, `package/feature` in a workspace",
      fallback: "cargo's default features"
    ),
    SettingDefinition(
      variable: "RUST_INSTALL_PROFILE",
      key: "profile",
      meaning: "cargo profile to build with",
      fallback: "release"
    ),
    SettingDefinition(
      variable: "RUST_INSTALL_FLAGS",
      key: "flags",
      meaning: "further arguments for cargo, split as a shell splits words",
      fallback: "none"
    ),
    SettingDefinition(
      variable: "RUST_INSTALL_TOOLS",
      key: "tools",
      meaning: "crates whose binaries the app wants at run time: `name`, `name@version`, or in the manifest a table "
        + "with `version`, `features`, `default-features`, `git`, `branch`, `tag`, `rev`, `registry`",
      fallback: "none"
    ),
    SettingDefinition(
      variable: "RUST_KEEP_SOURCES",
      key: "keep-sources",
      meaning: "`0` (`false` in the manifest) removes crate sources from the image after the build",
      fallback: "1"
    ),
    SettingDefinition(
      variable: "RUST_SBOM",
      key: "sbom",
      meaning: "`1` (`true` in the manifest) puts a software bill of materials into the image: CycloneDX 1.5, at "
        + "`.scalingo/rust/sbom.cdx.json`",
      fallback: "0"
    ),
    SettingDefinition(
      variable: "RUST_RUNTIME_DEFAULTS",
      key: "runtime-defaults",
      meaning: "`off` (`false` in the manifest) leaves the number of threads in small containers to the app's crates",
      fallback: "on"
    ),
    SettingDefinition(
      variable: nil,
      key: "addons",
      meaning: "add-ons for a new app; `[]` for none",
      fallback: "`[\"scalingo-postgresql\"]`"
    ),
    SettingDefinition(
      variable: "RUST_APP_DIR",
      key: nil,
      meaning: "the folder of the app's `Cargo.toml` in a repository of several apps; the rest of the repository is "
        + "there, too",
      fallback: "the top"
    ),
    SettingDefinition(
      variable: "RUST_CACHE",
      key: nil,
      meaning: "`off` deploys as if the build cache were empty, and leaves a good one behind",
      fallback: "on"
    ),
    SettingDefinition(
      variable: "RUST_SCCACHE",
      key: nil,
      meaning: "shares compiled crates with other apps: `redis` by the app's Redis add-on, `on` by the store that "
        + "sccache's own variables name, `off` never",
      fallback: "on if such a variable is set"
    ),
    SettingDefinition(
      variable: "RUST_SCCACHE_URL",
      key: nil,
      meaning: "where to fetch sccache's archive instead, with `RUST_SCCACHE_SHA256`",
      fallback: "its release on GitHub"
    ),
    SettingDefinition(
      variable: "RUST_SCCACHE_SHA256",
      key: nil,
      meaning: "the SHA-256 sum of that archive",
      fallback: "none"
    ),
    SettingDefinition(
      variable: "RUST_SKIP_BUILD",
      key: nil,
      meaning: "`1` installs the toolchain and writes `export` for a later buildpack, and builds nothing",
      fallback: "0"
    ),
  ]

  /// Reads the settings; `metadata` is the value of `metadata.scalingo` of the package and of the workspace, the
  /// stronger first, each with its name for the log.
  ///
  /// - Throws: when a value has the wrong type or can't be used.
  package init(_ environment: Environment, _ metadata: [(value: JSON?, origin: String)]) throws(BuildpackError) {
    let reader = SettingsReader(environment: environment, sections: metadata)
    for section in metadata where section.value != nil && section.value?.object == nil {
      throw .setting(name: "metadata.scalingo", origin: section.origin, problem: "It must be a table", known: [])
    }
    packages = try reader.list("RUST_INSTALL_PACKAGES", "packages")
    binaries = try reader.list("RUST_INSTALL_BINARIES", "binaries")
    features = try reader.list("RUST_INSTALL_FEATURES", "features")
    profile = try reader.text("RUST_INSTALL_PROFILE", "profile")
    addons = try reader.list(nil, "addons")
    tools = try reader.tools("RUST_INSTALL_TOOLS", "tools")
    keepsSources = try reader.flag("RUST_KEEP_SOURCES", "keep-sources")
    writesBillOfMaterials = try reader.flag("RUST_SBOM", "sbom")
    setsRuntimeDefaults = try reader.flag("RUST_RUNTIME_DEFAULTS", "runtime-defaults")
    flags = try reader.flags("RUST_INSTALL_FLAGS", "flags")
    let keys = Self.definitions.compactMap(\.key)
    for section in metadata {
      for member in section.value?.object ?? [] where !keys.contains(member.key) {
        unknownKeys.append((member.key, nearest(member.key, among: keys), section.origin))
      }
    }
    let variables = Self.definitions.compactMap(\.variable)
    for name in environment.values.keys.sorted()
    where name.hasPrefix("RUST_INSTALL_") && !variables.contains(name) {
      unknownVariables.append((name, nearest(name, among: variables)))
    }
  }

  /// Whether `RUST_CACHE` says that the cache must not be used.
  package static func isCacheOff(_ environment: Environment) -> Bool { truth(environment["RUST_CACHE"]) == false }

  /// Whether `RUST_SKIP_BUILD` says that only the toolchain is wanted.
  package static func skipsBuild(_ environment: Environment) -> Bool {
    truth(environment["RUST_SKIP_BUILD"]) == true
  }

  /// What a config var says as yes or no: "0", "false", "no" and "off" are no, empty is nothing, all else is yes.
  static func truth(_ text: String?) -> Bool? {
    guard let text, !text.isEmpty else { return nil }
    return !["0", "false", "no", "off"].contains(text.lowercased())
  }

  /// What was set, and where, a line each.
  package var summary: [String] {
    func line(_ name: String, _ setting: Sourced<[String]>?) -> String? {
      setting.map {
        "Setting \(name): \($0.value.isEmpty ? "none" : $0.value.joined(separator: ", ")) (from \($0.origin))"
      }
    }
    return [
      line("packages", packages), line("binaries", binaries), line("features", features),
      line("profile", profile.map { Sourced(value: [$0.value], origin: $0.origin) }),
      line("flags", flags.map { Sourced(value: withoutSecrets($0.value.words), origin: $0.origin) }),
      line("tools", tools.map { Sourced(value: $0.value.map(\.shown), origin: $0.origin) }),
      line("keep-sources", keepsSources.map { Sourced(value: [$0.value ? "yes" : "no"], origin: $0.origin) }),
      line("sbom", writesBillOfMaterials.map { Sourced(value: [$0.value ? "yes" : "no"], origin: $0.origin) }),
      line(
        "runtime-defaults",
        setsRuntimeDefaults.map { Sourced(value: [$0.value ? "yes" : "no"], origin: $0.origin) }
      ),
      line("addons", addons),
    ].compactMap { $0 }
  }
}
