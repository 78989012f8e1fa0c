import Foundation
import Glibc
import StandIns
import Testing

/// Sudden death at points spread over a deployment: `cache.json` and what it names is one of two whole states, and the
/// next deployment is right and leaves no more than a clean one.
///
/// `FAULTS_TOOLCHAIN=full` uses copies of a whole toolchain in the place of thin ones, `FAULTS_POINTS` sets how many
/// points are tried.
@Suite(.needsStandIns) struct DeathFaultTests {
  /// What the deployment that is killed has to do.
  private enum Work: String, CaseIterable {
    /// Everything.
    case cold
    /// A source has changed.
    case warm
    /// The channel has moved, too.
    case update
  }

  private struct Point {
    enum Moment {
      /// After this part of the time that such a deployment takes.
      case part(Double)
      /// As soon as the log holds this line.
      case step(String)
      /// While the cache is saved: this part of a whole deployment's time after the line of that step.
      case saving(Double)
    }
    let work: Work
    let moment: Moment
    let killsAll: Bool

    var name: String {
      let when =
        switch moment {
        case .part(let part): "at \(Int(part * 1000)) ‰"
        case .step(let line): "at \"\(line)\""
        case .saving(let part): "\(Int(part * 1000)) ‰ after \"-----> Saving\""
        }
      return "\(work.rawValue), \(when), \(killsAll ? "the whole group" : "compile alone")"
    }
  }

  private static let variables = ProcessInfo.processInfo.environment
  private static let kind = variables["FAULTS_TOOLCHAIN"].flatMap(RustMirror.Kind.init) ?? .thin

  /// 200 points, half of them in a channel's update: moments of time, the log's steps, and moments while the cache is
  /// saved.
  private static let points: [Point] = {
    let steps = [
      "-----> Restoring", "Unpacking", "-----> Installing Rust", "Running \"rustup toolchain", "-----> Building",
      "Compiling hello", "-----> Preparing", "-----> Saving", "Packed", "-----> Done",
    ]
    var points: [Point] = []
    for (work, times) in [(Work.cold, 30), (.warm, 30), (.update, 60)] {
      points += (0..<times).map { number in
        Point(work: work, moment: .part((Double(number) + 0.5) / Double(times) * 1.02), killsAll: number % 10 != 0)
      }
      points += steps.map { Point(work: work, moment: .step($0), killsAll: true) }
      points += (0..<(times / 3)).map { number in
        Point(work: work, moment: .saving(Double(number) / Double(times) * 0.6), killsAll: true)
      }
    }
    // In an update the toolchain is packed while cargo works: more of these.
    points += (0..<10).map { Point(work: .update, moment: .saving(Double($0) / 50 + 0.01), killsAll: true) }
    return points
  }()

  @Test(.timeLimit(.minutes(60))) func theNextDeploymentIsRightAndLeavesNoMore() throws {
    let lab = try DeathLab(kind: Self.kind)
    defer { lab.rust.server.stop() }
    let count = Self.variables["FAULTS_POINTS"].flatMap(Int.init)
    var points = Faults.cut(Self.points, to: 14, "death")
    if let count {
      // Spread evenly, so that each kind of work keeps its share.
      points = (0..<min(count, Self.points.count)).map { Self.points[$0 * Self.points.count / count] }
    }
    for point in points {
      Faults.attempt(Self.kind == .full ? "Death, full" : "Death", point.name) {
        try lab.prepare(isCold: point.work == .cold, moves: point.work == .update)
        return try lab.trouble { program in
          switch point.moment {
          case .part(let part): usleep(UInt32(part * lab.seconds[point.work.rawValue, default: 1] * 1e6))
          case .step(let line): _ = program.waitForLog(line, timeout: 120)
          case .saving(let part):
            _ = program.waitForLog("-----> Saving", timeout: 120)
            usleep(UInt32(part * lab.seconds[point.work.rawValue, default: 1] * 1e6))
          }
          program.signal(SIGKILL)
          program.wait(timeout: 10)
          if point.killsAll { lab.killAll() }
        }
      }
    }
    print("DEATH: \(lab.found.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))")
  }
}

/// A platform on which deployments are killed.
private final class DeathLab {
  let rust: OfflineRust
  let platform: Platform
  /// How long a deployment of each kind takes.
  private(set) var seconds: [String: Double] = [:]
  /// How often each state was found after a death.
  private(set) var found: [String: Int] = [:]
  private let kind: RustMirror.Kind
  private let app: FaultApp
  private let clean: [String: Int]
  private var number = 0
  private var channel = 0

