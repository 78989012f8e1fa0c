// Lines that cargo 1.95 prints with --verbose.
import Testing

@testable import RustBuildpack

@Suite struct CompileReasonTests {
  /// A line, whether it is for the log, and the reason that it gives.
  static let lines: [(line: String, isShown: Bool, reason: String?)] = [
    (
      "       Dirty top v0.1.0 (/tmp/x/link/app): the file `data.txt` has changed (1795817288.9s, 3m 6s after last build "
        + "at 1795817102.9s)", false,
      "top: the file `data.txt` has changed (1795817288.9s, 3m 6s after last build at 1795817102.9s)"
    ),
    ("       Dirty dep v1.0.0: the path to the source changed", false, "dep: the path to the source changed"),
    (
      "       Dirty dep v1.0.0 (registry `house`): the rustc compiler changed", false, "dep: the rustc compiler changed"
    ),
    (
      "       Dirty web v0.1.0 (https://git.example.com/web?rev=1#1a2b): stale, unknown reason", false,
      "web: stale, unknown reason"
    ),
    (
      "       Dirty app v0.1.0 (/a: b (c)/app): the env variable HOME changed", false,
      "app: the env variable HOME changed"
    ),
    ("       Dirty app v0.1.0", false, nil), ("       Dirty app", false, nil), ("       Dirty ", false, nil),
    ("       Dirty app v0.1.0 (/app): ", false, "app: "), ("       Dirty app v0.1.0 (/app):", false, nil),
    ("       Fresh serde v1.0.200", false, nil), ("     Running `rustc --crate-name app src/main.rs`", false, nil),
    ("     Running `/tmp/rust-buildpack/target/release/build/app-0123456789abcdef/build-script-build`", false, nil),
    ("   Compiling serde v1.0.200", true, nil), ("    Finished `release` profile [optimized]", true, nil),
    ("warning: unused variable: `x`", true, nil), ("Running out of disk", true, nil), ("", true, nil),
  ]

  @Test(arguments: lines) func reasonsAreTaken(line: String, isShown: Bool, reason: String?) {
    var reasons: [String] = []
    #expect(CompileReason.take(Array(line.utf8)[...], &reasons) == isShown)
    #expect(reasons == [reason].compactMap { $0 })
  }

  @Test func reasonsAddUp() {
    var reasons = ["a: b"]
    _ = CompileReason.take(Array("   Dirty c v1.0.0: d".utf8)[...], &reasons)
    _ = CompileReason.take([0xFF, 0xFE], &reasons)
    #expect(reasons == ["a: b", "c: d"])
  }
}
