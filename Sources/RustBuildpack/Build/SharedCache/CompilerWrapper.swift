/// The script that cargo runs instead of the compiler.
///
/// Its path and content stay the same from one deployment to the next, because cargo asks the compiler again who it is
/// when they change. It is called `sccache` since the `cc` crate, which compiles the C of `-sys` crates, uses a
/// `RUSTC_WRAPPER` of that name for it as well.
enum CompilerWrapper {
  /// The variable that tells it the folder that `SharedCacheServer` opened.
  static let variable = "RUST_BUILDPACK_SCCACHE"
  /// sccache's client starts a server of its own where it finds none. With a store that can't be, that one ends at once
  /// instead of outliving the deployment with a cache in the app's HOME.
  static let clientVariables = [
    "SCCACHE_REDIS_ENDPOINT": "none://none", "SCCACHE_IGNORE_SERVER_IO_ERROR": "1", "SCCACHE_CONF": "/dev/null",
  ]

  /// Writes the script if it is not there as it should be, and returns its path.
  static func write(into folder: FilePath) throws(FileError) -> FilePath {
    let path = folder.appending("sccache")
    let content = Array(script.utf8)
    if path.isExecutable, try path.status()?.kind == .file, (try? path.contents(limit: 1 << 16)) == content {
      return path
    }
    try path.removeTree()
    try path.write(content, permissions: 0o755)
    return path
  }

  /// Only crates of registries and git repositories go through sccache. The app's own would not be found again, since
  /// sccache counts the folder of the build, which moves; and macros and build scripts may read files of the app that
  /// sccache does not know of.
  ///
  /// `-C incremental`, which makes a crate impossible to share, is left out here and not by `CARGO_INCREMENTAL=0`:
  /// cargo would compile everything again when that is turned on or off.
  static let script = """
    #!/bin/sh
    # Written by the Rust buildpack. Runs the compiler by way of sccache while the shared compile cache is open, and
    # directly whenever that can't be.
    run=$\(variable)
    case "$CARGO_MANIFEST_DIR" in "$CARGO_HOME"/*) ;; *) exec "$@" ;; esac
    case " $* " in *" - "*) exec "$@" ;; *" --emit"* | *" -c "*) ;; *) exec "$@" ;; esac
    if [ ! -e "$run/ready" ]; then
      if [ -e "$run/off" ] || [ ! -p "$run/wanted" ]; then exec "$@"; fi
      echo 1<>"$run/wanted"
      tries=0
      until [ -e "$run/ready" ] || [ -e "$run/off" ] || [ ! -d "$run" ] || [ $tries -ge 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
      done
      [ -e "$run/ready" ] || exec "$@"
    fi
    held=
    for word do
      shift
      if [ -n "$held" ]; then
        held=
        case "$word" in incremental=*) continue ;; esac
        set -- "$@" -C "$word"
      elif [ "$word" = -C ]; then
        held=1
      else
        set -- "$@" "$word"
      fi
    done
    [ -z "$held" ] || set -- "$@" -C
    unset CARGO_INCREMENTAL CARGO_BUILD_INCREMENTAL
    errors=$run/errors.$$
    \(clientVariables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")) \\
      SCCACHE_SERVER_UDS="$run/server" "$run/sccache" "$@" 2>"$errors"
    code=$?
    # The compiler ends with 0, 1 or, crashing, 101; all else is sccache's own trouble.
    case $code in
      0 | 1 | 101) ;;
      *)
        rm -f "$errors"
        exec "$@"
        ;;
    esac
    sed '/^sccache: /d' "$errors" >&2
    rm -f "$errors"
    exit $code

    """
}
