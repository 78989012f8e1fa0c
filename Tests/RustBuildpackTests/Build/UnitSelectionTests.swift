// Target directories as cargo 1.95 lays them out, and which of their entries are packed.
import Glibc
import Testing

@testable import RustBuildpack

private let a = "00000000000000aa"
private let b = "00000000000000bb"
private let c = "00000000000000cc"
private let d = "00000000000000dd"
private let registry = "registry+https://github.com/rust-lang/crates.io-index"

@Suite struct UnitSelectionTests {
  let folder: TemporaryFolder
  private var target: FilePath { folder["target"] }

  init() throws { folder = try TemporaryFolder() }

  private func unit(
    _ id: String,
    _ name: String,
    _ files: String...,
    isRun: Bool = false
  ) -> CargoMessages.Unit {
    CargoMessages.Unit(
      packageID: id,
      root: nil,
      files: files.map { target.appending($0) },
      isRun: isRun,
      isMacro: false,
      name: name
    )
  }

  private func write(_ names: String...) throws {
    for name in names { try folder.write("x", to: "target/\(name)") }
  }

  /// Gives a file a second name, as cargo does.
  private func hardLink(_ old: String, _ new: String) throws {
    try #require(link(target.appending(old).description, target.appending(new).description) == 0)
  }

  private func select(_ units: [CargoMessages.Unit], kept: [String] = []) throws -> UnitSelection {
    try UnitSelection(target, units: units, app: "/link/app", kept: kept)
  }

  /// The files of a selection, folders left out.
  private func files(_ paths: [FilePath]) -> Set<String> {
    Set(paths.filter { target.appending(bytes: $0.bytes).isFile }.map { $0.description })
  }

  // MARK: cargo's layout

  /// A library's unit.
  private func library(_ name: String, _ hash: String, profile: String = "release") throws {
    let file = name.replacing("-", with: "_")
    try write(
      "\(profile)/.fingerprint/\(name)-\(hash)/lib-\(file)",
      "\(profile)/deps/lib\(file)-\(hash).rlib",
      "\(profile)/deps/lib\(file)-\(hash).rmeta",
      "\(profile)/deps/\(file)-\(hash).d"
    )
  }

  private func libraryFiles(_ name: String, _ hash: String, profile: String = "release") -> Set<String> {
    let file = name.replacing("-", with: "_")
    return [
      "\(profile)/.fingerprint/\(name)-\(hash)/lib-\(file)", "\(profile)/deps/lib\(file)-\(hash).rlib",
      "\(profile)/deps/lib\(file)-\(hash).rmeta", "\(profile)/deps/\(file)-\(hash).d",
    ]
  }

  @Test func unitsThatWereUsedAreChosen() throws {
    try library("my-lib", a)
    try library("my-lib", b)
    try write(
      "release/.fingerprint/app-\(c)/bin-app",
      "release/deps/app-\(c)",
      "release/deps/app-\(c).d",
      "release/app.d",
      "release/.cargo-lock",
      ".rustc_info.json",
      "CACHEDIR.TAG",
      "release/incremental/app-\(c)/state",
      "release/.fingerprint/app-\(d)/run-build-script-build-script-build",
      "release/build/app-\(d)/out/gen.rs",
      "release/build/app-\(d)/output",
      "release/old"
    )
    try hardLink("release/deps/app-\(c)", "release/app")
    let found = try select([
      unit(
        "\(registry)#my-lib@1.0.0",
        "my_lib",
        "release/deps/libmy_lib-\(a).rlib",
        "release/deps/libmy_lib-\(a).rmeta"
      ),
      unit("path+file:///link/app#0.1.0", "", "release/build/app-\(d)/out", isRun: true),
      unit("path+file:///link/app#0.1.0", "app", "release/app"),
    ])
    #expect(found.knowsLayout)
    #expect(files(found.dependencies) == libraryFiles("my-lib", a))
    #expect(found.dependencyUnits == [a])
    #expect(
      files(found.own) == [
        ".rustc_info.json", "CACHEDIR.TAG", "release/.fingerprint/app-\(c)/bin-app", "release/deps/app-\(c)",
        "release/deps/app-\(c).d",
        "release/.fingerprint/app-\(d)/run-build-script-build-script-build", "release/build/app-\(d)/out/gen.rs",
        "release/build/app-\(d)/output",
      ]
    )
    #expect(found.own.contains(FilePath("release/build/app-\(d)/out")), "a folder is an entry")
    for list in [found.own, found.dependencies] { #expect(list == list.sorted() || Set(list).count == list.count) }
  }

