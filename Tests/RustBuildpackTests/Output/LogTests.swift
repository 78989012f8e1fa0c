// Every kind of message as it reaches the platform: the living style guide of the log.
import Testing

@testable import RustBuildpack

@Suite struct LogTests {
  @Test func printsEveryKindOfMessage() async throws {
    let result = try await #require(
      processExitsWith: .success,
      observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      let log = Log(isDebugging: true)
      log.step("Installing Rust")
      log.detail("Using the toolchain \"1.95.0\", from rust-toolchain.toml")
      log.detail("Two lines:\n- the second")
      log.detail("The line ends of others:\r\n- the second")
      log.notice("not installed, since no build needs them: clippy")
      log.debug("Wrote the export file for later buildpacks")
      log.toolLine(Array("   Compiling serde v1.0.200".utf8)[...])
      log.toolLine(Array("    Updating git repository `https://user:token@example.com/a`".utf8)[...])
      log.toolLine([0xFF])
      log.toolLine([])
      log.warning("Warning: The app has no Cargo.lock.\n\nCommit it.")
      log.error("Error: The package web could not be built.\r\n\r\nMend it.")
      Log(colored: false).warning("Warning: postgres://user:password@example.com is not there.")
      Log(colored: false).warning("Warning: Without colour.")
      Log(colored: false).debug("Not printed without BUILDPACK_DEBUG")
    }
    let output = """
      -----> Installing Rust
             Using the toolchain "1.95.0", from rust-toolchain.toml
             Two lines:
             - the second
             The line ends of others:
             - the second
             Note: not installed, since no build needs them: clippy
             Debug: Wrote the export file for later buildpacks
                Compiling serde v1.0.200
                 Updating git repository `https://…@example.com/a`
             \u{FFFD}
             \("")

      """
    let errors = """

      \u{1B}[1;33m !     Warning: The app has no Cargo.lock.\u{1B}[0m
      \u{1B}[1;33m !\u{1B}[0m
      \u{1B}[1;33m !     Commit it.\u{1B}[0m


      \u{1B}[1;31m !     Error: The package web could not be built.\u{1B}[0m
      \u{1B}[1;31m !\u{1B}[0m
      \u{1B}[1;31m !     Mend it.\u{1B}[0m


       !     Warning: postgres://…@example.com is not there.


       !     Warning: Without colour.


      """
    #expect(String(decoding: result.standardOutputContent, as: UTF8.self) == output)
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self) == errors)
  }
}
