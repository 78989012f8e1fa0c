import Foundation
import StandIns
import Testing

/// Programs that nobody here wrote, from Debian's packages `librust-*-dev` and `rust-src`: deployed as they are with
/// nothing but settings, and run.
@Suite(.serialized, .needsStandIns) struct RealProgramTests {
  /// Where a program's sources are; its version is Debian's.
  private static func folder(_ name: String) -> String? {
    let registry = CrateRegistry.debianFolder
    let names = (try? FileManager.default.contentsOfDirectory(atPath: registry)) ?? []
    return names.filter { $0.hasPrefix(name + "-") && $0.dropFirst(name.utf8.count + 1).first?.isNumber == true }
      .max().map { "\(registry)/\($0)" }
  }

  /// The folders, or nothing and a line that says what is not tested.
  private static func folders(_ names: String...) -> [String]? {
    let found = names.map { (name: $0, folder: folder($0)) }
    let missing = found.filter { $0.folder == nil }.map(\.name)
    if missing.isEmpty { return found.compactMap(\.folder) }
    print(
      "SKIPPED: \(names[0]) is not deployed: no sources of \(missing.joined(separator: ", ")) in "
        + "\(CrateRegistry.debianFolder); install the packages of Tests/debian-packages.txt"
    )
    return nil
  }

  private static func has(_ names: String...) -> Bool { names.allSatisfy { folder($0) != nil } }

  private static let registry = Result { () throws -> OfflineRust in
    let rust = try Rust.own()
    try rust.registry.addCrates()
    // Only its tests want these, which Debian leaves out; a lock file names them all the same.
    for (name, version) in unusedCrates { try rust.registry.add(.init(name, version)) }
    return rust
  }

  private static let unusedCrates = [
    ("bincode", "1.3.1"), ("html5ever", "0.25.0"), ("markup5ever_rcdom", "0.1.0"), ("tendril", "0.4.0"),
    // Members of the workspace that are not built.
    ("auxv", "0.3.3"), ("cfg-if", "0.1.10"), ("csv", "1.1.6"), ("cupid", "0.6.1"), ("html5ever", "0.23.0"),
    ("pretty_env_logger", "0.4.0"), ("quickcheck", "0.9.2"), ("rand", "0.7.3"), ("rustc-std-workspace-alloc", "1.0.0"),
    ("serde-xml-rs", "0.3.1"), ("wasmprinter", "0.2.24"),
  ]

  /// A quick build: these tests are about the deployment, not about the program's speed.
  private static let quick = ["RUST_INSTALL_PROFILE": "dev", "CARGO_PROFILE_DEV_DEBUG": "0"]

