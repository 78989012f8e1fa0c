import Foundation
import Glibc
import RustBuildpack
import StandIns
import Testing

/// What the cache is good for, and what is left of it.
@Suite(.needsStandIns) struct CacheTests {
  private static let small = "[profile.small]\ninherits = \"release\"\nopt-level = 0\n"

  @Test(arguments: [
    ("the stack", [:], ["STACK": "scalingo-26"], "- the stack changed from scalingo-24 to scalingo-26"),
    ("flags set", ["RUSTFLAGS": "-C debuginfo=1"], [:], "- RUSTFLAGS is set now"),
    ("the profile", ["RUST_INSTALL_PROFILE": "small"], [:], "- the profile changed from release to small"),
    ("a target", ["CARGO_BUILD_TARGET": "x86_64-unknown-linux-gnu"], [:], "- CARGO_BUILD_TARGET is set now"),
  ])
  func aChangedCircumstanceDiscardsTheTargetDirectory(
    name: String,
    env: [String: String],
    process: [String: String],
    reason: String
  ) throws {
    let platform = try Platform()
    let app = App.package(manifest: Self.small)
    #expect(try platform.deploy(app).compiled == ["hello"])
    let changed = try platform.deploy(app, env: env, process: process)
    #expect(changed.lines.contains("Discarding cache since:"), "\(changed.log)")
    #expect(changed.lines.contains(reason), "\(changed.log)")
    #expect(changed.compiled == ["hello"])
    #expect(changed.output(of: "hello") == "hello\n")
    #expect(try platform.deploy(app, env: env, process: process).compiled == [], "after pruning nothing is compiled")
    let back = try platform.deploy(app)
    #expect(back.compiled == ["hello"])
    #expect(back.lines.contains("Discarding cache since:"))
  }

  @Test func flagsThatChangeAreNamedWithoutTheirValue() throws {
    let platform = try Platform()
    for flags in ["-C debuginfo=1", "-C debuginfo=0"] {
      let log = try platform.deploy(.package(), env: ["RUSTFLAGS": flags]).log
      #expect(log.contains("- RUSTFLAGS changed") == (flags == "-C debuginfo=0"))
      #expect(!log.contains("debuginfo"))
    }
  }

