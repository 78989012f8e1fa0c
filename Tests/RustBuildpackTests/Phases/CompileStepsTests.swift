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
