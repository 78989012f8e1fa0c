import Foundation

/// The processes that come from this one. On the platform a container's end is the end of all its processes; here the
/// tool adopts those whose parent ended, so that none escapes.
enum Descendants {
  /// From now on, a process below this one whose parent ends becomes this one's child.
  ///
  /// The corresponding C call is `prctl(PR_SET_CHILD_SUBREAPER, 1)`; Swift doesn't import variadic functions.
  static func adopt() {
    typealias Prctl = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    guard let symbol = dlsym(nil, "prctl") else { return }
    let setChildSubreaper: Int32 = 36
    _ = unsafeBitCast(symbol, to: Prctl.self)(setChildSubreaper, 1, 0, 0, 0)
  }

  /// Ends every child of this process, then those that become its children by that, until there is none.
  static func killAll() {
    while case let children = self.children, !children.isEmpty {
      for child in children {
        kill(child, SIGKILL)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
      }
    }
  }

  /// Read from `/proc/<id>/stat`: after the name in parentheses come the state and the parent's id.
  private static var children: [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap(pid_t.init).filter { id in
      guard let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
        let afterName = stat.lastIndex(of: ")")
      else { return false }
      let fields = stat[afterName...].split(separator: " ")
      return fields.count > 2 && pid_t(fields[2]) == getpid()
    }
  }
}
