import Glibc

/// How a child process ended.
package enum TerminationStatus: Hashable, Sendable {
  case exited(Int32)
  case signaled(Int32)
  /// We ended it, since it took longer than it may.
  case stopped(afterSeconds: Int)

  package var isSuccess: Bool { self == .exited(0) }

  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signaled(signal)
  }
}

/// Ends this process and the children it runs when the platform says so.
///
/// The only process-wide state of the library: a signal handler can reach nothing else.
package enum Termination {
  /// How many children can run at the same time.
  private static let capacity = 16
  /// The process groups of the running children; 0 for a free place. Made before the handlers that read it.
  nonisolated(unsafe) private static let groups: UnsafeMutablePointer<pid_t> = {
    let places = UnsafeMutablePointer<pid_t>.allocate(capacity: capacity)
    places.initialize(repeating: 0, count: capacity)
    return places
  }()
  /// The signal that asked this process to end; 0 when none came.
  nonisolated(unsafe) fileprivate(set) static var requested: Int32 = 0
  /// A pipe that wakes `poll`: [read end, write end].
  nonisolated(unsafe) static var wakeReader: Int32 = -1
  nonisolated(unsafe) fileprivate static var wakeWriter: Int32 = -1

  /// The signals with which a platform stops a build.
  static let stopSignals: [Int32] = [SIGTERM, SIGINT, SIGHUP]

  /// The descriptor of a lock that children hold as well, as descriptor 3; -1 for none. When this process is killed,
  /// what it started may live on and write where the next one would.
  nonisolated(unsafe) static var childrenHold: Int32 = -1

  /// How long a child group may take to end after TERM before it is killed, in seconds.
  static let grace = 5.0

  /// Makes TERM, INT and HUP end the running children's whole groups and then this process with 128 + the signal;
  /// a write to a closed pipe becomes an error instead of a silent death. Call it once, before the first child.
  package static func install() {
    // Where the caller closed one of the standard descriptors, a file of ours must not get its number.
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 { _ = open("/dev/null", O_RDWR) }
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0 else { return }
    wakeReader = ends[0]
    wakeWriter = ends[1]
    signal(SIGPIPE, SIG_IGN)
    _ = groups
    for number in stopSignals {
      setHandler(number) { number in
        if !Termination.signalChildren(number) { Termination.leave(128 + number) }
        Termination.requested = number
        Termination.wake()
      }
    }
    setHandler(SIGCHLD) { _ in Termination.wake() }
    tellOfCrashes()
  }

  /// Makes a crash of this process end with a line in the log, and the running child with it.
  private static func tellOfCrashes() {
    // A stack that overflowed can't run the handler.
    let size = 1 << 16
    var stack = stack_t()
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    stack.ss_size = size
    sigaltstack(&stack, nil)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      let flags = SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      setHandler(number, flags: flags) { number in
        let text: StaticString = """

           !     The buildpack itself has crashed. This is a mistake in the buildpack, not in the app.
           !     Please report it with this log. Deploying again is safe.

          """
        _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
        Termination.signalChildren(SIGKILL)
        // The handler is gone by now: this ends the process as the crash would have, once this call returns.
        raise(number)
      }
    }
  }

  /// Sends a signal to the groups of all running children; false when none runs.
  @discardableResult
  private static func signalChildren(_ number: Int32) -> Bool {
    var found = false
    for place in 0..<capacity where groups[place] != 0 {
      kill(-groups[place], number)
      found = true
    }
    return found
  }

  /// Ends the running children's groups, if any, and this process at once: for when nobody reads the log any more.
  package static func end(exitCode: Int32) -> Never {
    if signalChildren(SIGTERM) {
      let limit = Clock.seconds + grace
      while signalChildren(0), Clock.seconds < limit {
        for place in 0..<capacity where groups[place] != 0 {
          waitpid(groups[place], nil, WNOHANG)
          if kill(-groups[place], 0) != 0 { groups[place] = 0 }
        }
        Clock.sleep(seconds: 0.02)
      }
      signalChildren(SIGKILL)
    }
    leave(exitCode)
  }

  /// Ends this process and gives up the lock, whoever else may hold it: what it started has ended.
  private static func leave(_ code: Int32) -> Never {
    if childrenHold >= 0 { flock(childrenHold, LOCK_UN) }
    _exit(code)
  }

  /// Starts a child with the stop signals held back, so that none falls between its start and our knowing its group;
  /// where one has come already, this process ends instead.
  static func start(_ spawn: () throws(CommandError) -> pid_t) throws(CommandError) -> pid_t {
    var held = sigset_t()
    var before = sigset_t()
    sigemptyset(&held)
    for number in stopSignals { sigaddset(&held, number) }
    sigprocmask(SIG_BLOCK, &held, &before)
    defer { sigprocmask(SIG_SETMASK, &before, nil) }
    if requested != 0 { end(exitCode: 128 + requested) }
    let child = try spawn()
    if let place = (0..<capacity).first(where: { groups[$0] == 0 }) { groups[place] = child }
    return child
  }

  /// Whether a signal asked this process to end: for one that waits for its child in its own way.
  package static var isRequested: Bool { requested != 0 }

  /// Says that a child has been waited for, and leaves the end of this process to the caller.
  static func forget(_ child: pid_t) {
    for place in 0..<capacity where groups[place] == child { groups[place] = 0 }
  }

  /// Says that a child has been waited for; ends this process, and what else it runs, when a signal had asked for it.
  static func ended(_ child: pid_t) {
    forget(child)
    guard requested != 0 else { return }
    signalChildren(SIGKILL)
    leave(128 + requested)
  }

  private static func wake() {
    let saved = errno
    var byte: UInt8 = 0
    _ = write(wakeWriter, &byte, 1)
    errno = saved
  }

  private static func setHandler(
    _ number: Int32,
    flags: Int32 = SA_RESTART,
    _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = flags
    sigaction(number, &action, nil)
  }
}
