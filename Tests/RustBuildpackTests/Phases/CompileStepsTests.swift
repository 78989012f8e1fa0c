// The small decisions between the steps of a build.
import Testing

@testable import RustBuildpack

@Suite struct CompileStepsTests {
  @Test(
    arguments: [
      ("/buildpack/bin/compile", "/buildpack"), ("/bin/compile", "/"), ("/src/.build/debug/compile", nil),
      ("compile", nil),
    ] as [(FilePath, FilePath?)]
  )
  func knowsWhereTheBuildpackStands(executable: FilePath, expected: FilePath?) {
    #expect(Compile.buildpackDirectory(of: executable) == expected)
  }

  @Test func compileRefusesWrongArguments() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let wrong: [[FilePath]] = [[], ["a"], ["a", "b", "c", "d"], ["a", ""], ["", "b"]]
      let codes = wrong.map { Compile.run($0, process: Environment(["NO_COLOR": [0x31]])) }
      if codes != [1, 1, 1, 1, 1] { exitProcess(1) }
    }
    let words = "\n !     Error: Wrong arguments.\n !\n !     usage: bin/compile BUILD_DIR CACHE_DIR [ENV_DIR]\n\n"
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self) == String(repeating: words, count: 5))
  }

  @Test func detectSaysThatAFolderCantBeRead() async throws {
    let result = try await #require(
      processExitsWith: .success,
      observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      becomeOrdinaryUser()
      let folder = try TemporaryFolder()
      try folder.write("", to: "app/Cargo.toml")
      try folder["app"].setPermissions(0)
      let code = Detect.run([folder["app"]], process: Environment())
      try folder["app"].setPermissions(0o700)
      if code != 1 { exitProcess(1) }
    }
    #expect(result.standardOutputContent.isEmpty)
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("can't be read"))
  }

  @Test func detectAndReleaseRefuseWrongArguments() async throws {
    let result = try await #require(
      processExitsWith: .success,
      observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      let codes = [
        Detect.run([], process: Environment()), Detect.run([""], process: Environment()), Release.run([]),
        Release.run([""]),
      ]
      if codes != [2, 2, 2, 2] { exitProcess(1) }
    }
    #expect(result.standardOutputContent.isEmpty)
    let words = ["detect", "detect", "release", "release"].map { "usage: bin/\($0) BUILD_DIR\n" }.joined()
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self) == words)
  }
}
