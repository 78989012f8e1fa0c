// cargo's configuration: variables' names, lists, tables and the paths that values hold.
import Testing

@testable import RustBuildpack

@Suite struct CargoConfigurationValueTests {
  private static let file = "app/.cargo/config.toml"

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func configuration(
    _ files: [String: String],
    _ variables: [String: String] = [:]
  ) throws -> CargoConfiguration {
    try folder.makeFolder("app")
    for (name, text) in files { try folder.write(text, to: name) }
    let environment = Environment(variables.mapValues { Array($0.utf8) })
    return CargoConfiguration(from: folder["app"], top: folder.path, environment: environment)
  }

  @Test(arguments: [
    (["target", "x86_64-unknown-linux-musl", "linker"], "CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER"),
    (["target", "thumbv8m.main-none-eabi", "linker"], "CARGO_TARGET_THUMBV8M_MAIN_NONE_EABI_LINKER"),
    (["registries", "my_house", "index"], "CARGO_REGISTRIES_MY_HOUSE_INDEX"),
  ])
  func namesVariablesAsCargoDoes(key: [String], variable: String) throws {
    let setting = try configuration([:], [variable: "x"]).setting(key[0], key[1], key[2])
    #expect(setting?.origin == variable && setting?.isVariable == true)
  }

  @Test func someListsAreNotJoined() throws {
    let found = try configuration([
      Self.file: "registry.global-credential-providers = [\"a\"]\nregistry.credential-provider = [\"a\"]",
      ".cargo/config.toml": "registry.global-credential-providers = [\"b\"]\nregistry.credential-provider = [\"b\"]",
    ])
    #expect(found.strings("registry", "global-credential-providers") == ["b", "a"])
    #expect(found.strings("registry", "credential-provider") == ["a"])
    let byVariable = try configuration([:], ["CARGO_REGISTRY_CREDENTIAL_PROVIDER": "c d"])
    #expect(byVariable.strings("registry", "credential-provider") == ["c", "d"])
  }

  @Test func namesAreThoseOfAllFiles() throws {
    let found = try configuration(
      [Self.file: "[profile.a]\n[profile.b]", ".cargo/config.toml": "[profile.b]\n[profile.c]"],
      ["CARGO_PROFILE_D_INHERITS": "dev"]
    )
    #expect(found.names(in: "profile") == ["a", "b", "c"])
    #expect(found.names(in: "alias") == [])
  }

  @Test func tellsRelativePaths() throws {
    let found = try configuration(
      [
        Self.file: """
        [source.vendored-sources]
        directory = "vendor"
        [source."a b"]
        local-registry = "../registry"
        [source.elsewhere]
        directory = "/vendor"
        [source.crates-io]
        replace-with = "vendored-sources"
        [target.one]
        linker = "tools/cc"
        [target.two]
        linker = "clang"
        [target.three]
        linker = "/usr/bin/cc"
        [target.four]
        linker = "tools/cc"
        [target.'cfg(unix)']
        linker = "./cc"
        """, ".cargo/config.toml": "[source.above]\ndirectory = \"vendor\"\n[target.one]\nlinker = \"other/cc\"\n",
      ],
      ["CARGO_TARGET_FOUR_LINKER": "other/cc"]
    )
    let app = folder["app"]
    #expect(
      found.vendoredSources == [
        .init(key: "source.vendored-sources.directory", path: "vendor", base: app),
        .init(key: "source.\"a b\".local-registry", path: "../registry", base: app),
        .init(key: "source.above.directory", path: "vendor", base: folder.path),
      ]
    )
    #expect(
      found.linkers == [
        .init(key: "target.one.linker", path: "tools/cc", base: app),
        .init(key: "target.\"cfg(unix)\".linker", path: "./cc", base: app),
      ]
    )
  }

  @Test(arguments: [
    ("locks/Cargo.lock", "app/locks/Cargo.lock"), ("../Cargo.lock", "Cargo.lock"),
    ("./a/../Cargo.lock", "app/Cargo.lock"),
  ])
  func pathsCountFromTheFoldersParent(path: String, expected: String) throws {
    let found = try configuration([Self.file: "[resolver]\nlockfile-path = \"\(path)\""])
    #expect(found.path("resolver", "lockfile-path") == folder[expected])
    #expect(found.path("resolver", "other") == nil)
  }
}
