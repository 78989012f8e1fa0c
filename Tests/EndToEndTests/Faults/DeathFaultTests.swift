import Foundation
import Glibc
import StandIns
import Testing

/// Sudden death at points spread over a deployment: whatever is left, the next one is right, and leaves no more than a
/// clean one.
@Suite(.needsStandIns) struct DeathFaultTests {
  /// When a deployment is killed, and whether only compile is, or everything that it started as well.
  private struct Point {
    enum Moment {
      /// After this part of the time that such a deployment takes.
      case part(Double)
      /// As soon as the log holds this line.
      case step(String)
    }
    let isCold: Bool
    let moment: Moment
    let killsAll: Bool

    var name: String {
      let when =
        switch moment {
        case .part(let part): "at \(Int(part * 1000)) ‰"
        case .step(let line): "at \"\(line)\""
        }
      return "\(isCold ? "cold" : "warm"), \(when), \(killsAll ? "the whole group" : "compile alone")"
    }
  }

  /// 200 points: 40 moments of time and the log's steps, for each way to start and to die.
  private static let points: [Point] = {
    let steps = [
      "Downloading rustup", "Running \"rustup toolchain", "-----> Reading the app", "-----> Restoring",
      "-----> Building",
      "Compiling hello", "-----> Preparing", "-----> Saving", "The build cache holds", "-----> Done",
    ]
    var points: [Point] = []
    for isCold in [true, false] {
      for killsAll in [true, false] {
        points += (0..<40).map { Point(isCold: isCold, moment: .part((Double($0) + 0.5) / 40), killsAll: killsAll) }
        points += steps.map { Point(isCold: isCold, moment: .step($0), killsAll: killsAll) }
      }
    }
    return points
  }()

  @Test(.timeLimit(.minutes(60))) func theNextDeploymentIsRightAndLeavesNoMore() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try FaultApp.publish(to: rust)
    let app = try FaultApp(rust)
    let platform = try Platform(rust: rust)
    let cold = try platform.deploy(app.app("clean"))
    let warm = try platform.deploy(app.app("clean again"))
    let seconds = [true: cold.compilation.seconds, false: warm.compilation.seconds]
    let clean = try Self.listing(platform)
    var number = 0
    for point in Faults.cut(Self.points, to: 14, "death") {
      number += 1
      Faults.attempt("Death", point.name) {
        if point.isCold { try platform.clearCache() }
        let build = try platform.place(app.app("killed \(number)"))
        let program = try platform.start("compile", [build, platform.cache, platform.env], home: build)
        switch point.moment {
        case .part(let part): usleep(UInt32(part * (seconds[point.isCold] ?? 1) * 1e6))
        case .step(let line): _ = program.waitForLog(line, timeout: 30)
        }
        program.signal(SIGKILL)
        program.wait(timeout: 10)
        if point.killsAll { Self.killAll(platform) }
        let next = try platform.deploy(app.app("after \(number)"))
        if let trouble = next.trouble(printing: "after \(number)") { return trouble }
        let left = processesLeft(in: platform.folder)
        if !left.isEmpty { return "left running: \(left)" }
        let more = try Self.listing(platform).filter { $0.value > clean[$0.key, default: 0] }
        return more.isEmpty ? nil : "the cache holds more than a clean one: \(more.keys.sorted())"
      }
    }
  }

  /// The paths of the cache with how many there are of each, cargo's hashes left out.
  private static func listing(_ platform: Platform) throws -> [String: Int] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: platform.rustCache)
    let plain = paths.map { $0.replacingOccurrences(of: "[0-9a-f]{16}", with: "*", options: .regularExpression) }
    return Dictionary(plain.map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// Ends everything that runs below a platform's folder, by its number, until nothing is left.
  private static func killAll(_ platform: Platform) {
    for _ in 0..<50 {
      let running = processes(in: platform.folder)
      if running.isEmpty { return }
      for process in running { if let pid = pid_t(process.prefix { $0 != " " }) { kill(pid, SIGKILL) } }
      usleep(10_000)
    }
  }
}
