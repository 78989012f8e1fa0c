// What a build needs from the system: programs that no stack has, and libraries.

/// System libraries by the names that tools know them by.
enum SystemLibrary {
  /// The development package of Debian and Ubuntu for the name of a library ("pq"), or of its pkg-config file ("libpq").
  static func developmentPackage(of name: String) -> String {
    if let package = packages[name] { return package }
    return name.hasPrefix("lib") ? "\(name)-dev" : "lib\(name)-dev"
  }

  private static let packages = [
    "alsa": "libasound2-dev", "asound": "libasound2-dev", "clang": "libclang-dev", "crypto": "libssl-dev",
    "dbus-1": "libdbus-1-dev", "fontconfig": "libfontconfig1-dev", "freetype2": "libfreetype-dev",
    "freetype": "libfreetype-dev", "glib-2.0": "libglib2.0-dev", "gmp": "libgmp-dev", "gssapi_krb5": "libkrb5-dev",
    "jemalloc": "libjemalloc-dev", "ldap": "libldap2-dev", "libcurl": "libcurl4-openssl-dev",
    "curl": "libcurl4-openssl-dev", "libgit2": "libgit2-dev", "libpq": "libpq-dev", "libsodium": "libsodium-dev",
    "libudev": "libudev-dev", "libzmq": "libzmq3-dev", "zmq": "libzmq3-dev", "MagickWand": "libmagickwand-dev",
    "mysqlclient": "libmysqlclient-dev", "openssl": "libssl-dev", "pq": "libpq-dev", "rdkafka": "librdkafka-dev",
    "sasl2": "libsasl2-dev", "sqlite3": "libsqlite3-dev", "ssl": "libssl-dev", "vips": "libvips-dev",
    "z": "zlib1g-dev", "zlib": "zlib1g-dev",
  ]
}

/// The way to a package that the stack lacks.
func aptfile(_ package: String) -> String {
  "Have it installed by the apt buildpack: commit a file Aptfile with the line \"\(package)\", and a file .buildpacks "
    + "with two lines, \"https://github.com/Scalingo/apt-buildpack\" and the address of this buildpack. The variable "
    + "BUILDPACK_URL must then not be set."
}

/// What keeps a library from being found that all stacks have.
private let whyNotFound =
  "All stacks have it. If variables such as PKG_CONFIG_PATH, PKG_CONFIG_LIBDIR or ones of the library's own name are "
  + "set, remove them; if the build is for another target (musl), it needs its own copy of the library."

extension HintRow {
  /// Programs that build scripts run.
  static let tools: [HintRow] = [
    HintRow(
      id: "cmake",
      any: ["is `cmake` not installed?", "Missing dependency: cmake"],
      cause: "A dependency is built with cmake, and the stacks do not have cmake.",
      advice: [
        aptfile("cmake"),
        "If it is aws-lc-sys: choose rustls with the feature \"ring\" instead of \"aws_lc_rs\", which needs no cmake.",
      ]
    ),
    HintRow(
      id: "protoc",
      any: ["Could not find `protoc`"],
      cause: "A build script compiles .proto files with protoc, and the stacks do not have protoc.",
      advice: [
        aptfile("protobuf-compiler"),
        "Or add the crate protoc-bin-vendored to [build-dependencies] and set PROTOC in build.rs to its "
          + "protoc_bin_path().",
        "Or commit the generated Rust files and run the generator on your machine only.",
      ]
    ),
    HintRow(
      id: "libclang",
      any: ["Unable to find libclang", "couldn't find any valid shared libraries matching: ['libclang"],
      cause: "A dependency makes its bindings with bindgen, which needs libclang, and the stacks do not have it where "
        + "bindgen looks.",
      advice: [
        "See whether the dependency brings bindings with it: often a feature such as \"bundled\", or leaving out "
          + "\"bindgen\" or \"buildtime_bindgen\".",
        aptfile("libclang-dev"),
      ]
    ),
    HintRow(
      id: "nasm",
      any: ["Unable to run nasm", "Missing dependency: nasm", "`nasm` not found", "NASM command not found"],
      cause: "A dependency has assembly code for nasm, and the stacks do not have nasm.",
      advice: [
        aptfile("nasm"),
        "Or switch off the dependency's feature that needs it, often called \"asm\" or \"nasm_simd\"; it will run slower.",
      ]
    ),
    HintRow(
      id: "clang-missing",
      any: ["error: linker `clang` not found", "error: linker `clang++` not found"],
      cause: ".cargo/config.toml (or a variable CARGO_TARGET_…_LINKER) asks for the linker \"clang\"; the stacks have "
        + "clang only with a version in its name, if at all.",
      advice: [
        "Remove the line linker = \"clang\", and with it -fuse-ld=…, from .cargo/config.toml: rustc links with lld of "
          + "its own and gcc.",
        aptfile("clang"),
      ]
    ),
    HintRow(
      id: "fast-linker-missing",
      any: ["collect2: fatal error: cannot find 'ld'", "invalid linker name in argument '-fuse-ld="],
      cause: "The build asks gcc for another linker (\"-fuse-ld=mold\" or \"-fuse-ld=lld\"), and the stacks have "
        + "neither mold nor lld.",
      advice: [
        "Remove -fuse-ld=… from rustflags in .cargo/config.toml and from the variable RUSTFLAGS: rustc has linked with "
          + "lld of its own since 1.90.",
        aptfile("mold"),
      ]
    ),
    HintRow(
      id: "linker-missing",
      any: ["error: linker `{name}` not found"],
      cause: ".cargo/config.toml (or a variable CARGO_TARGET_…_LINKER) asks for the linker \"{name}\", which is not "
        + "there.",
      advice: [
        "Remove the line linker = \"{name}\" from .cargo/config.toml, or keep that file out of the deployment with "
          + ".slugignore: the usual linker works.",
        aptfile("{name}") + " Give the name of its package if that is another one.",
      ]
    ),
  ]