  @Test func anotherCompilerDiscardsTheTargetDirectory() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try rust.mirror.addRelease("1.94.0", from: rust.toolchain, date: "2026-03-05")
    let platform = try Platform(rust: rust)
    let old = App.package().with(["rust-toolchain.toml": "[toolchain]\nchannel = \"1.94.0\"\n"])
    #expect(try platform.deploy(old).compiled == ["hello"])
    let new = try platform.deploy(.package())
    #expect(new.lines.contains("- Rust changed from 1.94.0 to \(rust.toolchain.version)"), "\(new.log)")
    #expect(new.compiled == ["hello"])
  }

  /// A hyphenated workspace with a library for C, a macro, a build script and two binaries.
  private static let workspace: App = [
    "Cargo.toml": "[workspace]\nmembers = [\"web-app\", \"my-lib\", \"plug-in\", \"some-macro\"]\nresolver = \"2\"\n"
      + small,
    "Cargo.lock": """
    version = 4

    [[package]]
    name = "my-lib"
    version = "0.1.0"

    [[package]]
    name = "plug-in"
    version = "0.1.0"

    [[package]]
    name = "some-macro"
    version = "0.1.0"

    [[package]]
    name = "web-app"
    version = "0.1.0"
    dependencies = [
     "my-lib",
     "plug-in",
     "some-macro",
    ]

    """,
    "web-app/Cargo.toml": """
    [package]
    name = "web-app"
    version = "0.1.0"
    edition = "2021"
    [dependencies]
    my-lib = { path = "../my-lib" }
    plug-in = { path = "../plug-in" }
    some-macro = { path = "../some-macro" }
    [[bin]]
    name = "second-app"
    path = "src/second.rs"
    """,
    "web-app/src/main.rs": "fn main() { println!(\"{}{}{}\", my_lib::A, plug_in::B, some_macro::m!()) }\n",
    "web-app/src/second.rs": "fn main() { println!(\"second{}\", my_lib::A) }\n",
    "my-lib/Cargo.toml": "[package]\nname = \"my-lib\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    "my-lib/build.rs": "fn main() { println!(\"cargo:rustc-env=A=a\"); }\n",
    "my-lib/src/lib.rs": "pub const A: &str = env!(\"A\");\n",
    "plug-in/Cargo.toml":
      "[package]\nname = \"plug-in\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n",
    "plug-in/src/lib.rs": "pub const B: &str = \"b\";\n",
    "some-macro/Cargo.toml":
      "[package]\nname = \"some-macro\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[lib]\nproc-macro = true\n",
    "some-macro/src/lib.rs":
      "#[proc_macro]\npub fn m(_: proc_macro::TokenStream) -> proc_macro::TokenStream { \"\\\"c\\\"\".parse().unwrap() }\n",
  ]

  @Test(arguments: [
    ("as it is", [:]), ("a profile", ["RUST_INSTALL_PROFILE": "small"]),
    ("a triple", ["CARGO_BUILD_TARGET": "x86_64-unknown-linux-gnu"]),
    ("a triple by a flag", ["RUST_INSTALL_FLAGS": "--target x86_64-unknown-linux-gnu"]),
  ])
  func afterPruningTheNextDeploymentCompilesNothing(name: String, env: [String: String]) throws {
    let platform = try Platform()
    var app = Self.workspace
    let first = try platform.deploy(app, env: env)
    #expect(first.exitCode == 0, "\(first.log)")
    #expect(Set(first.compiled) == ["my-lib", "plug-in", "some-macro", "web-app"])
    #expect(!first.log.contains("pruned in part"))
    app["my-lib/src/lib.rs"] = "pub const A: &str = concat!(env!(\"A\"), \"2\");\n"
    let second = try platform.deploy(app, env: env)
    #expect(Set(second.compiled) == ["my-lib", "web-app"])
    #expect(second.output(of: "web-app") == "a2bc\n")
    #expect(second.output(of: "second-app") == "seconda2\n")
    let harms: [() throws -> Void] = [
      {}, { try platform.archiveCache() }, { try platform.copyCacheWithoutTimes() },
    ]
    for harm in harms {
      try harm()
      let next = try platform.deploy(app, env: env)
      #expect(next.compiled == [], "\(next.log)")
      #expect(next.output(of: "web-app") == "a2bc\n")
    }
  }

  @Test func withoutTheCacheAllIsCompiledAndAGoodOneIsLeft() throws {
    let platform = try Platform()
    #expect(try platform.deploy(.package()).compiled == ["hello"])
    let off = try platform.deploy(.package(), env: ["RUST_CACHE": "off"])
    #expect(off.exitCode == 0)
    #expect(off.compiled == ["hello"])
    #expect(off.log.contains("Downloading rustup"))
    #expect(try platform.deploy(.package()).compiled == [])
  }

  @Test func aSecondDeploymentAtTheSameTimeWaits() throws {
    let platform = try Platform()
    let slow = App.package().with([
      "build.rs": "fn main() { std::thread::sleep(std::time::Duration::from_secs(3)); }"
    ])
    let builds = [try platform.place(slow), try platform.place(.package(printing: "second"))]
    let first = try platform.start("compile", [builds[0], platform.cache], home: builds[0])
    try #require(first.waitForLog("Compiling hello"), "\(first.log)")
    let second = try platform.start("compile", [builds[1], platform.cache], home: builds[1])
    #expect(second.waitForLog("Waiting for another deployment that uses the same build cache"), "\(second.log)")
    #expect(first.wait() == 0, "\(first.log)")
    #expect(second.wait() == 0, "\(second.log)")
    #expect(try ToolRun(["\(builds[0])/bin/hello"]).output == "hello\n")
    #expect(try ToolRun(["\(builds[1])/bin/hello"]).output == "second\n")
  }

  @Test func whatAKilledDeploymentLeftRunningIsWaitedFor() throws {
    let platform = try Platform()
    let holding = App.package().with([
      "hold": "", "bin/pre_compile": "while [ -e hold ]; do sleep 0.05; done\n",
    ])
    let builds = [try platform.place(holding), try platform.place(.package(printing: "second"))]
    let first = try platform.start("compile", [builds[0], platform.cache], home: builds[0])
    try #require(first.waitForLog("Running bin/pre_compile"), "\(first.log)")
    // It alone: the app's script stays, and may write to the cache.
    kill(first.pid, SIGKILL)
    first.wait()
    let second = try platform.start("compile", [builds[1], platform.cache], home: builds[1])
    #expect(second.waitForLog("Waiting for another deployment that uses the same build cache"), "\(second.log)")
    try FileManager.default.removeItem(atPath: builds[0] + "/hold")
    #expect(second.wait() == 0, "\(second.log)")
    #expect(try ToolRun(["\(builds[1])/bin/hello"]).output == "second\n")
  }

  @Test func aDeploymentKilledAtAnyPointLeavesAGoodCache() throws {
    let platform = try Platform()
    for point in 0..<12 {
      var app = Self.workspace
      app["my-lib/src/lib.rs"] = "pub const A: &str = \"\(point)\";\n"
      let build = try platform.place(app)
      let program = try platform.start("compile", [build, platform.cache], home: build)
      usleep(UInt32(point * 150_000 + (point == 0 ? 0 : 20_000)))
      kill(-program.pid, SIGKILL)
      program.wait()
      // What the killed deployment left running builds on from there: the next one waits for it.
      app["my-lib/src/lib.rs"] = "pub const A: &str = \"\(point)!\";\n"
      let next = try platform.deploy(app)
      #expect(next.output(of: "web-app") == "\(point)!bc\n", "killed after \(program.log), then \(next.log)")
      #expect(next.output(of: "second-app") == "second\(point)!\n")
    }
    #expect(!FileManager.default.fileExists(atPath: platform.rustCache + "/downloads"))
  }

  @Test func afterTenDeploymentsTheCacheIsAsLargeAsAfterTheLastAlone() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try rust.mirror.addRelease("1.94.0", from: rust.toolchain, date: "2026-03-05")
    for round in 1...10 {
      try rust.registry.add(
        .init(
          "many-words",
          "1.\(round).0",
          manifest: "[features]\nloud = []\n",
          files: [
            "src/lib.rs": "pub const WORD: &str = if cfg!(feature = \"loud\") { \"W\(round)\" } else { \"w\(round)\" };"
          ]
        )
      )
      try rust.registry.add(.init("only-\(round)", "0.1.0"))
    }
    let platform = try Platform(rust: rust)
    var last = App.package()
    for round in 1...10 {
      let features = round % 2 == 0 ? "[\"loud\"]" : "[]"
      last = App.package(
        manifest:
          "[dependencies]\nmany-words = { version = \"=1.\(round).0\", features = \(features) }\nonly-\(round) = \"0.1\"\n"
      ).without("Cargo.lock")
      last["src/main.rs"] = "fn main() { println!(\"{}\", many_words::WORD); }\n"
      if round % 3 == 0 { last["rust-toolchain.toml"] = "[toolchain]\nchannel = \"1.94.0\"\n" }
      let deployment = try platform.deploy(last, env: round % 4 == 1 ? ["RUSTFLAGS": "-C debuginfo=1"] : [:])
      #expect(deployment.output(of: "hello") == "\(round % 2 == 0 ? "W" : "w")\(round)\n", "\(deployment.log)")
    }
    let fresh = try Platform(rust: rust)
    #expect(try fresh.deploy(last).exitCode == 0)
    let sizes = [platform, fresh].map { FilePath($0.rustCache).allocatedSize() }
    print("CACHE: \(sizes[0]) bytes after ten deployments, \(sizes[1]) after the last alone")
    #expect(Double(sizes[0]) <= 1.02 * Double(sizes[1]))
    for part in [CachePart.own, .dependencies, .crates] {
      let sizes = try [platform, fresh].map { try $0.archive(part).size }
      #expect(Double(sizes[0]) <= 1.02 * Double(sizes[1]), "\(part) alone: \(sizes)")
    }
  }
}
