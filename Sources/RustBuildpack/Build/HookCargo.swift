/// The `cargo` that the app's scripts find first on PATH: a script that shows cargo the app by its constant path.
///
/// A process's current directory is always the real one, which is another on every deployment. So where a script calls
/// cargo without saying which manifest, the one that cargo would find is named by its constant path, and a path that is
/// named is made constant. Everything else reaches rustup's `cargo` as it was written.
enum HookCargo {
  /// Subcommands of cargo's that take `--manifest-path`. Source: "cargo help" of 1.95.
  private static let commands = [
    "b", "bench", "build", "c", "check", "clippy", "d", "doc", "fetch", "fix", "generate-lockfile", "metadata", "r",
    "run", "rustc", "rustdoc", "t", "test", "tree", "update",
  ]

  /// Writes the script into the work directory, and returns its folder.
  static func write(_ context: BuildContext, configuration: [String]) throws(FileError) -> FilePath {
    let folder = context.work.link.appending("hook-bin")
    try folder.makeDirectories()
    try folder.appending("cargo").write(Array(text(context, configuration).utf8), permissions: 0o755)
    return folder
  }

  static func text(_ context: BuildContext, _ configuration: [String]) -> String {
    let real = ShellWords.quote(context.buildDirectory.description)
    let app = ShellWords.quote(context.work.app.description)
    let options = configuration.map { " \(ShellWords.quote($0))" }.joined()
    return """
      #!/bin/sh
      # Written by the Rust buildpack. Runs cargo, which it shows the app by a path that stays the same.
      real=\(real)
      app=\(app)
      constant() {
        case $1 in /*) path=$1 ;; *) path=$(pwd -P)/$1 ;; esac
        case $path/ in "$real"/*) path=$app${path#"$real"} ;; esac
      }
      manifest() {
        constant .
        path=${path%/.}
        while [ ! -e "$path/Cargo.toml" ]; do
          case $path in "$app"/*) path=${path%/*} ;; *) return 1 ;; esac
        done
        path=$path/Cargo.toml
      }
      toolchain=
      case ${1-} in
        +*)
          toolchain=$1
          shift
          ;;
      esac
      command= named= next= ended=
      for word do
        case $word in --manifest-path | --manifest-path=*) named=1 ;; esac
      done
      count=$#
      while [ "$count" -gt 0 ]; do
        word=$1
        count=$((count - 1))
        shift
        if [ "$next" = path ]; then
          constant "$word"
          word=$path
          next=
        elif [ "$next" = value ]; then
          next=
        elif [ -z "$ended" ]; then
          case $word in
            --) ended=1 ;;
            --manifest-path) next=path ;;
            --manifest-path=*)
              constant "${word#*=}"
              word=--manifest-path=$path
              ;;
            --config | --color | -Z | -C) [ -n "$command" ] || next=value ;;
            -*) ;;
            *) [ -n "$command" ] || command=$word ;;
          esac
        fi
        set -- "$@" "$word"
        if [ "$command" = "$word" ] && [ -z "$named" ]; then
          named=1
          case $command in
            \(commands.joined(separator: " | ")))
              if manifest; then set -- "$@" --manifest-path "$path"; fi
              ;;
          esac
        fi
      done
      exec \(ShellWords.quote(context.work.cargo.appending("bin/cargo").description)) ${toolchain:+"$toolchain"}\(options) "$@"

      """
  }
}