  /// Libraries, those that have a way of their own first.
  static let libraries: [HintRow] = [
    HintRow(
      id: "openssl",
      any: ["Could not find directory of OpenSSL installation", "Could not find openssl via pkg-config"],
      cause: "The crate openssl-sys did not find OpenSSL's headers.",
      advice: [
        whyNotFound,
        "Do without OpenSSL: many crates have a feature for rustls, for example reqwest with default-features = false "
          + "and features = [\"rustls-tls\"].",
        "Or build OpenSSL along: openssl = { version = \"0.10\", features = [\"vendored\"] }.",
      ]
    ),
    HintRow(
      id: "cross-compilation",
      any: ["pkg-config has not been configured to support cross-compilation"],
      cause: "The build is for another target than this machine's, and a dependency needs a system library for it.",
      advice: [
        "Build for the machine's own target: remove target = … from .cargo/config.toml, and CARGO_BUILD_TARGET.",
        "Or use the dependency's feature that builds the library along, often called \"bundled\" or \"vendored\".",
      ]
    ),
    HintRow(
      id: "sqlite3",
      any: ["unable to find library -lsqlite3", "cannot find -lsqlite3", "could not find system library 'sqlite3'"],
      cause: "SQLite's library was not found.",
      advice: [
        "Build it along: the feature \"bundled\" of libsqlite3-sys or rusqlite.",
        whyNotFound,
      ]
    ),
    HintRow(
      id: "libpq",
      any: ["unable to find library -lpq", "cannot find -lpq", "could not find system library 'libpq'"],
      cause: "PostgreSQL's client library libpq was not found.",
      advice: [
        whyNotFound,
        "Or build it along: the feature \"bundled\" of pq-sys.",
      ]
    ),
    HintRow(
      id: "mysqlclient",
      any: [
        "unable to find library -lmysqlclient", "cannot find -lmysqlclient",
        "could not find system library 'mysqlclient'", "The system library `mysqlclient` required by",
      ],
      cause: "MySQL's client library was not found.",
      advice: [
        whyNotFound,
        "Or build it along: the feature \"bundled\" of mysqlclient-sys.",
      ]
    ),
    HintRow(
      id: "pkg-config-library",
      any: [
        "The system library `{library}` required by crate `{crate}` was not found",
        "could not find system library '{library}' required by the '{crate}' crate",
      ],
      cause: "The crate {crate} needs the system library \"{library}\", and the stack does not have its development "
        + "files.",
      advice: [
        aptfile("{debian}") + " (The name of the package is a guess where the message above names none.)",
        "Or see whether {crate} can build the library along: look for a feature \"bundled\", \"vendored\" or \"static\".",
      ]
    ),
    HintRow(
      id: "pkg-config-missing-library",
      any: ["Package {library} was not found in the pkg-config search path"],
      cause: "A dependency needs the system library \"{library}\", and the stack does not have its development files.",
      advice: [
        aptfile("{debian}") + " (The name of the package is a guess where the message above names none.)",
        "Or look for a feature \"bundled\", \"vendored\" or \"static\" of the dependency.",
      ]
    ),
    HintRow(
      id: "header-missing",
      any: ["fatal error: {header}: No such file or directory"],
      cause: "A dependency compiles C code that includes \"{header}\", and the stack does not have that file.",
      advice: [
        "Find its package on packages.ubuntu.com (\"Search the contents of packages\"). "
          + aptfile("lib…-dev"),
        "If the file is the app's own or comes from a git submodule: commit it; submodules are not fetched.",
      ]
    ),
  ]
}
