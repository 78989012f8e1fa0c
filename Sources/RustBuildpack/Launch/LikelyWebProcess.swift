/// Which executable an app most likely starts as its web process: for examples in the log, never for a decision.
enum LikelyWebProcess {
  /// Names in the order of their likelihood.
  private static let names = ["web", "server", "api", "app", "http", "httpd", "www", "site", "backend", "gateway"]
  /// Parts of names of what is started for a moment or beside the web process.
  private static let others: Set<String> = [
    "admin", "backfill", "bench", "cli", "clock", "codegen", "console", "consumer", "cron", "ctl", "daemon", "db",
    "export", "gen", "generate", "import", "job", "jobs", "migrate", "migration", "migrations", "migrator", "queue",
    "scheduler", "script", "seed", "setup", "task", "tasks", "test", "tool", "tools", "worker", "workers", "xtask",
  ]

  /// The likeliest of `executables`: one with a web server's name, one named like the app's only package, else the
  /// first that does not sound like a job. Nil when there are none.
  static func choose(among executables: [String], packages: [String]) -> String? {
    for name in names where executables.contains(name) { return name }
    if packages.count == 1, let name = packages.first, executables.contains(name) { return name }
    let parts = executables.map { name in
      (name: name, parts: name.lowercased().split { $0 == "-" || $0 == "_" }.map { String($0) })
    }
    for name in names {
      if let found = parts.first(where: { $0.parts.contains(name) && !$0.parts.contains(where: others.contains) }) {
        return found.name
      }
    }
    return parts.first { !$0.parts.contains(where: others.contains) }?.name ?? executables.first
  }
}
