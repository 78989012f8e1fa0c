// The machine, the linker and the compiler.

extension HintRow {
  /// The machine's limits. They can make any tool say anything, so they come first.
  static let machine: [HintRow] = [
    HintRow(
      id: "killed",
      any: [
        "(signal: 9, SIGKILL: kill)", "terminated with signal 9 [Killed]", "Killed signal terminated program",
        "error: unable to execute command: Killed",
      ],
      signal: 9,
      cause:
        "Something killed a program of the build (SIGKILL). Nearly always the machine had no memory left: compiling "
        + "and linking large crates side by side takes several gigabytes.",
      advice: [
        "Compile fewer crates at once: set CARGO_BUILD_JOBS=2, or 1 if that is not enough.",
        "Ask less of the compiler: set CARGO_PROFILE_RELEASE_LTO=off, CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 and "
          + "CARGO_PROFILE_RELEASE_DEBUG=0.",
        "Ask Scalingo's support for more memory for builds.",
      ]
    ),
    HintRow(
      id: "memory-refused",
      any: [
        "memory allocation of {size} bytes failed", "LLVM ERROR: out of memory", "Cannot allocate memory",
        "virtual memory exhausted", "tried to allocate more memory than available to compiler",
      ],
      cause: "A program of the build got no more memory.",
      advice: [
        "Compile fewer crates at once: set CARGO_BUILD_JOBS=2, or 1 if that is not enough.",
        "Ask less of the compiler: set CARGO_PROFILE_RELEASE_LTO=off and CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16.",
      ]
    ),
    HintRow(
      id: "disk-full",
      any: [
        "No space left on device", "ld terminated with signal 7 [Bus error]", "Disk quota exceeded",
        "no space on device",
      ],
      cause: "The disk is full: what the build writes (or what the cache holds) no longer fits.",
      advice: [
        "Reset the build cache with \"scalingo --app my-app deployment-delete-cache\", then deploy again.",
        "Write less: set CARGO_PROFILE_RELEASE_DEBUG=0, and drop dependencies and binaries that the app does not need.",
      ]
    ),
  ]

  static let linker: [HintRow] = [
    HintRow(
      id: "library-missing",
      any: [
        "unable to find library -l{library}", "cannot find -l{library}: No such file", "cannot find -l{library}",
        "could not find native static library `{library}`",
      ],
      cause: "The linker did not find the system library \"{library}\".",
      advice: [
        aptfile("{debian}") + " (The name of the package is a guess.)",
        "Or look for a feature \"bundled\", \"vendored\" or \"static\" of the crate that needs it.",
      ]
    ),
    HintRow(
      id: "symbol-undefined",
      any: [
        "undefined reference to `{symbol}'", "undefined reference to {symbol}",
        "rust-lld: error: undefined symbol: {symbol}",
        "error: undefined symbol: {symbol}", "undefined hidden symbol: {symbol}",
      ],
      cause:
        "The linker found no library with \"{symbol}\". After a change of the stack, of Rust or of a C library this is "
        + "mostly an object file from an earlier build that no longer fits; otherwise a library is missing or too old.",
      advice: [
        "Reset the build cache with \"scalingo --app my-app deployment-delete-cache\", then deploy again.",
        "If it fails again: see which crate \"{symbol}\" belongs to, and whether its library is linked by a build script.",
      ]
    ),
  ]

  static let compiler: [HintRow] = [
    HintRow(
      id: "sqlx-not-prepared",
      any: [
        "`SQLX_OFFLINE=true` but there is no cached data for this query", "failed to find data for query",
      ],
      cause:
        "sqlx checks queries against files that \"cargo sqlx prepare\" writes, and they are missing or older than the "
        + "queries.",
      advice: [
        "Run \"cargo sqlx prepare\" on your machine (in a workspace: with --workspace) and commit the folder .sqlx.",
        "See that .sqlx does not stand in .gitignore or .slugignore.",
      ]
    ),
    HintRow(
      id: "sqlx-database",
      any: [
        "set `DATABASE_URL` to use query macros online", "`DATABASE_URL` must be set",
        "error communicating with database",
        "error returned from database:",
      ],
      cause: "sqlx checks the app's queries against a database while it compiles, and there is none that answers as it "
        + "expects during the build.",
      advice: [
        "Run \"cargo sqlx prepare\" on your machine (in a workspace: with --workspace), commit the folder .sqlx and set "
          + "SQLX_OFFLINE=true.",
        "Or set DATABASE_URL to a database that can be reached during the build and has all migrations.",
      ]
    ),
    HintRow(
      id: "std-missing",
      any: ["the `{target}` target may not be installed"],
      cause: "Rust's standard library for the target {target} is not installed.",
      advice: [
        "Add it to rust-toolchain.toml: targets = [\"{target}\"] in the section [toolchain].",
        "Or build for the machine's own target: remove target = … from .cargo/config.toml, and CARGO_BUILD_TARGET.",
      ]
    ),
    HintRow(
      id: "nightly-needed",
      any: [
        "may not be used on the {channel} release channel", "the `-Z` flag is only accepted on the nightly channel",
        "requires a nightly version of Cargo", "only usable on the nightly channel",
      ],
      cause: "The app, a dependency or a flag uses what only nightly Rust has.",
      advice: [
        "Ask for a nightly in rust-toolchain.toml, with its date: channel = \"nightly-2026-05-01\" in the section "
          + "[toolchain].",
        "Or stay with stable: remove the #![feature(…)] or the flag -Z, or take another version of the dependency.",
      ]
    ),
    HintRow(
      id: "compiler-panicked",
      any: ["error: internal compiler error", "the compiler unexpectedly panicked"],
      cause: "rustc itself crashed: a bug of the compiler, not of the app.",
      advice: [
        "Reset the build cache with \"scalingo --app my-app deployment-delete-cache\", then deploy again.",
        "If it comes back, choose another version of Rust in rust-toolchain.toml, for example the one you use yourself.",
      ]
    ),
    HintRow(
      id: "variable-missing",
      any: ["error: environment variable `{name}` not defined at compile time"],
      cause: "The code reads {name} while it is compiled (env!), and the app has no such variable.",
      advice: [
        "Set it with \"scalingo --app my-app env-set {name}=…\", then deploy again.",
        "Or read it when the app runs, with std::env::var(\"{name}\").",
      ]
    ),
    HintRow(
      id: "file-missing",
      any: ["error: couldn't read `{path}`: No such file or directory"],
      cause: "The code includes the file {path}, which is not part of the deployment.",
      advice: [
        "Commit it, and see that it does not stand in .gitignore or .slugignore; names differ by case here.",
        "If it is made by a build step (a frontend, say), run that step before: an earlier buildpack in .buildpacks, or "
          + "build.rs.",
      ]
    ),
  ]
}