  /// The workspace of the standard library's vector instructions, as the package `rust-src` has it.
  private static let stdarch = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/src")) ?? []
    return names.filter { $0.hasPrefix("rustc-") }.map { "/usr/src/\($0)/library/stdarch" }
      .first { FileManager.default.fileExists(atPath: $0 + "/crates/stdarch-gen/neon.spec") }
  }()

  @Test(.enabled(if: stdarch != nil, "rust-src is not installed; see Tests/debian-packages.txt"))
  func aMemberOfAWorkspaceMakesWhatItsAuthorsCommitted() throws {
    let platform = try Platform(rust: Self.registry.get())
    var app = App([:])
    app.folder = Self.stdarch
    let settings = Self.quick.merging(["RUST_INSTALL_PACKAGES": "stdarch-gen"]) { $1 }
    let cold = try platform.deploy(app, env: settings)
    #expect(cold.exitCode == 0, "\(cold.log)")
    #expect(cold.names("bin") == ["stdarch-gen"] && cold.compiled == ["stdarch-gen"], "\(cold.log)")
    let warm = try platform.deploy(app, env: settings)
    #expect(warm.compiled == [], "\(warm.log)")

    // The program writes the source of another member. What is committed is the same after rustfmt, which changes
    // spaces and commas.
    let file = "crates/core_arch/src/arm_shared/neon/generated.rs"
    let ignored: Set<Character> = [" ", "\n", ","]
    let committed = try #require(warm.contents(file)).filter { !ignored.contains($0) }
    try shell("cd \"$1\"; rm \"$2\"; bin/stdarch-gen crates/stdarch-gen/neon.spec", warm.directory, file)
    let made = try #require(warm.contents(file)).filter { !ignored.contains($0) }
    #expect(made.count > 500_000 && made == committed)
  }

  @Test(.enabled(if: has("hexyl"), "librust-hexyl-dev is not installed"))
  func hexylPrintsBytes() throws {
    guard let folders = Self.folders("hexyl") else { return }
    let platform = try Platform(rust: Self.registry.get())
    var app: App = ["sample": "Rust!"]
    app.folder = folders[0]
    let deployment = try platform.deploy(app, env: Self.quick)
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.release.output.contains("web: /app/bin/hexyl"))
    let printed = deployment.output(of: "hexyl", "--color", "never", "\(deployment.directory)/sample") ?? ""
    #expect(printed.contains("52 75 73 74 21"), "\(printed)")
    #expect(try platform.deploy(app, env: Self.quick).complaint.contains("no Cargo.lock"))
  }

  @Test(.enabled(if: has("pulldown-cmark"), "librust-pulldown-cmark-dev is not installed"))
  func pulldownCmarkRendersWithTheFeatureThatItsBinaryRequires() throws {
    guard let folders = Self.folders("pulldown-cmark") else { return }
    let platform = try Platform(rust: Self.registry.get())
    var app = App([:])
    app.folder = folders[0]
    var settings = Self.quick.merging(["RUST_INSTALL_FLAGS": "--no-default-features"]) { $1 }
    let refused = try platform.deploy(app, env: settings)
    #expect(refused.complaint.contains("pulldown-cmark (requires getopts)"), "\(refused.log)")
    settings["RUST_INSTALL_FEATURES"] = "getopts"
    let deployment = try platform.deploy(app, env: settings)
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    let html = try shell("echo '# Title' | \"$1\"/bin/pulldown-cmark", deployment.directory)
    #expect(html == "<h1>Title</h1>\n")
  }

  /// Debian has its two crates apart, so their workspace is made here.
  @Test(.enabled(if: has("lalrpop", "lalrpop-util"), "librust-lalrpop-dev is not installed"))
  func lalrpopIsBuiltInAWorkspace() throws {
    guard let folders = Self.folders("lalrpop", "lalrpop-util") else { return }
    let platform = try Platform(rust: Self.registry.get())
    let sources = platform.folder + "/sources"
    try makeFolder(sources)
    try shell("cp -r \"$1\" \"$3\"/lalrpop; cp -r \"$2\" \"$3\"/lalrpop-util", folders[0], folders[1], sources)
    var app: App = [
      "Cargo.toml": """
      [workspace]
      members = ["lalrpop", "lalrpop-util"]
      [patch.crates-io]
      lalrpop-util = { path = "lalrpop-util" }
      """,
      "sum.lalrpop":
        "grammar;\npub Sum: i32 = { <l:Sum> \"+\" <r:Num> => l + r, Num };\nNum: i32 = r\"[0-9]+\" => 1;\n",
    ]
    app.folder = sources
    // Older sources than the compiler: what is an error by now was a warning to their authors.
    let settings = Self.quick.merging(["RUSTFLAGS": "--cap-lints=warn"]) { $1 }
    let cold = try platform.deploy(app, env: settings)
    #expect(cold.exitCode == 0, "\(cold.log)")
    #expect(cold.names("bin") == ["lalrpop"])
    _ = cold.output(of: "lalrpop", "\(cold.directory)/sum.lalrpop")
    #expect(cold.contents("sum.rs")?.contains("pub struct SumParser") == true)
    let warm = try platform.deploy(app, env: settings)
    #expect(warm.compiled == [], "\(warm.log)")
  }
}