  init(kind: RustMirror.Kind) throws {
    self.kind = kind
    rust = try Rust.own(kind: kind, cache: kind == .full ? builtProducts + "/stand-in-cache" : nil)
    if kind == .thin { try rust.mirror.addRelease("1.94.0", from: rust.toolchain, date: "2026-03-05") }
    try FaultApp.publish(to: rust)
    app = try FaultApp(rust)
    platform = try Platform(rust: rust)
    for (work, moves) in [("cold", false), ("warm", false), ("update", true)] {
      if moves { try Self.move(rust, to: 1, kind) }
      let deployment = try platform.deploy(app.app(work))
      if let trouble = deployment.trouble(printing: work) { throw Failure(trouble) }
      seconds[work] = deployment.compilation.seconds
    }
    channel = 1
    clean = try Self.listing(platform)
  }

  /// A full release keeps its version; all of it is installed again for another channel file.
  private static func move(_ rust: OfflineRust, to channel: Int, _ kind: RustMirror.Kind) throws {
    let version = channel == 0 || kind == .full ? rust.toolchain.version : "1.94.0"
    try rust.mirror.setChannel("stable", to: version)
    guard channel == 1, kind == .full else { return }
    let path = rust.mirror.directory + "/dist/channel-rust-stable.toml"
    try shell("echo '# moved' >>\"$1\"; sha256sum \"$1\" | cut -c1-64 >\"$1.sha256\"", path)
  }

  func prepare(isCold: Bool, moves: Bool) throws {
    if isCold { try platform.clearCache() }
    guard moves else { return }
    channel = 1 - channel
    try Self.move(rust, to: channel, kind)
  }

  /// Starts a deployment that `kill` ends, and says what is wrong with what it left.
  func trouble(_ kill: (Program) -> Void) throws -> String? {
    number += 1
    let before = try SealedCache(platform.rustCache)
    let text = "killed \(number)"
    let build = try platform.place(app.app(text))
    let program = try platform.start("compile", [build, platform.cache, platform.env], home: build)
    kill(program)
    let after = try SealedCache(platform.rustCache)
    if let trouble = after.trouble { return "no whole state: \(trouble)" }
    found[after == before ? "as before" : "as after", default: 0] += 1
    if after != before {
      let same = try platform.deploy(app.app(text))
      if let trouble = same.trouble(printing: text) { return trouble }
      if !same.compiled.isEmpty { return "its state is of no use: compiled \(same.compiled): \(same.log)" }
    }
    let next = try platform.deploy(app.app("after \(number)"))
    if let trouble = next.trouble(printing: "after \(number)") { return trouble }
    if before.note != nil, next.compiled.contains("dep"), !next.log.contains("Rust changed") {
      return "it compiled dep again: \(next.log)"
    }
    let left = processesLeft(in: platform.folder)
    if !left.isEmpty { return "left running: \(left)" }
    if let trouble = try SealedCache(platform.rustCache).trouble { return trouble }
    let more = try Self.listing(platform).filter { $0.value > clean[$0.key, default: 0] }
    return more.isEmpty ? nil : "more is left than by a clean one: \(more.keys.sorted())"
  }

  /// The paths of the cache, and the names in the folder that takes the link's place, with how many there are of each,
  /// digests left out.
  private static func listing(_ platform: Platform) throws -> [String: Int] {
    let paths =
      try FileManager.default.subpathsOfDirectory(atPath: platform.cache)
      + FileManager.default.contentsOfDirectory(atPath: platform.link).map { "work: " + $0 }
      + FileManager.default.contentsOfDirectory(atPath: platform.link + "/rustup").map { "rustup: " + $0 }
    let plain = paths.map { $0.replacingOccurrences(of: "[0-9a-f]{16}", with: "*", options: .regularExpression) }
    return Dictionary(plain.map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// Ends everything that runs below the platform's folder, by its number, until nothing is left.
  func killAll() {
    for _ in 0..<50 {
      let running = processes(in: platform.folder)
      if running.isEmpty { return }
      for process in running { if let pid = pid_t(process.prefix { $0 != " " }) { kill(pid, SIGKILL) } }
      usleep(10_000)
    }
  }
}
