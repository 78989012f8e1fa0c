import Foundation
import StandIns
import Testing

/// Random apps with random histories: never a stale binary, and no needless compile that DESIGN does not allow.
///
/// `FRESHNESS_SEED` repeats a run, `FRESHNESS_STEPS` makes it longer, on the one layout of cargo's target directory that
/// `FRESHNESS_LAYOUT` names (`old` or `new`) or on both; every run prints its seed. With the shared compile cache the
/// same holds: `FRESHNESS_SHARED_STEPS`.
@Suite(.needsStandIns, .serialized) struct FreshnessPropertyTests {
  private static let variables = ProcessInfo.processInfo.environment

  private static func wants(_ layout: String) -> Bool { (variables["FRESHNESS_LAYOUT"] ?? layout) == layout }

  @Test(.timeLimit(.minutes(300)), .enabled(if: wants("old")))
  func everyDeploymentIsAsACleanBuildAndCompilesWhatCargoWouldInPlace() throws {
    try run("FRESHNESS_STEPS", steps: 120, on: Platform(), channels: ["1.94.0"])
  }

  @Test(.timeLimit(.minutes(300)), .enabled(if: wants("new")), .needsNightly)
  func theSameOnTheLayoutOfNewerCargo() throws {
    let rust = try Rust.own(toolchain: Rust.nightly)
    defer { rust.server.stop() }
    let channels = ["nightly-2026-05-01", "nightly-2026-06-01"]
    let other = "1.98.0-nightly"
    try rust.mirror.addRelease(other, from: rust.toolchain, date: "2026-06-01")
    try rust.mirror.setChannel(channels[0], to: rust.toolchain.version)
    try rust.mirror.setChannel(channels[1], to: other)
    try run("FRESHNESS_STEPS", steps: 60, on: Platform(rust: rust), channels: channels, newLayout: true)
  }

  @Test(.timeLimit(.minutes(60)), .needsSccache) func theSameWithTheSharedCompileCache() throws {
    let redis = try RedisServer()
    let platform = try Platform()
    platform.settings = redis.variables.merging(try Sccache.variables()) { $1 }
    try run("FRESHNESS_SHARED_STEPS", steps: 25, on: platform, channels: ["1.94.0"])
  }

  /// `channels`: others than the machine's own version; on the new layout, the only ones.
  private func run(
    _ name: String,
    steps: Int,
    on platform: Platform,
    channels: [String],
    newLayout: Bool = false
  ) throws {
    guard let rust = platform.rust else { throw Failure("no stand-ins") }
    let seed = Self.variables["FRESHNESS_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999)
    let steps = Self.variables[name].flatMap(Int.init) ?? steps
    let start = Date()
    let label = "FRESHNESS_SEED=\(seed) \(name)=\(steps)\(newLayout ? " FRESHNESS_LAYOUT=new" : "")"
    print(label)
    var numbers = SeededNumbers(seed: seed)
    let supply = try WordSupply(rust, in: platform.folder)
    // A version in full needs no look at the server.
    let channels = newLayout ? channels : [rust.toolchain.version] + channels
    let installed = try Self.installed(on: platform, channel: channels[0])
    var tally = Tally()
    while tally.steps < steps {
      try platform.clearCache()
      try shell("cp -a \"$1/.\" \"$2\"", installed, platform.cache)
      var run = try RandomHistory(
        platform,
        supply,
        channels: channels,
        newLayout: newLayout,
        label: label,
        firstStep: tally.steps,
        &numbers
      )
      for _ in 0..<min(25, steps - tally.steps) {
        tally.steps += 1
        guard try run.step(&numbers) else { return print("FRESHNESS: failed after \(tally.steps) steps") }
      }
      try run.finish()
      tally.add(run.tally)
    }
    print("FRESHNESS: \(tally) in \(Int(Date().timeIntervalSince(start))) s (\(label))")
  }

  /// A copy of a cache that holds the toolchain alone.
  private static func installed(on platform: Platform, channel: String) throws -> String {
    let app: App = ["rust-toolchain.toml": "[toolchain]\nchannel = \"\(channel)\"\n"]
    let deployment = try platform.deploy(app, process: ["RUST_SKIP_BUILD": "1"])
    guard deployment.exitCode == 0 else { throw Failure("no toolchain: \(deployment.log)") }
    let kept = platform.folder + "/installed"
    try shell("cp -a \"$1\" \"$2\"", platform.cache, kept)
    return kept
  }
}

/// What a run has seen.
struct Tally: CustomStringConvertible {
  /// Why crates were compiled that cargo would not have compiled in place.
  enum Excuse: String {
    case macro = "that a macro may have read a file"
    case written = "since a build script wrote among the sources"
    case realPath = "since a build script named the real path"
  }

  var steps = 0
  var deployments = 0
  var compiled = 0
  var cleanBuilds = 0
  var needless: [Excuse: Int] = [:]

  mutating func add(_ other: Tally) {
    deployments += other.deployments
    compiled += other.compiled
    cleanBuilds += other.cleanBuilds
    needless.merge(other.needless) { $0 + $1 }
  }

  var description: String {
    let list = needless.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
    let sum = needless.values.reduce(0, +)
    return "\(steps) steps, \(deployments) deployments that succeeded, \(cleanBuilds) clean builds; none stale; "
      + "\(compiled) crates compiled, \(sum) of them needlessly\(list.isEmpty ? "" : ": \(list.joined(separator: ", "))")"
  }
}
