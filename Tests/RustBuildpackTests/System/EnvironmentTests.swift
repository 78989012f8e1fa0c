// Variables as bytes, and the search for programs.
import Glibc
import Testing

@testable import RustBuildpack

@Suite struct EnvironmentTests {
  @Test func readsThisProcess() throws {
    setenv("RUST_BUILDPACK_TEST", "a=b\nc", 1)
    defer { unsetenv("RUST_BUILDPACK_TEST") }
    #expect(Environment.ofProcess["RUST_BUILDPACK_TEST"] == "a=b\nc")
    #expect(Environment.ofProcess["PATH"] != nil)
  }

  @Test func givesEntriesSortedByName() {
    var environment = Environment(["B": [0xFF], "A": Array("1=2".utf8)])
    environment["C"] = ""
    #expect(environment.entries == [Array("A=1=2".utf8), [0x42, 0x3D, 0xFF], Array("C=".utf8)])
    environment["A"] = nil
    #expect(environment["A"] == nil)
    #expect(environment["B"] == "\u{FFFD}")
  }

  @Test func refusesNULs() {
    var environment = Environment()
    let isRefused = !environment.set("A", [0x61, 0])
    #expect(isRefused && environment["A"] == nil)
    let isTaken = environment.set("A", [0x61])
    #expect(isTaken && environment["A"] == "a")
  }

  @Test func findsPrograms() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "first/tool")
    try folder.makeFolder("second/tool")
    let tool = try folder.write("", to: "third/tool", permissions: 0o755)
    try folder.write("", to: "fourth/tool", permissions: 0o755)
    let path = ["first", "second", "missing", "third", "fourth"].map { folder[$0].description }.joined(separator: ":")
    let environment = Environment(["PATH": Array("::\(path):".utf8)])
    #expect(environment.executable(named: "tool") == tool)
    #expect(environment.executable(named: "other") == nil)
    #expect(environment.executable(named: "./tool") == "./tool")
    #expect(Environment().executable(named: "sh") == nil)
  }
}
