import Foundation

/// Starts processes. The corresponding C function is `posix_spawnp`.
enum Spawn {
  static func start(_ command: ChildCommand) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    if let file = command.outputFile {
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    if command.isQuiet { posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) }
    posix_spawn_file_actions_addchdir_np(&actions, command.directory)

    var attributes = attributes
    defer { posix_spawnattr_destroy(&attributes) }

    let arguments = command.words.map { strdup($0) } + [nil]
    let environment = command.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for string in arguments + environment { free(string) } }

    var id: pid_t = 0
    let code = posix_spawnp(&id, command.words[0], &actions, &attributes, arguments, environment)
    guard code == 0 else {
      throw .notStarted(command: command.words[0], reason: String(cString: strerror(code)))
    }
    return id
  }

  /// A session of its own, no signal blocked or ignored.
  private static var attributes: posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = Int(POSIX_SPAWN_SETSIGMASK) | Int(POSIX_SPAWN_SETSIGDEF) | Int(POSIX_SPAWN_SETSID)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    return attributes
  }
}
