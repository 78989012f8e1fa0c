import Foundation
import Glibc

/// Why a stand-in could not be made.
package struct StandInError: Error, CustomStringConvertible {
  /// The reason, as one sentence.
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A program that was run to its end, and what it said.
package struct ToolRun: Sendable {
  /// The exit code; 128 + the signal's number for a program that was killed.
  package let status: Int32
  /// What it wrote to standard output.
  package let output: String
  /// What it wrote to standard error.
  package let errors: String

  /// Runs a program, found on its environment's PATH, in its own process group and waits for it.
  ///
  /// After `timeout` seconds the group is killed. Nothing is inherited but the environment, this process's own unless
  /// another is given.
  package init(
    _ arguments: [String],
    environment: [String: String] = ProcessInfo.processInfo.environment,
    directory: String? = nil,
    timeout: Double? = nil
  ) throws {
    let folder = try temporaryFolder("tool")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (out, err) = (folder + "/out", folder + "/err")
    let child = try spawn(arguments, environment: environment, directory: directory, output: (out, err))
    status = wait(for: child, timeout: timeout)
    output = String(decoding: try Data(contentsOf: URL(fileURLWithPath: out)), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: URL(fileURLWithPath: err)), as: UTF8.self)
  }

  /// The output of a program that has to succeed.
  static func output(of arguments: [String], environment: [String: String]? = nil) throws -> String {
    let run = try ToolRun(arguments, environment: environment ?? ProcessInfo.processInfo.environment)
    guard run.status == 0 else {
      throw StandInError("'\(arguments.joined(separator: " "))' failed with \(run.status): \(run.errors)")
    }
    return run.output
  }
}

/// Makes a new folder below the system's temporary one; whoever asks for it removes it.
package func temporaryFolder(_ label: String) throws -> String {
  var template = Array((NSTemporaryDirectory() + "/stand-ins-\(label)-XXXXXX").utf8CString)
  guard mkdtemp(&template) != nil else { throw StandInError("cannot make a temporary folder") }
  return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    .replacingOccurrences(of: "//", with: "/")
}

/// Starts a program; with `output`, in its own process group and with its output in those two files.
func spawn(
  _ arguments: [String],
  environment: [String: String],
  directory: String? = nil,
  output: (out: String, err: String)? = nil
) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  var attributes = posix_spawnattr_t()
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  if let output {
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output.out, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, output.err, flags, 0o600)
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, 3)
  if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
  var noSignals = sigset_t()
  sigemptyset(&noSignals)
  posix_spawnattr_setsigmask(&attributes, &noSignals)
  var defaults = sigset_t()
  sigemptyset(&defaults)
  for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&defaults, signal) }
  posix_spawnattr_setsigdefault(&attributes, &defaults)
  let group = output == nil ? 0 : POSIX_SPAWN_SETPGROUP
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))

  let argv = arguments.map { strdup($0) } + [nil]
  let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for text in argv + envp { free(text) } }
  var child = pid_t()
  let code = posix_spawn(&child, find(arguments[0], path: environment["PATH"]), &actions, &attributes, argv, envp)
  guard code == 0 else { throw StandInError("cannot run \(arguments[0]): \(String(cString: strerror(code)))") }
  return child
}

/// A program's file by the child's own PATH: `posix_spawnp` would search this process's.
private func find(_ program: String, path: String?) -> String {
  if program.contains("/") { return program }
  let candidates = (path ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(program)" }
  return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? program
}

/// Waits for a child; its exit code, or 128 + the number of the signal that ended it.
func wait(for child: pid_t, timeout: Double? = nil) -> Int32 {
  var status: Int32 = 0
  if let timeout {
    let limit = Date(timeIntervalSinceNow: timeout)
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child || (ended < 0 && errno != EINTR) { return exitCode(status) }
      if Date() > limit { break }
      usleep(5_000)
    }
    kill(-child, SIGKILL)
  }
  while waitpid(child, &status, 0) < 0 && errno == EINTR {}
  return exitCode(status)
}

private func exitCode(_ status: Int32) -> Int32 {
  status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
}
