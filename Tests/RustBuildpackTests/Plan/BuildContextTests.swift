// The arguments of bin/compile, and the variables that tools are given.
import Testing

@testable import RustBuildpack

@Suite struct BuildContextTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("build")
  }

  private func context(
    build: FilePath? = nil,
    cache: FilePath? = nil,
    process: Environment = Environment()
  ) throws(BuildpackError) -> BuildContext {
    try BuildContext(
      buildDirectory: build ?? folder["build"],
      cacheDirectory: cache ?? folder["cache"],
      envDirectory: nil,
      buildpackDirectory: nil,
      process: process
    )
  }

  @Test func resolvesDirectories() throws {
    try folder.link("link", to: "build")
    for path in [folder["build/"], folder["link"], folder["build/../link/."]] {
      #expect(try context(build: path).buildDirectory == folder["build"])
    }
    #expect(try context(build: FilePath("/tmp/../\(folder["build"])")).buildDirectory == folder["build"])
    #expect(try context(cache: folder["a/b/c/"]).cache.directory == folder["a/b/c"])
    try folder.link("cache-link", to: "cache")
    try folder.makeFolder("cache")
    #expect(try context(cache: folder["cache-link"]).cache.root == folder["cache/rust"])
    #expect(try context(cache: ".").cache.directory.isAbsolute)
  }

  @Test func refusesWhatIsNoFolder() throws {
    try folder.write("", to: "file")
    try folder.link("nowhere", to: "missing")
    try folder.path.appending(bytes: [0xFF]).makeDirectories()
    try folder.link("odd", to: folder.path.appending(bytes: [0xFF]))
    let paths = [
      folder["missing"], folder["file"], folder["nowhere"], folder["odd"], folder.path.appending(bytes: [0xFF]),
    ]
    for path in paths {
      let words = errorText { () throws(BuildpackError) in _ = try context(build: path) }
      #expect(words.hasPrefix("Error: There is no build directory.\n\nThe first argument, \"\(path)\","))
    }
    for path in [folder["file"], folder["file/below"], folder["nowhere"], folder["odd"]] {
      let words = errorText { () throws(BuildpackError) in _ = try context(cache: path) }
      #expect(words.hasPrefix("Error: The cache directory can't be used."), "\(path)")
    }
  }

  @Test func givesToolsOurDirectories() throws {
    let own = ["CARGO_HOME", "RUSTUP_HOME"]
    let foreign = [
      "CARGO_TARGET_DIR", "CARGO_BUILD_BUILD_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_INSTALL_ROOT", "RUSTUP_TOOLCHAIN",
      "GIT_DIR", "RUST_BUILDPACK_LINK",
    ]
    var process = Environment(["PATH": Array("/bin".utf8), "KEPT": [0xFF]])
    for name in own + foreign { process[name] = "/invalid" }
    let found = try context(process: process)
    let tools = found.toolEnvironment
    #expect(own.map { tools[$0] } == ["/invalid/cargo", "/invalid/rustup"])
    #expect(foreign.allSatisfy { tools[$0] == nil })
    #expect(tools["PATH"] == "/invalid/cargo/bin:/bin")
    #expect(tools["PWD"] == "/invalid/app")
    #expect(tools.values["KEPT"] == [0xFF])
    #expect(found.appEnvironment["CARGO_HOME"] == "/invalid")
  }

  @Test(
    arguments: [
      (nil, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "unset"),
      (
        [], "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "empty, which would mean the current folder"
      ),
      ([0x2F, 0xFF], "/\u{FFFD}", "not UTF-8"),
    ] as [([UInt8]?, String, String)]
  )
  func alwaysHasAPath(value: [UInt8]?, expected: String, name: String) throws {
    let tools = try context(process: Environment(value.map { ["PATH": $0] } ?? [:])).toolEnvironment
    #expect(tools["PATH"] == "/tmp/rust-buildpack/cargo/bin:\(expected)", "\(name)")
    #expect(value == nil || tools.values["PATH"]?.suffix(value?.count ?? 0) == value.map { $0[...] } || value == [])
  }

  @Test func namesTheStack() throws {
    #expect(try context().stack == nil)
    #expect(try context(process: Environment(["STACK": []])).stack == nil)
    #expect(try context(process: Environment(["STACK": Array("scalingo-24".utf8)])).stack == "scalingo-24")
  }
}
