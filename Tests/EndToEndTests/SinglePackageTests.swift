import Foundation
import Testing

/// The plainest app, deployed cold and warm.
@Suite(.needsRust) struct SinglePackageTests {
  @Test func aPackageIsDeployedColdAndWarm() throws {
    let platform = try Platform()
    let cold = try platform.deploy(.package())
    #expect(cold.detection.output == "Rust\n")
    #expect(cold.exitCode == 0, "\(cold.log)")
    #expect(cold.output(of: "hello") == "hello\n")
    #expect(cold.compiled == ["hello"])

    let warm = try platform.deploy(.package())
    #expect(warm.exitCode == 0, "\(warm.log)")
    #expect(warm.compiled == [])
    #expect(warm.output(of: "hello") == "hello\n")

    // Another content under an older time than anything in the cache.
    let changed = try platform.deploy(.package(printing: "changed"), times: .y1980)
    #expect(changed.compiled == ["hello"])
    #expect(changed.output(of: "hello") == "changed\n")

    // The same, from a cache whose times are lost.
    try platform.copyCacheWithoutTimes()
    let copied = try platform.deploy(.package(printing: "once more"), times: .y1980)
    #expect(copied.output(of: "hello") == "once more\n", "\(copied.log)")
    try platform.clearCache()
    let cleared = try platform.deploy(.package(printing: "from nothing"), times: .future)
    #expect(cleared.lines.contains("The build cache is empty"))
    #expect(cleared.output(of: "hello") == "from nothing\n")
  }
}