  @Test func twoVersionsOfACrateAreTwoUnits() throws {
    for hash in [a, b, c] { try library("rand", hash) }
    let found = try select([
      unit("\(registry)#rand@0.8.0", "rand", "release/deps/librand-\(a).rlib"),
      unit("\(registry)#rand@0.9.0", "rand", "release/deps/librand-\(b).rlib"),
    ])
    #expect(files(found.dependencies) == libraryFiles("rand", a).union(libraryFiles("rand", b)))
    #expect(found.dependencyUnits == [a, b])
  }

  @Test func foldersOfTargetTriplesAreLikeOthers() throws {
    let profile = "x86_64-unknown-linux-musl/release"
    try library("dep", a, profile: profile)
    try library("dep", b)
    let found = try select([unit("\(registry)#dep@1.0.0", "dep", "\(profile)/deps/libdep-\(a).rlib")])
    #expect(files(found.dependencies) == libraryFiles("dep", a, profile: profile))
  }

  /// Packages by their place, and whether they are the app's own.
  @Test(arguments: [
    ("path+file:///link/app/member#0.1.0", true), ("path+file:///link/app#lib@0.1.0", true),
    ("lib 0.1.0 (path+file:///link/app/member)", true), ("path+file:///link/application#lib@0.1.0", false),
    ("path+file:///elsewhere/lib#0.1.0", false), ("\(registry)#lib@0.1.0", false),
    ("lib 0.1.0 (\(registry))", false), ("git+file:///link/app/repository#lib@0.1.0", false), ("nonsense", false),
  ])
  func packagesBelowTheAppAreItsOwn(id: String, isOwn: Bool) throws {
    // A vendored crate stands below the app, and carries the identifier of its registry.
    try library("lib", a)
    let found = try select([unit(id, "lib", "release/deps/liblib-\(a).rlib")])
    #expect(files(isOwn ? found.own : found.dependencies) == libraryFiles("lib", a))
    #expect(files(isOwn ? found.dependencies : found.own).isEmpty)
    #expect(found.dependencyUnits == (isOwn ? [] : [a]))
  }

  @Test func unitsOfBothAreTheAppsAlone() throws {
    try library("lib", a)
    let found = try select([
      unit("path+file:///link/app/lib#0.1.0", "lib", "release/deps/liblib-\(a).rlib"),
      unit("\(registry)#lib@0.1.0", "lib", "release/deps/liblib-\(a).rlib"),
    ])
    #expect(files(found.own) == libraryFiles("lib", a) && found.dependencies.isEmpty && found.dependencyUnits.isEmpty)
  }

  @Test func keptUnitsAreChosenUnused() throws {
    try library("used", a)
    try library("kept", b)
    try library("gone", c)
    let found = try select([unit("\(registry)#used@1.0.0", "used", "release/deps/libused-\(a).rlib")], kept: [b, d])
    #expect(files(found.dependencies) == libraryFiles("used", a).union(libraryFiles("kept", b)))
    #expect(found.dependencyUnits == [a, b, d])
  }

