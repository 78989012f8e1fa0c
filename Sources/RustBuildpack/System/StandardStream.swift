import Glibc

/// This process's own two outputs.
package enum StandardStream: Sendable {
  case output
  case errors

  /// Writes all bytes at once, past any buffer, waiting for a slow reader.
  ///
  /// When nobody reads any more there is nobody to deploy for: the running child and this process end.
  package func write(_ bytes: [UInt8]) {
    let descriptor = self == .output ? STDOUT_FILENO : STDERR_FILENO
    bytes.withUnsafeBytes { buffer in
      var rest = buffer
      while !rest.isEmpty {
        let written = Glibc.write(descriptor, rest.baseAddress!, rest.count)
        if written >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        } else if errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, 1_000)
        } else if errno == EPIPE {
          Termination.end(exitCode: 128 + SIGPIPE)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}

/// Ends this process.
package func exitProcess(_ code: Int32) -> Never { exit(code) }
