import Glibc

/// A program that could not be run at all.
package struct CommandError: Error, Sendable, CustomStringConvertible {
  package let program: String
  package let errno: Errno

  package var description: String { "couldn't run \(program): \(errno)" }
}

/// A program with its arguments, variables and directory, run as a child in a process group of its own.
///
/// The child gets no input (`/dev/null`), no descriptor besides its two outputs and a lock that it is to hold (see
/// `Termination.childrenHold`), and default signal handling.
package struct Command: Sendable {
  /// A path, or a name that is looked for on `environment`'s PATH.
  package var program: String
  package var arguments: [String]
  package var environment: Environment
  package var directory: FilePath
  /// After so many seconds the program's group is told to end, and killed if it does not; nothing for no limit.
  package var timeLimit: Int?

  package init(_ program: String, _ arguments: [String], environment: Environment, directory: FilePath) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
  }

  /// Runs the program to its end and hands over each line of its outputs, without the newline, as it comes.
  ///
  /// Returns when the program itself has ended, even if something it left behind keeps the outputs open; what is left
  /// of its process group is then killed. A line of more than 1 MiB is handed over in pieces.
  /// With a `timeLimit` that has passed, the status is `.stopped`, whatever the program made of being told to end.
  /// - Throws: when the program can't be started.
  package func run(
    output: (ArraySlice<UInt8>) -> Void,
    errors: (ArraySlice<UInt8>) -> Void
  ) throws(CommandError) -> TerminationStatus {
    var outputPipe = try Pipe(program)
    var errorPipe = try Pipe(program)
    let child = try Termination.start { () throws(CommandError) in
      try spawn(output: outputPipe.writer, errors: errorPipe.writer)
    }
    outputPipe.closeWriter()
    errorPipe.closeWriter()

    var outputLines = LineSplitter()
    var errorLines = LineSplitter()
    var status: TerminationStatus?
    var killTime: Double?
    var readsAfterEnd = 0
    let stopTime = timeLimit.map { Clock.seconds + Double($0) } ?? .infinity
    var isOutOfTime = false
    while status == nil || outputPipe.isOpen || errorPipe.isOpen {
      let ended = status != nil
      wait(outputPipe, errorPipe, milliseconds: ended ? 0 : killTime == nil ? 1_000 : 100)
      let sawOutput = outputPipe.read(into: &outputLines, output)
      let sawErrors = errorPipe.read(into: &errorLines, errors)
      // Once the child is gone only what is already in the pipes counts: a pipe holds no more than a few reads take,
      // and what left the group may write for ever.
      if ended { readsAfterEnd += 1 }
      if ended && (!sawOutput && !sawErrors || readsAfterEnd > 32) { break }
      if status == nil {
        status = reap(child)
        if status == nil, !isOutOfTime, Clock.seconds >= stopTime {
          isOutOfTime = true
          kill(-child, SIGTERM)
        }
        if status == nil, isOutOfTime || Termination.requested != 0 {
          let limit = killTime ?? Clock.seconds + Termination.grace
          killTime = limit
          if Clock.seconds >= limit { kill(-child, SIGKILL) }
        }
      }
    }
    outputLines.finish(output)
    errorLines.finish(errors)
    outputPipe.closeReader()
    errorPipe.closeReader()
    Termination.ended(child)
    if isOutOfTime, let timeLimit { return .stopped(afterSeconds: timeLimit) }
    return status ?? .exited(0)
  }

  /// Runs the program and collects what it prints, at most 1 MiB of each output: for commands that say little.
  package func capture() throws(CommandError) -> (status: TerminationStatus, output: String, errors: String) {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    let status = try run(
      output: { if output.count < 1 << 20 { output += $0 + [UInt8(ascii: "\n")] } },
      errors: { if errors.count < 1 << 20 { errors += $0 + [UInt8(ascii: "\n")] } }
    )
    return (status, String(decoding: output, as: UTF8.self), String(decoding: errors, as: UTF8.self))
  }

  /// Starts the program; a descriptor of -1 stands for `/dev/null`.
  func spawn(input: Int32 = -1, output: Int32 = -1, errors: Int32 = -1) throws(CommandError) -> pid_t {
    guard let file = environment.executable(named: program) else {
      throw CommandError(program: program, errno: .noSuchFile)
    }
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, descriptor) in [(Int32(0), input), (1, output), (2, errors)] {
      if descriptor >= 0 {
        posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      } else {
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      }
    }
    let held = Termination.childrenHold
    if held >= 0 { posix_spawn_file_actions_adddup2(&actions, held, 3) }
    posix_spawn_file_actions_addclosefrom_np(&actions, held >= 0 ? 4 : 3)
    _ = directory.withCString { posix_spawn_file_actions_addchdir_np(&actions, $0) }
    var none = sigset_t()
    sigemptyset(&none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in Termination.stopSignals + [SIGPIPE, SIGCHLD] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let (child, failure) = withCStrings([Array(program.utf8)] + arguments.map { Array($0.utf8) }) { words in
      withCStrings(environment.entries) { variables in
        var child: pid_t = 0
        let failure = file.withCString { posix_spawn(&child, $0, &actions, &attributes, words, variables) }
        return (child, failure)
      }
    }
    guard failure == 0 else { throw CommandError(program: program, errno: Errno(rawValue: failure)) }
    return child
  }

  /// Waits for output, for the child's end or a signal, or for the time to pass.
  private func wait(_ outputPipe: borrowing Pipe, _ errorPipe: borrowing Pipe, milliseconds: Int32) {
    var watched = [
      pollfd(fd: Termination.wakeReader, events: Int16(POLLIN), revents: 0),
      pollfd(fd: outputPipe.reader, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errorPipe.reader, events: Int16(POLLIN), revents: 0),
    ]
    poll(&watched, 3, milliseconds)
    if watched[0].revents != 0 {
      withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
        while read(Termination.wakeReader, buffer.baseAddress!, 64) > 0 {}
      }
    }
  }

  /// The child's status if it has ended. What is left of its group is killed before its number can be given away.
  private func reap(_ child: pid_t) -> TerminationStatus? {
    var information = siginfo_t()
    guard waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT) == 0 else { return .exited(127) }
    guard information._sifields._sigchld.si_pid == child else { return nil }
    kill(-child, SIGKILL)
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    return TerminationStatus(waitStatus: status)
  }
}

/// Calls `body` with a NULL-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [[UInt8]],
  _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { string in
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.count + 1)
    for index in string.indices { copy[index] = CChar(bitPattern: string[index]) }
    copy[string.count] = 0
    return copy
  }
  pointers.append(nil)
  defer { for pointer in pointers { pointer?.deallocate() } }
  return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
}
