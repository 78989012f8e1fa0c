// What is different on the platform: no .git, newer C and C++ compilers, a newer cmake.

private let commit =
  "For the commit, read the variable SOURCE_VERSION, which the platform sets during the build: in build.rs with "
  + "std::env::var(\"SOURCE_VERSION\") and a line \"cargo:rerun-if-env-changed=SOURCE_VERSION\", in code with "
  + "option_env!(\"SOURCE_VERSION\")."

extension HintRow {
  static let stacks: [HintRow] = [
    HintRow(
      id: "no-git-build-script",
      any: [
        "fatal: not a git repository", "could not find repository from '", "could not find repository at '",
        "not within a suitable 'git' worktree", "Could not find a git repository in '",
      ],
      all: ["failed to run custom build command for `{package}`"],
      cause: "The build script of {package} asks git about the app, and what is built here has no .git folder: the "
        + "platform hands over the files alone.",
      advice: [
        "Do not let that be an error in build.rs: vergen (version 8 or newer) without fail_on_error(), git2 and git "
          + "itself with a value to fall back on.",
        commit,
      ]
    ),
    HintRow(
      id: "no-git-macro",
      any: ["error: fatal: not a git repository"],
      cause: "A macro asks git about the app, and what is built here has no .git folder: the platform hands over the "
        + "files alone.",
      advice: [
        "Give the macro a value to fall back on: for git_version, git_version!(fallback = \"unknown\").",
        commit,
      ]
    ),
    HintRow(
      id: "bindgen-headers",
      any: [
        "fatal error: 'stddef.h' file not found", "fatal error: 'stdarg.h' file not found",
        "fatal error: 'stdbool.h' file not found", "fatal error: 'limits.h' file not found",
        "fatal error: 'float.h' file not found", "fatal error: 'stdint.h' file not found",
      ],
      cause: "bindgen found libclang, but not the header files of a compiler, which are in another package.",
      advice: [
        "Point it to those of gcc: set BINDGEN_EXTRA_CLANG_ARGS=-I/usr/lib/gcc/x86_64-linux-gnu/13/include on "
          + "scalingo-24; for 13, write 11 on scalingo-22 and 15 on scalingo-26.",
        "Or see whether the dependency brings bindings with it: often a feature such as \"bundled\", or leaving out "
          + "\"bindgen\" or \"buildtime_bindgen\".",
      ]
    ),
    HintRow(
      id: "cstdint",
      any: ["is defined in header '<cstdint>'", "is defined in header ‘<cstdint>’"],
      cause: "A dependency compiles C++ code that uses types of <cstdint> without including it. Older compilers let "
        + "that pass; gcc 15, which scalingo-26 has, does not.",
      advice: [
        "Set CXXFLAGS to \"-include cstdint\".",
        "Or update the dependency: newer versions include it.",
      ]
    ),
    HintRow(
      id: "c23",
      any: [
        "is a keyword with '-std=c23' onwards", "is a keyword with ‘-std=c23’ onwards",
        "too many arguments to function '{name}'; expected 0, have",
        "too many arguments to function ‘{name}’; expected 0, have",
      ],
      cause: "A dependency compiles C code of an older standard. gcc 15, which scalingo-26 has, takes C23 for granted, "
        + "where bool, true and false are keywords and f() takes no arguments.",
      advice: [
        "Set CFLAGS=-std=gnu17.",
        "Or update the dependency: newer versions may have adapted.",
      ]
    ),
    HintRow(
      id: "cmake-4",
      any: ["Compatibility with CMake < 3.5 has been removed from CMake"],
      cause: "A dependency is built with cmake and asks for a version before 3.5, which cmake 4 no longer imitates.",
      advice: [
        "Set CMAKE_POLICY_VERSION_MINIMUM=3.5.",
        "Or update the dependency: newer versions may have adapted.",
      ]
    ),
    HintRow(
      id: "wasm-bindgen-version",
      any: ["rust Wasm file schema version: {crate}", "rust wasm file schema version: {crate}"],
      all: ["this binary schema version: {program}"],
      cause: "The program wasm-bindgen is of version {program}, and the crate wasm-bindgen in Cargo.lock of version "
        + "{crate}: they must be the same.",
      advice: [
        "Have the program of the crate's version: name it where the script installs it, or in RUST_INSTALL_TOOLS: "
          + "wasm-bindgen-cli@{crate}.",
        "Or bring the crate to the program's: \"cargo update -p wasm-bindgen --precise {program}\", and commit "
          + "Cargo.lock.",
      ]
    ),
  ]

  /// Lints: after all that can be worse than a warning.
  static let warnings: [HintRow] = [
    HintRow(
      id: "warnings-denied",
      any: ["warnings are denied by `build.warnings` configuration"],
      cause: "The app's cargo configuration counts warnings as errors (build.warnings), and each version of Rust has "
        + "warnings that the one before did not have.",
      advice: [
        "Set CARGO_BUILD_WARNINGS=warn for the deployments, and deny warnings in CI only.",
        "Or fix what the compiler warns of.",
      ]
    ),
    HintRow(
      id: "lints-denied",
      any: ["implied by `-D warnings`", "implied by `#[deny(warnings)]`", "implied by `#![deny(warnings)]`"],
      unless: ["error[E"],
      cause: "The app counts warnings as errors (deny(warnings), or -D warnings in its flags), and each version of "
        + "Rust has warnings that the one before did not have.",
      advice: [
        "Set RUSTFLAGS=--cap-lints=warn for the deployments, and deny warnings in CI only. It replaces rustflags of "
          + ".cargo/config.toml.",
        "Or fix what the compiler warns of, or name the version of Rust that you use in rust-toolchain.toml.",
      ]
    ),
  ]
}
