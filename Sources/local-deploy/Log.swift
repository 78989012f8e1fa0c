import Foundation

/// The log, in the style of a buildpack's. Written at once, so that it keeps its order among the children's output.
enum Log {
  static func step(_ text: String) { write("-----> \(text)\n", to: STDOUT_FILENO) }

  static func detail(_ text: String) { write(prefixed(text, "       "), to: STDOUT_FILENO) }

  static func warning(_ text: String) { write(prefixed("Warning: " + text, " !     "), to: STDERR_FILENO) }

  static func error(_ text: String) { write(prefixed("Error: " + text, " !     "), to: STDERR_FILENO) }

  static func plain(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) }

  private static func prefixed(_ text: String, _ prefix: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "\(prefix)\($0)\n" }.joined()
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EPIPE {
        // Nobody reads the log any more: the deployment ends as it does on Ctrl-C.
        kill(getpid(), SIGTERM)
        return
      } else if errno != EINTR, errno != EAGAIN {
        return
      }
    }
  }
}
