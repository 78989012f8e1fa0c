// Where an app asks for the build machine's own processor.
import Testing

@testable import RustBuildpack

@Suite struct NativeProcessorTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("app")
  }

  private func origins(_ variables: [String: String] = [:]) -> [String] {
    var environment = Environment()
    for (name, value) in variables { environment[name] = value }
    return NativeProcessor.origins(folder["app"], top: folder.path, environment)
  }

  @Test(
    arguments: [
      (["RUSTFLAGS": "-g -C target-cpu=native"], ["RUSTFLAGS"]),
      (["RUSTFLAGS": "-Ctarget-cpu=native"], ["RUSTFLAGS"]),
      (["RUSTFLAGS": "-C target-cpu=x86-64-v3"], []),
      (["CARGO_ENCODED_RUSTFLAGS": "--codegen\u{1F}target-cpu=native"], ["CARGO_ENCODED_RUSTFLAGS"]),
      (["CARGO_ENCODED_RUSTFLAGS": "-g", "RUSTFLAGS": "-Ctarget-cpu=native"], []),
      (["RUSTFLAGS": "", "CARGO_BUILD_RUSTFLAGS": "-Ctarget-cpu=native"], []),
      (["CARGO_BUILD_RUSTFLAGS": "-Ctarget-cpu=native"], ["CARGO_BUILD_RUSTFLAGS"]),
      (
        ["CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS": "-Ctarget-cpu=native"],
        ["CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS"]
      ),
      (
        ["RUSTFLAGS": "", "CARGO_PROFILE_RELEASE_RUSTFLAGS": "-Ctarget-cpu=native"],
        ["CARGO_PROFILE_RELEASE_RUSTFLAGS"]
      ),
      (["RUSTDOCFLAGS": "-Ctarget-cpu=native", "OTHER": "-Ctarget-cpu=native"], []),
    ] as [([String: String], [String])]
  )
  func isFoundInVariables(variables: [String: String], expected: [String]) {
    #expect(origins(variables) == expected)
  }

  @Test(
    arguments: [
      (".cargo/config.toml", "[build]\nrustflags = [\"-C\", \"target-cpu=native\"]", true, false),
      (".cargo/config.toml", "[build]\nrustflags = \"-C target-cpu=native\"", true, false),
      (".cargo/config", "[target.'cfg(unix)']\nrustflags = [\"-Ctarget-cpu=native\"]", true, false),
      (".cargo/config.toml", "[profile.release]\nrustflags = [\"-Ctarget-cpu=native\"]", true, true),
      ("Cargo.toml", "[profile.release.package.hot]\nrustflags = [\"-Ctarget-cpu=native\"]", true, true),
      ("Cargo.toml", "[build]\nrustflags = [\"-Ctarget-cpu=native\"]", false, false),
      (".cargo/config.toml", "[build]\nrustflags = [\"-Ctarget-cpu=x86-64-v2\"]", false, false),
      (".cargo/config.toml", "[build\nrustflags = [\"-Ctarget-cpu=native\"]", false, false),
    ] as [(String, String, Bool, Bool)]
  )
  func isFoundInFiles(name: String, text: String, isFound: Bool, alsoWithVariable: Bool) throws {
    try folder.write(text, to: name)
    #expect(origins() == (isFound ? [name] : []))
    #expect(origins(["RUSTFLAGS": "-g"]) == (alsoWithVariable ? [name] : []))
    try folder[name].removeTree()
    try folder.write(text, to: "app/\(name)")
    #expect(origins() == (isFound ? ["app/\(name)"] : []))
  }

  @Test func theLogNamesThePlace() throws {
    #expect(NativeProcessor.warning([]) == nil)
    let words = try #require(NativeProcessor.warning(["RUSTFLAGS", ".cargo/config.toml"]))
    #expect(words.hasPrefix("Warning: ") && words.contains("native in RUSTFLAGS, .cargo/config.toml.\n"))
    #expect(words.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }
}
