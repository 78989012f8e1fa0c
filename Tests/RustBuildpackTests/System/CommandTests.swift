// Real child processes: what they are given, what comes back, and that none is left.
import Glibc
import Testing

@testable import RustBuildpack

@Suite(.serialized) struct CommandTests {
  let folder: TemporaryFolder

  /// As in a deployment: a child's end wakes who waits for it.
  private static let isInstalled: Void = Termination.install()

  init() throws {
    folder = try TemporaryFolder()
    Self.isInstalled
  }

  private func shell(_ script: String, _ environment: Environment = plainEnvironment) -> Command {
    Command("sh", ["-c", script], environment: environment, directory: folder.path)
  }

  private func pid(_ name: String) throws -> pid_t {
    try #require(pid_t(folder[name].text().split(separator: "\n").joined()))
  }

  /// Whether a process is gone within two seconds; one that ended and was not waited for counts as gone.
  private func isGone(_ process: pid_t) -> Bool {
    let limit = Clock.seconds + 2
    while Clock.seconds < limit {
      guard kill(process, 0) == 0, let status = try? FilePath("/proc/\(process)/stat").text() else { return true }
      if status.contains(") Z ") { return true }
      Clock.sleep(seconds: 0.02)
    }
    return false
  }

  @Test(arguments: [
    ("exit 0", TerminationStatus.exited(0), "ended with exit code 0"),
    ("exit 101", .exited(101), "ended with exit code 101"),
    ("exit 255", .exited(255), "ended with exit code 255"),
    ("kill -KILL $$", .signaled(9), "was killed (SIGKILL)"),
    ("kill -SEGV $$", .signaled(11), "was ended by signal 11"),
    ("kill -TERM $$", .signaled(15), "was ended by signal 15"),
  ])
  func tellsHowItEnded(script: String, expected: TerminationStatus, words: String) throws {
    let status = try shell("ulimit -c 0; \(script)").capture().status
    #expect(status == expected)
    #expect(status.words == words)
    #expect(status.isSuccess == (script == "exit 0"))
  }

  @Test(arguments: ["exec sleep 30", "trap '' TERM; sleep 30; sleep 30", "trap 'exit 0' TERM; sleep 30 & wait"])
  func stopsWhatTakesLongerThanItMay(script: String) throws {
    var command = shell("echo before; echo $$ >pid; \(script)")
    command.timeLimit = 1
    let start = Clock.seconds
    let (status, output, _) = try command.capture()
    #expect(status == .stopped(afterSeconds: 1))
    #expect(status.words == "was stopped, since it had not ended after 1 second" && !status.isSuccess)
    #expect(output == "before\n")
    #expect(Clock.seconds - start < 1 + Termination.grace + 2)
    #expect(isGone(try pid("pid")))
  }

  @Test func aLimitThatIsNotReachedChangesNothing() throws {
    var command = shell("exit 3")
    command.timeLimit = 600
    #expect(try command.capture().status == .exited(3))
    #expect(TerminationStatus.stopped(afterSeconds: 600).words.hasSuffix("after 10 minutes"))
    #expect(TerminationStatus.stopped(afterSeconds: 90).words.hasSuffix("after 90 seconds"))
  }

  @Test func keepsTheOutputsApartAndInOrder() throws {
    var output: [String] = []
    var errors: [String] = []
    let status = try shell("for i in 1 2 3; do echo o$i; echo e$i >&2; done; printf last; printf words >&2").run(
      output: { output.append(String(decoding: $0, as: UTF8.self)) },
      errors: { errors.append(String(decoding: $0, as: UTF8.self)) }
    )
    #expect(status.isSuccess)
    #expect(output == ["o1", "o2", "o3", "last"])
    #expect(errors == ["e1", "e2", "e3", "words"])
  }

  @Test func losesNothingOfALongOutput() throws {
    var lines = 0
    var bytes = 0
    var isInOrder = true
    let status = try shell("seq 1 700000; echo end >&2").run(
      output: { line in
        lines += 1
        bytes += line.count + 1
        if String(decoding: line, as: UTF8.self) != "\(lines)" { isInOrder = false }
      },
      errors: { _ in }
    )
    #expect(status.isSuccess && isInOrder)
    #expect(lines == 700_000)
    #expect(bytes == 4_788_895)
  }

  @Test func readsWhatWasPrintedRightBeforeTheEnd() throws {
    for _ in 0..<10 {
      let result = try Command("seq", ["9000"], environment: plainEnvironment, directory: "/").capture()
      #expect(result.output.hasSuffix("\n9000\n"))
    }
  }