  @Test func aProgramWithoutHardLinksBringsItsPackage() throws {
    try write(
      "release/.fingerprint/my-app-\(a)/bin-my-app",
      "release/deps/my_app-\(a)",
      "release/deps/my_app-\(b)",
      "release/deps/other-\(c)",
      "release/my-app"
    )
    let found = try select([unit("path+file:///link/app#my-app@0.1.0", "my-app", "release/my-app")])
    #expect(found.knowsLayout)
    #expect(
      files(found.own) == [
        "release/.fingerprint/my-app-\(a)/bin-my-app", "release/deps/my_app-\(a)", "release/deps/my_app-\(b)",
      ]
    )
  }

  // MARK: Libraries for C

  @Test func aLibraryForCHasNoHash() throws {
    // As cargo 1.95 lays out crate-type = ["cdylib"] that was asked for: deps/libapi.so, linked to libapi.so.
    try write("release/.fingerprint/api-\(a)/lib-api", "release/deps/api.d", "release/deps/libapi.so")
    try hardLink("release/deps/libapi.so", "release/libapi.so")
    let found = try select([unit("path+file:///link/app/api#0.1.0", "api", "release/libapi.so")])
    #expect(found.knowsLayout)
    #expect(files(found.own) == ["release/.fingerprint/api-\(a)/lib-api", "release/deps/libapi.so"])
  }

  @Test(arguments: [true, false]) func aLibraryForRustAndCHasNone(isAskedFor: Bool) throws {
    // crate-type = ["rlib", "cdylib"]: neither file has a hash; one that was not asked for has no second name.
    try library("other", b)
    try write("release/.fingerprint/api-\(a)/lib-api", "release/deps/libapi.rlib", "release/deps/libapi.so")
    if isAskedFor {
      for file in ["libapi.rlib", "libapi.so"] { try hardLink("release/deps/\(file)", "release/\(file)") }
    }
    let place = isAskedFor ? "release" : "release/deps"
    let found = try select([
      unit("path+file:///link/app/api#0.1.0", "api", "\(place)/libapi.rlib", "\(place)/libapi.so")
    ])
    #expect(found.knowsLayout)
    #expect(
      files(found.own) == [
        "release/.fingerprint/api-\(a)/lib-api", "release/deps/libapi.rlib", "release/deps/libapi.so",
      ]
    )
  }

  // MARK: The layout to come

  @Test func theNewLayoutIsKnown() throws {
    // Recorded from cargo 1.95 with -Zbuild-dir-new-layout.
    try write(
      "release/build/dep/\(a)/fingerprint/lib-dep",
      "release/build/dep/\(a)/out/libdep-\(a).rlib",
      "release/build/dep/\(b)/fingerprint/lib-dep",
      "release/build/dep/\(b)/out/libdep-\(b).rlib",
      "release/build/my-app/\(c)/fingerprint/bin-my-app",
      "release/build/my-app/\(c)/out/my_app",
      "release/build/my-app/\(c)/out/my_app.d",
      "release/build/my-app/\(d)/fingerprint/run-build-script",
      "release/build/my-app/\(d)/run/stdout",
      "release/my-app.d",
      "release/.cargo-lock"
    )
    try folder.makeFolder("target/release/build/my-app/\(d)/out")
    try hardLink("release/build/my-app/\(c)/out/my_app", "release/my-app")
    let found = try select([
      unit("\(registry)#dep@1.0.0", "dep", "release/build/dep/\(a)/out/libdep-\(a).rlib"),
      unit("path+file:///link/app#my-app@0.1.0", "", "release/build/my-app/\(d)/out", isRun: true),
      unit("path+file:///link/app#my-app@0.1.0", "my-app", "release/my-app"),
    ])
    #expect(found.knowsLayout)
    #expect(
      files(found.dependencies) == [
        "release/build/dep/\(a)/fingerprint/lib-dep", "release/build/dep/\(a)/out/libdep-\(a).rlib",
      ]
    )
    #expect(
      files(found.own) == [
        "release/build/my-app/\(c)/fingerprint/bin-my-app", "release/build/my-app/\(c)/out/my_app",
        "release/build/my-app/\(c)/out/my_app.d", "release/build/my-app/\(d)/fingerprint/run-build-script",
        "release/build/my-app/\(d)/run/stdout",
      ]
    )
    #expect(found.own.contains(FilePath("release/build/my-app/\(d)/out")))
  }

  // MARK: What is not known

  @Test(arguments: [
    ("no hash anywhere", "release/units/serde/libserde.rlib"), ("a longer hash", "release/deps/libserde-\(a)\(b).rlib"),
    ("a hash that is not hexadecimal", "release/deps/libserde-zzzzzzzzzzzzzzzz.rlib"),
  ])
  func anUnknownLayoutIsKeptWhole(name: String, library: String) throws {
    try write(library, "release/x/state", "release/.fingerprint/serde-\(c)/lib-serde", "release/incremental/s/state")
    let found = try select([unit("\(registry)#serde@1.0.0", "serde", library)])
    #expect(!found.knowsLayout)
    #expect(files(found.own) == [library, "release/x/state", "release/.fingerprint/serde-\(c)/lib-serde"])
    #expect(found.dependencies.isEmpty && found.dependencyUnits.isEmpty)
  }

  @Test func filesElsewhereAreNoConcern() throws {
    let elsewhere = CargoMessages.Unit(
      packageID: "\(registry)#x@1.0.0",
      root: nil,
      files: ["/elsewhere/libx.rlib"],
      isRun: false,
      isMacro: false,
      name: "x"
    )
    let found = try select([elsewhere])
    #expect(found.knowsLayout && found.own.isEmpty && found.dependencies.isEmpty, "and there is no target directory")
  }
}
