import Glibc

/// A program that runs in a process group of its own beside what this process does.
///
/// Its group is killed when the value goes away. It is not ended by the signals that end this process, unless
/// `endsBySignals` is asked for.
package struct BackgroundProcess: ~Copyable {
  /// Which of its outputs this process reads; the other one is thrown away.
  package enum Reading: Sendable {
    case output
    case errors
  }

  private let group: pid_t
  private let endsBySignals: Bool
  private var output: Int32
  private var input: Int32
  private var status: TerminationStatus?

  /// Starts the program; with `hasInput` it reads what `send` gives it, and the end of file when this process ends.
  package init(
    _ command: Command,
    reading: Reading,
    hasInput: Bool = false,
    endsBySignals: Bool = false
  ) throws(CommandError) {
    var ends: [Int32] = [-1, -1]
    if hasInput, pipe2(&ends, O_CLOEXEC) != 0 { throw CommandError(program: command.program, errno: .current) }
    defer { if ends[0] >= 0 { close(ends[0]) } }
    let outputs: [Int32]
    do throws(CommandError) {
      outputs = try Self.makePipe(command.program)
    } catch {
      if ends[1] >= 0 { close(ends[1]) }
      throw error
    }
    let started: pid_t
    do throws(CommandError) {
      defer { close(outputs[1]) }
      let (reader, writer) = (ends[0], outputs[1])
      let spawn = { () throws(CommandError) in
        try command.spawn(
          input: reader,
          output: reading == .output ? writer : -1,
          errors: reading == .errors ? writer : -1
        )
      }
      started = try endsBySignals ? Termination.start(spawn) : spawn()
    } catch {
      for descriptor in [ends[1], outputs[0]] where descriptor >= 0 { close(descriptor) }
      throw error
    }
    group = started
    self.endsBySignals = endsBySignals
    input = ends[1]
    output = outputs[0]
  }

  private static func makePipe(_ program: String) throws(CommandError) -> [Int32] {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw CommandError(program: program, errno: .current) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return ends
  }

  deinit {
    if input >= 0 { close(input) }
    if output >= 0 { close(output) }
    if status == nil {
      Glibc.kill(-group, SIGKILL)
      while waitpid(group, nil, 0) == -1, errno == EINTR {}
      if endsBySignals { Termination.forget(group) }
    }
  }

  /// The descriptor that tells `Descriptors.wait` of output; -1 when there will be none any more.
  package var descriptor: Int32 { output }

  /// Whether it has not ended; what it left of its group is killed when it has.
  package mutating func isRunning() -> Bool {
    if status != nil { return false }
    var information = siginfo_t()
    guard waitid(P_PID, id_t(group), &information, WEXITED | WNOHANG | WNOWAIT) == 0,
      information._sifields._sigchld.si_pid == 0
    else {
      end()
      return false
    }
    return true
  }

  /// Kills the whole group and waits for the program's end.
  package mutating func end() {
    guard status == nil else { return }
    Glibc.kill(-group, SIGKILL)
    var code: Int32 = 0
    while waitpid(group, &code, 0) == -1, errno == EINTR {}
    status = TerminationStatus(waitStatus: code)
    if endsBySignals { Termination.forget(group) }
  }

  /// Waits for its end, and returns how it ended and what it printed, at most 1,000 lines; ends this process when a
  /// signal had asked for it, at the latest when the program had time enough to end.
  package mutating func finish() -> (status: TerminationStatus, lines: [[UInt8]]) {
    var splitter = LineSplitter()
    var lines: [[UInt8]] = []
    let add = { (line: ArraySlice<UInt8>) in if lines.count < 1_000 { lines.append(Array(line)) } }
    var killTime = Double.infinity
    while isRunning() {
      Descriptors.wait([descriptor], seconds: 1)
      readLines(into: &splitter, add)
      if Termination.isRequested { killTime = min(killTime, Clock.seconds + Termination.grace) }
      if Clock.seconds >= killTime { end() }
    }
    readLines(into: &splitter, add)
    splitter.finish(add)
    if endsBySignals { Termination.ended(group) }
    return (status ?? .exited(127), lines)
  }

  /// Writes to its input and closes that; a program that is gone does not mind.
  package mutating func send(_ bytes: [UInt8]) {
    guard input >= 0 else { return }
    _ = bytes.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
    close(input)
    input = -1
  }

  /// Hands over the lines that have come so far, without waiting.
  package mutating func readLines(into lines: inout LineSplitter, _ body: (ArraySlice<UInt8>) -> Void) {
    while output >= 0 {
      let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
        let count = Glibc.read(output, buffer.baseAddress!, buffer.count)
        if count > 0 { lines.add(buffer[..<count], body) }
        return count
      }
      if count > 0 || count < 0 && errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      close(output)
      output = -1
    }
  }

  /// All lines until its output ends, or nothing when that takes longer.
  package mutating func allLines(within seconds: Double) -> [[UInt8]]? {
    var splitter = LineSplitter()
    var lines: [[UInt8]] = []
    let limit = Clock.seconds + seconds
    while output >= 0 {
      guard Clock.seconds < limit, lines.count < 10_000 else { return nil }
      Descriptors.wait([descriptor], seconds: 0.05)
      readLines(into: &splitter) { lines.append(Array($0)) }
    }
    splitter.finish { lines.append(Array($0)) }
    return lines
  }
}

/// Waiting for several things at once.
package enum Descriptors {
  /// Returns when one of them has something to read or has ended, a signal came, or the time has passed; -1 is nothing.
  package static func wait(_ descriptors: [Int32], seconds: Double) {
    var watched = (descriptors + [Termination.wakeReader]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    poll(&watched, nfds_t(watched.count), Int32(seconds * 1_000))
    if watched[watched.count - 1].revents != 0 { _ = read(Termination.wakeReader) }
  }

  /// What has come; nothing at the end of the stream.
  package static func read(_ descriptor: Int32) -> [UInt8]? {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&watched, 1, 0) > 0 else { return [] }
    return withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 16) { buffer in
      let count = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
      if count > 0 { return Array(buffer[..<count]) }
      return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
    }
  }
}

/// A named pipe that other programs write to; it never ends, and nobody waits for it.
package struct NamedPipe: ~Copyable {
  package let descriptor: Int32

  /// Makes the pipe, and opens it.
  package init(_ path: FilePath) throws(FileError) {
    let failure = path.withCString { mkfifo($0, 0o600) == 0 ? 0 : errno }
    guard failure == 0 else { throw FileError("make", path, Errno(rawValue: failure)) }
    // Open for writing too, so that it does not end with each writer.
    let opened = path.withCString { open($0, O_RDWR | O_NONBLOCK | O_CLOEXEC) }
    let problem = Errno.current
    guard opened >= 0 else { throw FileError("open", path, problem) }
    descriptor = opened
  }

  deinit { close(descriptor) }
}

extension FilePath {
  /// Makes a new folder that only this user can enter; its name begins with `prefix`.
  package static func makeTemporaryDirectory(_ prefix: FilePath) throws(FileError) -> FilePath {
    var template = prefix.bytes.map { CChar(bitPattern: $0) } + "XXXXXX".utf8CString
    guard mkdtemp(&template) != nil else { throw FileError("make", prefix, Errno.current) }
    return FilePath(bytes: template.dropLast().map { UInt8(bitPattern: $0) })
  }

  /// Whether a program listens at this local socket.
  package var acceptsConnections: Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < capacity else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, __CONST_SOCKADDR_ARG(__sockaddr__: $0), socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }
}
