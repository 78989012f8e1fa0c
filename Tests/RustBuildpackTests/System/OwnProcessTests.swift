// What writes to this process's own outputs, or ends it: each in a process of its own.
import Glibc
import Testing

@testable import RustBuildpack

@Suite struct OwnProcessTests {
  @Test func writesBytesAsTheyAre() async throws {
    let result = try await #require(
      processExitsWith: .success,
      observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      StandardStream.output.write([0xFF, 0x00, 0x0A])
      StandardStream.errors.write(Array("errors\n".utf8))
    }
    #expect(result.standardOutputContent == [0xFF, 0x00, 0x0A])
    #expect(result.standardErrorContent == Array("errors\n".utf8))
  }

  @Test func endsWhenNobodyReads() async {
    await #expect(processExitsWith: .exitCode(128 + SIGPIPE)) {
      Termination.install()
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0, dup2(ends[1], STDOUT_FILENO) >= 0 else { exitProcess(1) }
      close(ends[0])
      StandardStream.output.write([0x0A])
      exitProcess(0)
    }
  }

  @Test func waitsForASlowReader() async {
    await #expect(processExitsWith: .success) {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0, dup2(ends[1], STDOUT_FILENO) >= 0 else { exitProcess(1) }
      _ = fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK)
      let child = startReader(ends[0], limit: 300_000)
      StandardStream.output.write([UInt8](repeating: 0x61, count: 300_000))
      var status: Int32 = -1
      guard child > 0, waitpid(child, &status, 0) == child else { exitProcess(2) }
      exitProcess(status)
    }
  }

  @Test func aStopSignalWithoutAChildEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
      Termination.install()
      kill(getpid(), SIGTERM)
      Clock.sleep(seconds: 5)
    }
  }

  @Test func aStopSignalEndsTheChildFirst() async {
    await #expect(processExitsWith: .exitCode(128 + SIGINT)) {
      Termination.install()
      let command = Command(
        "sh",
        ["-c", "trap 'exit 3' INT; kill -INT $PPID; while :; do sleep 0.1; done"],
        environment: plainEnvironment,
        directory: "/"
      )
      let start = Clock.seconds
      _ = try? command.capture()
      // Not reached: the process ends as soon as the child has.
      exitProcess(Clock.seconds - start < 4 ? 0 : 1)
    }
  }

  @Test func aChildThatIgnoresTheSignalIsKilled() async {
    await #expect(processExitsWith: .exitCode(128 + SIGHUP)) {
      Termination.install()
      let command = Command(
        "sh",
        ["-c", "trap '' HUP; kill -HUP $PPID; sleep 60"],
        environment: plainEnvironment,
        directory: "/"
      )
      _ = try? command.capture()
      exitProcess(0)
    }
  }
}

/// Starts a program that reads `limit` bytes slowly; its exit code is 0 when they all came.
private func startReader(_ descriptor: Int32, limit: Int) -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
  let script = "sleep 0.3; test $(head -c \(limit) | wc -c) = \(limit)"
  var words: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(script), nil]
  defer { for word in words { free(word) } }
  var child: pid_t = 0
  return posix_spawn(&child, "/bin/sh", &actions, nil, &words, environ) == 0 ? child : -1
}
