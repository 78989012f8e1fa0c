import Foundation
import Glibc

/// A program that a test started: its output goes to a file that can be read while it runs.
final class Program {
  /// Where an output or the input of a program leads.
  enum Stream {
    /// Into the log, in the order of writing.
    case log
    /// To or from this descriptor.
    case descriptor(Int32)
    /// Nowhere: the program finds the descriptor closed.
    case closed
    /// `/dev/null`.
    case null
  }

  let pid: pid_t
  private let logFile: String
  private var ending: Int32?
  /// The most memory that the program has held so far, without its children, in kB, as far as somebody has asked
  /// whether it runs.
  private(set) var peakMemory = 0

  /// Starts `arguments[0]` in a process group of its own, with nothing inherited but what is named here.
  init(
    _ arguments: [String],
    environment: [String: String],
    directory: String = "/",
    log: String,
    input: Stream = .null,
    output: Stream = .log,
    errors: Stream = .log
  ) throws {
    logFile = log
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, stream) in [(Int32(0), input), (1, output), (2, errors)] {
      switch stream {
      case .log: posix_spawn_file_actions_addopen(&actions, number, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
      case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      case .closed: posix_spawn_file_actions_addclose(&actions, number)
      case .null: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      }
    }
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    posix_spawn_file_actions_addchdir_np(&actions, directory)
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let words = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var child = pid_t()
    let code = posix_spawn(&child, arguments[0], &actions, &attributes, words, variables)
    guard code == 0 else { throw Failure("cannot run \(arguments[0]): \(String(cString: strerror(code)))") }
    pid = child
  }

  /// What the program has written to the log so far.
  var log: String {
    String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: logFile))) ?? Data(), as: UTF8.self)
  }

  /// Waits until the log holds `text`; false if the program ends or the time passes without it.
  func waitForLog(_ text: String, timeout: Double = 60) -> Bool {
    let limit = Date(timeIntervalSinceNow: timeout)
    while Date() < limit {
      let hasEnded = poll() != nil
      if log.contains(text) { return true }
      if hasEnded { return false }
      usleep(5_000)
    }
    return false
  }

  /// Whether the program has not ended yet.
  var isRunning: Bool { poll() == nil }

  func signal(_ number: Int32) {
    if ending == nil { kill(pid, number) }
  }

  /// Waits for the end; the exit code, or 128 + the number of the signal that ended it.
  ///
  /// After `timeout` seconds it is told to end, and killed if it does not.
  @discardableResult
  func wait(timeout: Double = 600) -> Int32 {
    if let code = wait(upTo: timeout) { return code }
    signal(SIGTERM)
    if let code = wait(upTo: 8) { return code }
    kill(-pid, SIGKILL)
    return wait(upTo: 5) ?? 128 + SIGKILL
  }

  private func wait(upTo seconds: Double) -> Int32? {
    let limit = Date(timeIntervalSinceNow: seconds)
    while Date() < limit {
      if let code = poll() { return code }
      usleep(3_000)
    }
    return nil
  }

  private func poll() -> Int32? {
    if let ending { return ending }
    noteMemory()
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
    ending = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    return ending
  }
}

extension Program {
  private func noteMemory() {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    peakMemory = max(peakMemory, line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
  }
}

/// Why a test could not be set up.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
