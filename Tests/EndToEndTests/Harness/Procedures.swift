import Foundation
import Glibc
import StandIns

/// A buildpack of somebody else's, as the texts of its scripts.
struct OtherBuildpack {
  var detect = "echo Other"
  let compile: String
  var release = "printf 'config_vars: {}\\n'"

  /// Writes it into a new folder.
  func write(to folder: String) throws {
    try makeFolder(folder + "/bin")
    for (name, text) in [("detect", detect), ("compile", compile), ("release", release)] {
      let path = "\(folder)/bin/\(name)"
      try Data("#!/usr/bin/env bash\nset -eu\n\(text)\n".utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
  }
}

/// One of the buildpacks that an app names in `.buildpacks`.
enum ListedBuildpack {
  case rust
  case other(OtherBuildpack)
}

/// What other platforms do around the three scripts, in their own language.
enum Procedure {
  /// `bin/compile` of Scalingo's multi-buildpack: `BUILD_DIR CACHE_DIR ENV_DIR BUILDPACK …`.
  ///
  /// Each is brought to a new path and run from there; what it exports is sourced; the last one's release is kept.
  static let multiBuildpack = """
    set -e
    unset GIT_DIR
    build=$1 cache=$2 env=$3
    shift 3
    for buildpack in "$@"; do
      dir=$(mktemp -d "$build.buildpack-XXXXXX")
      rm -rf "$dir"
      echo "=====> Downloading Buildpack: ${buildpack##*/}"
      cp -a "$buildpack" "$dir"
      cd "$dir"
      chmod -f +x "$dir"/bin/detect "$dir"/bin/compile "$dir"/bin/release || true
      framework=$("$dir/bin/detect" "$build")
      echo "=====> Detected Framework: $framework"
      "$dir/bin/compile" "$build" "$cache" "$env"
      if [ -e "$dir/export" ]; then
        source "$dir/export"
      fi
      if [ -x "$dir/bin/release" ]; then
        "$dir/bin/release" "$build" >"$build/last_pack_release.out"
      fi
      cd /
      rm -rf "$dir"
    done
    """

  /// herokuish's `buildpack-build`: `BUILDPACK BUILD_DIR CACHE_DIR ENV_DIR USER`.
  ///
  /// detect is judged by what it prints, compile runs in the build directory, release gets two arguments; everything
  /// runs as the user, and the log is indented once more, but for lines that begin a step.
  static let herokuish = """
    buildpack=$1 build=$2 cache=$3 env=$4 user=$5
    unprivileged() {
      if [ "$(id -u)" = 0 ]; then
        setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
      else
        "$@"
      fi
    }
    indent() { sed -u -E -e 's/^/       /' -e 's/^ {7}(--|==)/\\1/'; }
    selected=$(unprivileged "$buildpack/bin/detect" "$build" 2>/dev/null || true)
    if [ -z "$selected" ]; then
      echo "Unable to select a buildpack"
      exit 1
    fi
    echo "-----> $selected app detected"
    cd "$build"
    unprivileged "$buildpack/bin/compile" "$build" "$cache" "$env" 2>&1 | indent
    [ "${PIPESTATUS[0]}" = 0 ] || exit 1
    unprivileged "$buildpack/bin/release" "$build" "$cache" >"$build/.release"
    """
}

extension Platform {
  /// The ordinary user that other platforms build as, where these tests run as root.
  static let ordinaryUser: uid_t = 65_534

  /// The words before a command that give it the platform's user.
  var privileges: [String] {
    guard let user else { return [] }
    return ["/usr/bin/setpriv", "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "--"]
  }

  /// Lets all that follows run as an ordinary user, whose own the cache and the env directory become; why that can't
  /// be, if it can't. Without root's rights it is so already.
  func becomeOrdinary() throws -> String? {
    guard getuid() == 0 else { return nil }
    user = Self.ordinaryUser
    try shell("chmod 1777 \"$1\"; chmod -R a+rX \"$2\" \"$3\"", folder, buildpack, builds)
    try shell("chown -R \"$1:$1\" \"$2\" \"$3\"", "\(Self.ordinaryUser)", cache, env)
    let run = try ToolRun(privileges + ["\(buildpack)/bin/compile", "--version"])
    return run.status == 0 ? nil : "an ordinary user can't run what was built: \(run.errors)"
  }

  /// One deployment by Scalingo's multi-buildpack; `release` is what the last buildpack's left.
  func deploy(_ app: App, with list: [ListedBuildpack], process: [String: String] = [:]) throws -> Deployment {
    let build = try place(app)
    var folders: [String] = []
    for (index, entry) in list.enumerated() {
      switch entry {
      case .rust: folders.append(buildpack)
      case .other(let other):
        folders.append("\(folder)/other-\(index)")
        try? FileManager.default.removeItem(atPath: folders[index])
        try other.write(to: folders[index])
      }
    }
    let run = try bash(
      Procedure.multiBuildpack,
      [build, cache, env] + folders,
      environment: environment(home: build).merging(process) { $1 }
    )
    return try deployment(in: build, run, release: build + "/last_pack_release.out")
  }

  /// One deployment by herokuish, as an ordinary user if these tests run as root, always in the same build directory.
  func deployLikeHerokuish(_ app: App) throws -> Deployment {
    let build = builds + "/build"
    try? FileManager.default.removeItem(atPath: build)
    try app.write(to: build, times: .now)
    if getuid() == 0 {
      try shell("chown -R \"$1:$1\" \"$2\" \"$3\" \"$4\"", "\(Self.ordinaryUser)", build, cache, env)
      try shell("chmod 1777 \"$1\"; chmod -R a+rX \"$2\" \"$3\"", folder, buildpack, builds)
    }
    let run = try bash(
      Procedure.herokuish,
      [buildpack, build, cache, env, "\(Self.ordinaryUser)"],
      environment: environment(home: build)
    )
    return try deployment(in: build, run, release: build + "/.release")
  }

  private func bash(_ script: String, _ arguments: [String], environment: [String: String]) throws -> PhaseRun {
    let log = "\(folder)/procedure-\(UUID().uuidString)"
    let start = Date()
    let program = try Program(["/bin/bash", "-c", script, "bash"] + arguments, environment: environment, log: log)
    let code = program.wait()
    return PhaseRun(exitCode: code, output: program.log, errors: "", seconds: Date().timeIntervalSince(start))
  }

  private func deployment(in build: String, _ run: PhaseRun, release: String) throws -> Deployment {
    let text = (try? String(contentsOfFile: release, encoding: .utf8)) ?? ""
    return Deployment(
      platform: self,
      directory: build,
      cache: cache,
      detection: run,
      compilation: run,
      release: PhaseRun(exitCode: run.exitCode, output: text, errors: "", seconds: 0)
    )
  }
}
