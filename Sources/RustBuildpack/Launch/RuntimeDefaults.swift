/// How many threads an app starts in a container that sees all processors of its host, and has little memory and few
/// processes.
///
/// What is decided at the container's start, in the profile script, and only where the app's owner has set nothing:
/// - threads: one for each 128 MB of memory, but at least two, and one for each 16 processes that may run. Where the
///   container sees no more processors than that, nothing is set, and the crate decides as it does elsewhere;
/// - arenas of glibc's allocator: two below 1 GB of memory, instead of eight for each processor.
///
/// Memory is `CONTAINER_MEMORY`, in bytes. Where the platform does not set it, it limits nothing.
struct RuntimeDefaults {
  /// A crate that starts threads by the number of processors, and the variable that says how many.
  private struct Pool {
    let crate: String
    let variable: String
  }

  /// Sources: the crates' documentation: tokio's `runtime::Builder::worker_threads`, rayon-core's
  /// `ThreadPoolBuilder::num_threads`, Rocket's "Configuration", async-std's `task` module. smol starts one
  /// thread by itself; Actix takes the number of its workers from the app's code alone.
  private static let pools = [
    Pool(crate: "tokio", variable: "TOKIO_WORKER_THREADS"),
    Pool(crate: "rayon-core", variable: "RAYON_NUM_THREADS"),
    Pool(crate: "rocket", variable: "ROCKET_WORKERS"),
    Pool(crate: "async-std", variable: "ASYNC_STD_THREAD_COUNT"),
  ]

  /// The variables that are set if need be: those of the crates that the app depends on, and the allocator's.
  let variables: [String]

  /// Chooses by the app's lock file; nil where there is none that can be read.
  init(_ lockFile: LockFile?) {
    let names = Self.pools.filter { lockFile?.has($0.crate) == true }.map { $0.variable }
    variables = names + ["MALLOC_ARENA_MAX"]
  }

  /// Lines of the profile script: POSIX, silent, and safe under `set -eu`. `RUST_RUNTIME_DEFAULTS=off` skips them.
  var lines: [String] {
    let threads = variables.dropLast()
    var script = [
      "case \"${RUST_RUNTIME_DEFAULTS:-on}\" in",
      "  0 | [Ff][Aa][Ll][Ss][Ee] | [Nn][Oo] | [Oo][Ff][Ff]) ;;",
      "  *)",
      "    _rust_memory=\"${CONTAINER_MEMORY:-}\"",
      "    case \"$_rust_memory\" in '' | *[!0-9]* | ????????????????*) _rust_memory=0 ;; esac",
      "    if [ \"$_rust_memory\" -gt 0 ] && [ \"$_rust_memory\" -lt 1073741824 ]; then",
      "      export MALLOC_ARENA_MAX=\"${MALLOC_ARENA_MAX:-2}\"",
      "    fi",
    ]
    if !threads.isEmpty {
      script += [
        // dash knows only -p, and ends a shell that asks it for more; bash's -p is something else.
        "    _rust_limit=\"$( (ulimit -u) 2>/dev/null || (ulimit -p) 2>/dev/null || echo none)\"",
        "    case \"$_rust_limit\" in '' | *[!0-9]* | ??????????*) _rust_limit=0 ;; esac",
        "    _rust_seen=\"$(nproc 2>/dev/null || echo none)\"",
        "    case \"$_rust_seen\" in '' | *[!0-9]* | ??????????*) _rust_seen=0 ;; esac",
        "    _rust_threads=\"$_rust_seen\"",
        "    if [ \"$_rust_memory\" -gt 0 ] && [ $((_rust_memory / 134217728)) -lt \"$_rust_threads\" ]; then",
        "      _rust_threads=$((_rust_memory / 134217728))",
        "    fi",
        "    if [ \"$_rust_limit\" -gt 0 ] && [ $((_rust_limit / 16)) -lt \"$_rust_threads\" ]; then",
        "      _rust_threads=$((_rust_limit / 16))",
        "    fi",
        "    if [ \"$_rust_threads\" -lt 2 ]; then _rust_threads=2; fi",
        "    if [ \"$_rust_threads\" -lt \"$_rust_seen\" ]; then",
      ]
      script += threads.map { "      export \($0)=\"${\($0):-$_rust_threads}\"" }
      script += ["    fi", "    unset _rust_limit _rust_seen _rust_threads"]
    }
    return script + ["    unset _rust_memory", "    ;;", "esac"]
  }

  /// What the log says of them.
  var remark: String {
    "Small containers get \(list) at their start, unless you set "
      + "\(variables.count == 1 ? "it" : "them"), or RUST_RUNTIME_DEFAULTS=off"
  }

  private var list: String {
    variables.count == 1
      ? variables[0] : variables.dropLast().joined(separator: ", ") + " and \(variables.last ?? "")"
  }
}
