import Foundation

/// What to run: found on PATH when its name holds no slash, with exactly this environment, and nothing on its input.
struct ChildCommand {
  var words: [String]
  var environment: [String: String]
  var directory: String
  /// The file that takes its output; nil: it goes where this tool's goes.
  var outputFile: String?
  /// Whether its error output goes nowhere.
  var isQuiet = false
}

/// A running child, in a session of its own. At most one runs at a time, and none outlives `ended()` or `stop()`.
final class ChildProcess {
  private let id: pid_t
  private var status: TerminationStatus?

  init(_ command: ChildCommand) throws(Failure) {
    id = try Spawn.start(command)
  }

  /// Runs the command to its end; stops it when this tool is asked to stop.
  static func run(_ command: ChildCommand) throws(Failure) -> TerminationStatus {
    let child = try ChildProcess(command)
    defer { child.stop() }
    while true {
      if let status = child.ended() { return status }
      try Signals.wait(seconds: 1)
    }
  }

  /// How it ended, if it has.
  func ended() -> TerminationStatus? {
    reapEnded()
    return status
  }

  /// TERM to the whole process group, KILL after the grace or when asked to stop once more; then whatever it left.
  func stop(graceSeconds: Double = 30) {
    defer { Descendants.killAll() }
    guard ended() == nil else { return }
    kill(-id, SIGTERM)
    let deadline = Date(timeIntervalSinceNow: graceSeconds)
    while ended() == nil, Date() < deadline {
      do throws(Failure) { try Signals.wait(seconds: 0.2) } catch { break }
    }
    guard ended() == nil else { return }
    Log.detail("It did not end after TERM: KILL")
    kill(-id, SIGKILL)
    var waitStatus: Int32 = 0
    while waitpid(id, &waitStatus, 0) < 0, errno == EINTR {}
    status = TerminationStatus(waitStatus: waitStatus)
  }

  /// Collects every child that has ended: this one, and the orphans that this tool has adopted.
  private func reapEnded() {
    var waitStatus: Int32 = 0
    while case let ended = waitpid(-1, &waitStatus, WNOHANG), ended > 0 {
      if ended == id { status = TerminationStatus(waitStatus: waitStatus) }
    }
  }
}