  @Test func givesTheChildNothingBesides() throws {
    let result = try shell("ls /proc/self/fd | tr '\\n' ' '; readlink /proc/self/fd/0; cat; pwd; echo $# $0").capture()
    // The fourth is that of the folder which ls lists.
    #expect(result.output == "0 1 2 3 /dev/null\n\(folder.path)\n0 sh\n")
    #expect(result.errors == "")
  }

  @Test func givesTheChildDefaultSignals() throws {
    var before = sigset_t()
    var held = sigset_t()
    sigemptyset(&held)
    sigaddset(&held, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &held, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let result = try Command(
      "grep",
      ["-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"],
      environment: plainEnvironment,
      directory: "/"
    ).capture()
    let masks = result.output.split(separator: "\n").map { $0.split(separator: "\t").last ?? "" }
    #expect(masks.count == 3)
    #expect(masks.first.map { UInt64($0, radix: 16) } == 0)
  }

  @Test func passesArgumentsAndVariablesAsBytes() throws {
    var environment = plainEnvironment
    environment.set("ODD", [0xFF, 0x0A, 0x3D])
    let words = ["a b", "", "$HOME", "é", "line\nline"]
    let script = #"printf '<%s>' "$@"; printf '%s' "$ODD" | od -An -tx1; env | wc -l"#
    let result = try Command("sh", ["-c", script, "sh"] + words, environment: environment, directory: "/").capture()
    #expect(result.output.hasPrefix("<a b><><$HOME><é><line\nline> ff 0a 3d\n"))
  }

  @Test(arguments: [
    ("no-such-program", "No such file or directory"), ("/no/such/program", "No such file or directory"),
    ("/etc", "Permission denied"), ("/etc/passwd", "Permission denied"),
  ])
  func saysWhyItCannotStart(program: String, words: String) {
    let command = Command(program, [], environment: plainEnvironment, directory: "/")
    do throws(CommandError) {
      _ = try command.capture()
      Issue.record("it started")
    } catch {
      #expect(error.description == "couldn't run \(program): \(words)")
    }
  }

  @Test func startsOnlyInAFolderThatExists() {
    let command = Command("true", [], environment: plainEnvironment, directory: folder["missing"])
    #expect(throws: CommandError.self) { _ = try command.capture() }
  }

  @Test func doesNotWaitForWhatKeepsTheOutputsOpen() throws {
    let start = Clock.seconds
    let result = try shell("sleep 30 & echo $! > pid; echo done").capture()
    #expect(result.output == "done\n")
    #expect(Clock.seconds - start < 5)
    #expect(isGone(try pid("pid")), "what is left of the group is killed")
  }

  @Test func doesNotWaitForWhatLeftTheGroup() throws {
    let start = Clock.seconds
    let result = try shell("setsid sleep 30 & echo $! > pid; sleep 0.2; echo done").capture()
    defer { if let process = try? pid("pid") { kill(process, SIGKILL) } }
    #expect(result.output == "done\n")
    #expect(Clock.seconds - start < 5)
  }

  @Test func doesNotReadForEverFromWhatLeftTheGroup() throws {
    let start = Clock.seconds
    var lines = 0
    // It ends by itself ten seconds later, should it not be ended by the closed pipe.
    let status = try shell("setsid timeout 10 yes & echo $! > pid; sleep 0.2; exit 7").run(
      output: { _ in lines += 1 },
      errors: { _ in }
    )
    #expect(status == .exited(7))
    #expect(lines > 0)
    #expect(Clock.seconds - start < 5)
    kill(try pid("pid"), SIGTERM)
  }

  @Test func keepsAtMostAMebibyteOfWhatItCaptures() throws {
    let result = try shell("yes | head -c 3000000; yes | head -c 3000000 >&2").capture()
    #expect(result.status.isSuccess)
    #expect(result.output.utf8.count == 1 << 20)
    #expect(result.errors.utf8.count == 1 << 20)
  }

  @Test func leavesNoDescriptorsBehind() throws {
    func open() throws -> Set<[UInt8]> { Set(try FilePath("/proc/self/fd").names()) }
    _ = try shell("true").capture()
    var counts: [Int] = []
    for _ in 0..<5 {
      for _ in 0..<2 { _ = try shell("echo; echo >&2").capture() }
      counts.append(try open().count)
    }
    // Other tests open files meanwhile; ten commands that leaked would show as a steady climb.
    #expect(zip(counts, counts.dropFirst()).contains { $0 >= $1 }, "\(counts)")
  }
}
