// Which folder is the app's.
import Testing

@testable import RustBuildpack

@Suite struct AppFolderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "top/services/api/Cargo.toml")
    try folder.write("", to: "top/services/api/src/main.rs")
    try folder.write("", to: "top/libs/common/Cargo.toml")
    try folder.makeFolder("other")
    try folder.link("top/link", to: "services/api")
    try folder.link("top/outside", to: folder["other"])
  }

  private func app(_ name: String?, legacy: String? = nil) throws(BuildpackError) -> String {
    var environment = Environment()
    environment["RUST_APP_DIR"] = name
    let config = legacy.map { RustConfig(content: Array("BUILD_PATH=\($0)".utf8)) }
    let found = try AppFolder.resolve(folder["top"], environment, config)
    return String(found.description.dropFirst(folder["top"].description.count))
  }

  @Test(
    arguments: [
      (nil, nil, ""), ("", nil, ""), (".", nil, ""), ("/", nil, ""), ("services/api", nil, "/services/api"),
      ("./services//api/", nil, "/services/api"), ("/services/api\n", nil, "/services/api"),
      ("link", nil, "/services/api"), (nil, "libs/common", "/libs/common"), ("services", "libs/common", "/services"),
    ] as [(String?, String?, String)]
  )
  func isTheOneThatWasAskedFor(name: String?, legacy: String?, expected: String) throws {
    #expect(try app(name, legacy: legacy) == expected)
  }

  @Test(arguments: ["missing", "../other", "outside", "services/api/Cargo.toml"])
  func isNeverOutsideOrMissing(name: String) {
    let words = errorText { () throws(BuildpackError) in _ = try app(name) }
    #expect(words.hasPrefix("Error: The setting RUST_APP_DIR can't be used.\n\nthere is no folder \"\(name)\""))
    #expect(words.hasSuffix("There are: services/api, libs/common."), "\(words)")
    let old = errorText { () throws(BuildpackError) in _ = try app(nil, legacy: name) }
    #expect(old.hasPrefix("Error: The setting BUILD_PATH can't be used."))
  }

  @Test func aLockFileMayBeElsewhereOnPurpose() throws {
    let app = folder["top/services/api"]
    #expect(!AppFolder.movesLockFile(app, top: folder["top"]))
    try folder.write("[resolver]\nlockfile-path = \"locks/Cargo.lock\"\n", to: "top/services/.cargo/config.toml")
    #expect(AppFolder.movesLockFile(app, top: folder["top"]))
    #expect(!AppFolder.movesLockFile(app, top: app))
  }

  @Test func foldersWithAManifestAreFound() throws {
    try folder.write("", to: "top/a/b/c/Cargo.toml")
    try folder.write("", to: "top/a/b/c/d/Cargo.toml")
    try folder.write("", to: "top/bins/Cargo.toml")
    try folder.write("", to: "top/bins/src/bin/x.rs")
    for name in [".git/x", "node_modules/x", "target/x", "vendor/x"] {
      try folder.write("", to: "top/\(name)/Cargo.toml")
    }
    #expect(AppFolder.withManifest(below: folder["top"]) == ["bins", "services/api", "a/b/c", "libs/common"])
    #expect(AppFolder.withManifest(below: folder["top"], limit: 1) == ["bins"])
    #expect(AppFolder.withManifest(below: folder["other"]) == [])
  }
}
