import Foundation
import Glibc
import StandIns
import Testing

/// Deployments of an ordinary user who meets what belongs to somebody else: they succeed, or end with a clear error,
/// and succeed once everything is the user's.
@Suite(.needsStandIns) struct OwnerFaultTests {
  private enum Ending {
    case success
    /// The deployment fails with an error of ours, and it or the tool says this.
    case error(String)
    /// The deployment succeeds, and the log says this.
    case reason(String)
  }

  private struct Case {
    let name: String
    /// What root does before the deployment: `$1` is CACHE_DIR, `$2` BUILD_DIR, `$3` ENV_DIR,
    /// `$4` the link's place.
    let preparation: String
    let ending: Ending

    init(_ name: String, _ preparation: String, _ ending: Ending) {
      (self.name, self.preparation, self.ending) = (name, preparation, ending)
    }
  }

  private static let cases: [Case] = [
    Case("nothing else", ":", .success),
    Case("CACHE_DIR", "chown 0:0 \"$1\"", .success),
    Case("an empty CACHE_DIR", "rm -rf \"$1/rust\"; chown 0:0 \"$1\"", .error("The cache directory can't be used")),
    Case("our folder in CACHE_DIR", "chown 0:0 \"$1/rust\"", .error("The cache directory can't be used")),
    Case("all of CACHE_DIR", "chown -R 0:0 \"$1\"", .error("The cache directory can't be used")),
    Case("the lock", "chown 0:0 \"$1/rust/lock\"", .error("The cache directory can't be used")),
    Case("cache.json", "cd \"$1/rust\"; chown 0:0 cache.json; chmod 600 cache.json", .reason("cache.json is damaged")),
    Case("the toolchain", "cd \"$1/rust\"; chown 0:0 tool*; chmod 600 tool*", .reason(".tar.zst can't be read")),
    Case("the app's units", "cd \"$1/rust\"; chown 0:0 own*; chmod 600 own*", .reason(".tar.zst can't be read")),
    Case("all archives, readable", "cd \"$1/rust\"; chown 0:0 *.zst", .success),
    Case("a stranger in our folder", "mkdir -p \"$1/rust/a/b\"", .error("The cache directory can't be used")),
    Case("a work folder", "mkdir -p \"$1/rust/work/a\"", .error("The cache directory can't be used")),
    Case("the link", "rm -rf \"$4\"; ln -s \"$1/rust/work\" \"$4\"", .error("The path that the buildpack works at")),
    Case("the link's folder", "chown -R 0:0 \"$4\"", .error("The path that the buildpack works at can't be used")),
    Case("BUILD_DIR", "chown 0:0 \"$2\"", .error("The buildpack couldn't write to")),
    Case("a source, readable", "chown 0:0 \"$2/src/main.rs\"", .reason("- the time of src/main.rs, which is another")),
    Case(
      "a source, readable and old",
      "chown 0:0 \"$2/src/main.rs\"; touch -d 1980-01-01 \"$2/src/main.rs\"",
      .reason("- the time of src/main.rs, which is another")
    ),
    Case(
      "a source, not readable",
      "chown 0:0 \"$2/src/main.rs\"; chmod 600 \"$2/src/main.rs\"",
      .error("couldn't read `src/main.rs`")
    ),
    Case("all of BUILD_DIR", "chown -R 0:0 \"$2\"", .error("The buildpack couldn't write to")),
    Case("ENV_DIR, readable", "echo x >\"$3/NAME\"; chown -R 0:0 \"$3\"; chmod 755 \"$3\"", .success),
    Case("ENV_DIR, not readable", "chown 0:0 \"$3\"; chmod 700 \"$3\"", .reason("the directory can't be listed")),
    Case("a file of ENV_DIR", "echo x >\"$3/NAME\"; chmod 600 \"$3/NAME\"", .reason("NAME: can't be read")),
  ]

  @Test(.timeLimit(.minutes(30))) func theNextDeploymentSucceeds() throws {
    guard getuid() == 0 else {
      print("SKIPPED: files of other users: only root can make some")
      return
    }
    // The thin toolchain runs root's own, which an ordinary user may not be allowed to read.
    let rust = try Rust.own(kind: .full, cache: builtProducts + "/stand-in-cache")
    defer { rust.server.stop() }
    let platform = try Platform(rust: rust)
    if let reason = try platform.becomeOrdinary() {
      print("SKIPPED: files of other users: \(reason)")
      return
    }
    let first = try platform.deploy(.package(printing: "first"))
    guard first.exitCode == 0 else { throw Failure(first.log) }
    var number = 0
    for tried in Faults.cut(Self.cases, to: 5, "owners") {
      number += 1
      let text = "app \(number)"
      Faults.attempt("Owners", tried.name) {
        let met = try platform.deploy(.package(printing: text)) { build in
          try shell(tried.preparation, platform.cache, build, platform.env, platform.link)
        }
        let user = "\(Platform.ordinaryUser)"
        try shell(
          "chown -R \"$1:$1\" \"$2\" \"$3\"; chmod 755 \"$3\"; rm -f \"$3\"/*; rm -rf \"$4\"",
          user,
          platform.cache,
          platform.env,
          platform.link
        )
        switch tried.ending {
        case .success: if let trouble = met.trouble(printing: text) { return trouble }
        case .reason(let words):
          if let trouble = met.trouble(printing: text) { return trouble }
          if !met.log.contains(words) { return met.log }
        case .error(let words):
          let isClear = met.log.contains("\n !     Error: ") && met.log.contains(words)
          if met.exitCode != 1 || !isClear { return "exit \(met.exitCode): \(met.log)" }
        }
        return try platform.deploy(.package(printing: "healthy")).trouble(printing: "healthy")
      }
    }
  }
}
