import Foundation
import Testing

/// The arguments of `bin/compile`, as platforms and people give them.
@Suite(.needsRust) struct ArgumentsTests {
  @Test func pathsMayBeRelativeHoldSpacesAndUnicodeAndBeMissing() throws {
    let platform = try Platform.installed()
    let work = platform.builds + "/my ünï 🦀 \"place\" $HOME"
    try App.package().write(to: work + "/the app", times: .now)
    try FileManager.default.moveItem(atPath: platform.cache, toPath: work + "/the cache")
    let run = try platform.run(
      "compile",
      ["the app/", "./the cache//", "no such env/"],
      home: work + "/the app",
      directory: work
    )
    #expect(run.exitCode == 0, "\(run.output)")
    #expect(try shell("\"$1\"", work + "/the app/bin/hello") == "hello\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: work + "/the cache") == ["rust"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: work).sorted() == ["the app", "the cache"])

    // Through a link, without ENV_DIR, from a folder that is gone by the time cargo runs.
    try FileManager.default.createSymbolicLink(atPath: platform.folder + "/link", withDestinationPath: work)
    let fresh = try platform.place(.package(printing: "again"))
    let again = try platform.run("compile", [fresh + "/./", platform.folder + "/link/the cache"], home: fresh)
    #expect(again.exitCode == 0, "\(again.output)")
    #expect(again.output.contains("       Unpacking "))
    #expect(try shell("\"$1\"", fresh + "/bin/hello") == "again\n")
  }

  @Test func aMissingCacheDirectoryIsMade() throws {
    let platform = try Platform()
    let build = try platform.place(.package())
    let run = try platform.run(
      "compile",
      [build, platform.folder + "/not/yet/there", platform.env],
      process: ["RUST_SKIP_BUILD": "1"]
    )
    #expect(run.exitCode == 0, "\(run.output)")
    #expect(FileManager.default.fileExists(atPath: platform.folder + "/not/yet/there/rust/cache.json"))
  }

  @Test func wrongArgumentsAreExplained() throws {
    let platform = try Platform(rust: nil)
    let build = try platform.place(.package())
    let file = build + "/Cargo.toml"
    let missing = platform.folder + "/missing"
    for (arguments, words) in [
      ([], "usage: bin/compile BUILD_DIR CACHE_DIR"), ([build], "usage: bin/compile BUILD_DIR CACHE_DIR"),
      ([build, ""], "usage: bin/compile BUILD_DIR CACHE_DIR"),
      (["", platform.cache], "usage: bin/compile BUILD_DIR CACHE_DIR"),
      ([missing, platform.cache], "There is no build directory."),
      ([file, platform.cache], "There is no build directory."), ([build, file], "The cache directory can't be used."),
      ([try platform.place(["README.md": ""]), platform.cache], "There is no Cargo.toml."),
    ] {
      let run = try platform.run("compile", arguments, home: platform.folder)
      #expect(run.exitCode == 1, "\(arguments)")
      #expect(run.output.contains(" !     Error: "), "\(run.output)")
      #expect(run.output.contains(words), "\(arguments): \(run.output)")
    }
    #expect(!FileManager.default.fileExists(atPath: missing))
  }
}
