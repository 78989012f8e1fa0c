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
    print(cold.redactedLog, warm.redactedLog, cold.compilation.seconds, warm.compilation.seconds)
  }
}
