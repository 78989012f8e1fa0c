// What rustc's lists and build scripts' output say, recorded from cargo 1.95.
import Testing

@testable import RustBuildpack

@Suite struct DeclaredInputsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Reads what stands in `target`, for an app that cargo knows as `/link/app`.
  private func inputs(base: FilePath = "/link/app") throws -> DeclaredInputs {
    var inputs = DeclaredInputs { path in
      path.isInside("/link/app") ? FilePath(bytes: path.bytes.dropFirst("/link/app/".utf8.count)) : nil
    }
    try inputs.read(folder["target"], base: base)
    return inputs
  }

  private func of(
    _ package: String,
    folder: FilePath = "p",
    roots: [FilePath] = ["p/src/lib.rs"]
  ) throws -> (files: Set<FilePath>, folders: [FilePath]) {
    let found = try inputs().of(package: package, folder: folder, roots: roots)
    return (found.files, found.watched + (found.watchesPackage ? [folder] : []))
  }

  // MARK: Rules of make

  @Test(arguments: [
    ("/t/a.d: src/main.rs src/b.rs\n\n/t/a: src/main.rs\n", ["src/main.rs", "src/b.rs"]),
    ("/t/a.d: app/src/../t.txt", ["app/src/../t.txt"]), ("/t/a.d: dep/a\\ b.txt c", ["dep/a b.txt", "c"]),
    ("/t/with\\ space.d: a", ["a"]), ("/t/a.d: a\\b", ["a\\b"]), ("/t/a.d:", []), ("/t/a.d: \n a", []),
    ("/t/a.d:  a   b ", ["a", "b"]), ("/t/a.d: a: b", ["a:", "b"]), ("no colon here", []), ("", []), ("\n", []),
    ("# env-dep:HOME\n/t/a.d: a", []),
  ])
  func prerequisitesOfTheFirstRuleAreRead(text: String, expected: [String]) {
    #expect(MakeRule.prerequisites(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } == expected)
  }

  @Test func pathsStayInTheirFolder() {
    for (path, expected) in [
      ("a/../b", "b"), ("./a", "a"), ("a/..", ""), ("../a", nil), ("a/../../b", nil), ("..", nil),
    ] as [(FilePath, FilePath?)] {
      #expect(path.normalizedRelative == expected, "\(path)")
    }
  }

  @Test func aNameMayBeginWithTwoDots() {
    #expect(("..a/b" as FilePath).normalizedRelative == "..a/b")
  }

  // MARK: rustc's lists

  @Test func listsAreReadByTheirRoots() throws {
    try folder.write(
      "/t/p-1.d: p/src/lib.rs p/src/../a\\ b.txt /link/app/shared/x.rs /link/cargo/registry/src/i/c/lib.rs ../out.rs\n",
      to: "target/release/deps/p-0123456789abcdef.d"
    )
    try folder.write("/t/q.d: q/src/main.rs q/t.txt\n", to: "target/release/deps/q-0123456789abcdee.d")
    try folder.write(
      "/t/b.d: /link/app/p/build.rs p/gen.txt\n",
      to: "target/release/build/p-0123456789abcded/build_script_build-0123456789abcded.d"
    )
    let found = try of("p", roots: ["p/src/lib.rs", "p/build.rs"])
    #expect(found.files == ["p/src/lib.rs", "p/a b.txt", "shared/x.rs", "p/build.rs", "p/gen.txt"])
    #expect(found.folders.isEmpty)
    #expect(try of("q", roots: ["q/src/main.rs"]).files == ["q/src/main.rs", "q/t.txt"])
    #expect(try of("none", roots: ["n/src/lib.rs"]).files.isEmpty)
    #expect(try inputs().rustSources == ["p/src/lib.rs", "shared/x.rs", "p/build.rs", "q/src/main.rs"])
  }

  @Test func relativeNamesCountFromTheWorkspace() throws {
    try folder.write("/t/p.d: src/lib.rs ../other/x.txt\n", to: "target/release/deps/p-0123456789abcdef.d")
    let found = try inputs(base: "/link/app/p").of(package: "p", folder: "p", roots: ["p/src/lib.rs"])
    #expect(found.files == ["p/src/lib.rs", "other/x.txt"])
  }

  @Test func aLibraryForCHasAListWithoutAHash() throws {
    try folder.write("/t/p.d: p/src/lib.rs p/x.txt\n", to: "target/release/deps/p.d")
    #expect(try of("p").files == ["p/src/lib.rs", "p/x.txt"])
    try folder["target"].removeTree()
    try folder.write("/t/p.d: p/src/lib.rs p/x.txt\n", to: "target/release/build/p/0123456789abcdef/out/p.d")
    #expect(try of("p").files == ["p/src/lib.rs", "p/x.txt"])
  }

  @Test func cargosOwnListOfAProgramIsNoCratesList() throws {
    // It names the inputs of all crates in the program, each of which declared but its own.
    try folder.write(
      "/t/release/web: /link/app/p/src/lib.rs /link/app/web/src/main.rs /link/app/web/t.html\n",
      to: "target/release/web.d"
    )
    try folder.write("/t/p.d: p/src/lib.rs\n", to: "target/release/deps/p-0123456789abcdef.d")
    #expect(try of("p").files == ["p/src/lib.rs"])
  }

  @Test func whatIsNoListIsPassedOver() throws {
    try folder.write("/t/a.d: p/src/lib.rs p/x.txt\n", to: "target/release/incremental/a-0123456789abcdef/a.d")
    try folder.makeFolder("target/release/deps/b-0123456789abcdef.d")
    try folder.link("target/release/deps/c-0123456789abcdef.d", to: "nothing")
    try folder.fifo("target/release/deps/d-0123456789abcdef.d")
    #expect(try of("p").files.isEmpty)
    try folder["target"].removeTree()
    #expect(try of("p").files.isEmpty, "no target directory")
  }

  // MARK: Build scripts

  private static let outputs: [(name: String, text: String, folders: [FilePath])] = [
    ("nothing", "", ["p"]), ("other lines", "hello\ncargo:rustc-cfg=x\ncargo::rustc-env=A=b\n", ["p"]),
    ("one form", "cargo:rerun-if-changed=t.txt\n", ["p/t.txt"]),
    ("the other form", "cargo::rerun-if-changed=t.txt\n", ["p/t.txt"]),
    ("both", "cargo:rerun-if-changed=a\ncargo::rerun-if-changed=b\n", ["p/a", "p/b"]),
    ("a variable alone", "cargo:rerun-if-env-changed=HOME\n", []),
    ("the package above", "cargo:rerun-if-changed=../shared\n", ["shared"]),
    ("its own folder", "cargo:rerun-if-changed=.\n", ["p"]),
    ("a path by the link", "cargo:rerun-if-changed=/link/app/web/a.css\n", ["web/a.css"]),
    ("a path by the link, with dots", "cargo:rerun-if-changed=/link/app/p/../web/a.css\n", ["web/a.css"]),
    ("a path elsewhere", "cargo:rerun-if-changed=/usr/include/x.h\n", []),
    ("a path above the app", "cargo:rerun-if-changed=../../x\n", []),
    ("no line break at the end", "cargo:rerun-if-changed=a", ["p/a"]),
    ("a line that only contains it", "see cargo:rerun-if-changed=a\n", ["p"]),
  ]

  @Test(arguments: outputs) func buildScriptsDeclare(name: String, text: String, folders: [FilePath]) throws {
    for path in ["build/p-0123456789abcdef/output", "build/p/0123456789abcdef/run/stdout"] {
      try folder["target"].removeTree()
      try folder.write(text, to: "target/release/\(path)")
      #expect(try of("p").folders == folders, "\(path)")
    }
  }

  @Test func severalRunsAddUp() throws {
    try folder.write("cargo:rerun-if-changed=a\n", to: "target/release/build/my-p-0123456789abcde0/output")
    try folder.write("cargo:rerun-if-changed=b\n", to: "target/release/build/my-p-0123456789abcde1/output")
    #expect(try of("my_p").folders == ["p/a", "p/b"], "and a name's spelling does not matter")
    try folder.write("", to: "target/release/build/my-p-0123456789abcde2/output")
    #expect(try of("my-p").folders == ["p"], "one of them watches the whole package")
    try folder.write("cargo:rerun-if-changed=c\n", to: "target/release/build/my-p-0123456789abcde3/output")
    #expect(try of("my-p").folders == ["p"])
  }

  @Test func aPackageWithoutABuildScriptWatchesNothing() throws {
    try folder.write("", to: "target/release/build/other-0123456789abcdef/output")
    #expect(try of("p").folders.isEmpty)
  }

  @Test func whatABuildScriptWroteIsNotItsOutput() throws {
    for path in ["build/p-0123456789abcdef/out/output", "build/p/0123456789abcdef/out/deep/stdout"] {
      try folder.write("not for cargo", to: "target/release/\(path)")
    }
    #expect(try of("p").folders.isEmpty)
  }
}
