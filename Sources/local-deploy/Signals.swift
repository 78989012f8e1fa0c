import Foundation

/// The signals that this tool waits for instead of being ended by them: with all of them blocked, every wait is one call
/// that returns early when a child ends or somebody asks to stop.
enum Signals {
  /// Blocks the signals, and ignores SIGPIPE: a child that writes to nobody must not end this tool before its cleanup.
  static func holdBack() {
    var set = waitedFor
    sigprocmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Waits until a child changes or the time is over.
  /// - Throws: `interrupted` as soon as INT, TERM or HUP came.
  static func wait(seconds: Double) throws(Failure) {
    var set = waitedFor
    var limit = timespec(tv_sec: Int(seconds), tv_nsec: Int(seconds.truncatingRemainder(dividingBy: 1) * 1e9))
    let signal = sigtimedwait(&set, nil, &limit)
    if signal > 0, signal != SIGCHLD { throw .interrupted(signal: signal) }
  }

  private static var waitedFor: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&set, signal) }
    return set
  }
}
