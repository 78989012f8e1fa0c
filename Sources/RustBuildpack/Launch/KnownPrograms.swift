/// The programs that a process's command can start by their name alone.
struct KnownPrograms {
  /// Builtins after which a name may mean anything.
  static let definesNames: Set<String> = [
    ".", "source", "eval", "alias", "export", "declare", "typeset", "readonly", "hash", "enable", "shopt", "set",
  ]
  /// bash's other builtins.
  private static let builtins: Set<String> = [
    ":", "[", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen", "complete", "compopt", "continue",
    "dirs", "disown", "echo", "exec", "exit", "false", "fc", "fg", "getopts", "help", "history", "jobs", "kill", "let",
    "local", "logout", "mapfile", "popd", "printf", "pushd", "pwd", "read", "readarray", "return", "shift", "suspend",
    "test", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset", "wait",
  ]
  /// Where a container finds programs besides the app's own.
  private static let folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]

  private let app: FilePath
  private let installed: [String]
  private let environment: Environment

  init(_ app: FilePath, installed: [String], _ environment: Environment) {
    self.app = app
    self.installed = installed
    self.environment = environment
  }

  /// Whether the app or the image surely has the program: a machine's own PATH may hold more than a container's.
  func has(_ name: String) -> Bool {
    installed.contains(name) || Self.builtins.contains(name) || app.appending("bin").appending(name).exists
      || Self.folders.contains { FilePath($0).appending(name).isExecutable }
  }

  /// Whether the name may be right: it is known, or something of the app could bring it.
  ///
  /// Other buildpacks may still come and install it; scripts that a container sources may define it, or put the folder
  /// that holds it on PATH.
  func mayHave(_ name: String) -> Bool {
    if has(name) || environment.executable(named: name) != nil { return true }
    // The app's own PATH may lead to more folders of it than the one that this buildpack fills.
    let path = (environment["PATH"] ?? "").split(separator: ":")
    if app.appending(".buildpacks").exists || path.contains(where: { $0.hasPrefix("/app/") && $0 != "/app/bin" }) {
      return true
    }
    let scripts = app.appending(".profile.d").entries.filter { $0.lastComponent != "rust.sh" }
    let others = scripts + [app.appending(".profile"), app.appending(".bashrc")].filter { $0.exists }
    guard !others.isEmpty else { return false }
    // Only a slip of the pen is certain then, and only if nothing of that name is anywhere in the app.
    return nearest(name, among: installed) == nil || others.contains { mentions($0, name) } || isInApp(name)
  }

  private func mentions(_ script: FilePath, _ name: String) -> Bool {
    guard let content = try? script.contents(limit: 1 << 20) else { return true }
    let wanted = Array(name.utf8)
    return content.indices.contains { content[$0...].starts(with: wanted) }
  }

  private func isInApp(_ name: String) -> Bool {
    var isFound = false
    do throws(FileError) {
      try app.walk { (entry, status) throws(FileError) in
        if status.kind != .directory, entry.lastComponent == name { isFound = true }
        return !isFound && ![".git", "target"].contains(entry.lastComponent)
      }
    } catch { return true }
    return isFound
  }
}
