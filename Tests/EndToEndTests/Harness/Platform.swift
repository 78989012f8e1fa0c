import Foundation
import Glibc
import StandIns

/// The platform, played for one test: its folders, and the buildpack's real executables. Gone when the test ends.
///
/// One test uses it at a time.
final class Platform {
  let folder: String
  /// CACHE_DIR.
  private(set) var cache: String
  /// ENV_DIR.
  let env: String
  /// The buildpack's own folder: `bin/detect`, `bin/compile`, `bin/release`.
  let buildpack: String
  /// Where rustup and cargo get everything from; nothing for the real servers.
  let rust: OfflineRust?
  /// The user that the executables run as; nothing for this process's own. See `become`.
  var user: uid_t?
  /// Config vars of the app for all deployments, in the process environment.
  var settings: [String: String] = [:]
  private var deployments = 0
  private var logs = 0
  private var caches = 0

  /// A platform with empty caches, whose rustup and cargo ask `rust`.
  ///
  /// `delivered` is the folder of a buildpack to be used where it is; without one it is made of what was just built.
  init(rust: OfflineRust? = Rust.shared, delivered: String? = nil) throws {
    self.rust = rust
    folder = try temporaryFolder("platform")
    cache = folder + "/cache"
    env = folder + "/env"
    buildpack = delivered ?? folder + "/buildpack"
    for path in [cache, env, buildpack + "/bin", builds, folder + "/temporary"] { try makeFolder(path) }
    // Like /tmp: everybody may write there.
    chmod(folder + "/temporary", 0o1777)
    for name in ["detect", "compile", "release"] where delivered == nil {
      try FileManager.default.copyItem(atPath: "\(builtProducts)/\(name)", toPath: "\(buildpack)/bin/\(name)")
    }
    if let rust { try CrateRegistry.configure(builds, url: rust.server.url) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The folder that holds the build directories.
  var builds: String { folder + "/builds" }
  /// A platform whose cache holds what the shared stand-ins' stable toolchain leaves there, and no build yet: for
  /// tests that are not about the installation.
  static func installed() throws -> Platform {
    let platform = try Platform()
    try shell("cp -a \"$1/.\" \"$2\"", try template.get(), platform.cache)
    return platform
  }

  private static let template = Result {
    let platform = try Platform()
    let deployment = try platform.deploy(.package(), process: ["RUST_SKIP_BUILD": "1"])
    guard deployment.exitCode == 0 else { throw Failure("no toolchain: \(deployment.log)") }
    let kept = Rust.processFolder + "/installed"
    try FileManager.default.moveItem(atPath: platform.cache, toPath: kept)
    return kept
  }

  /// What of the cache is the buildpack's.
  var rustCache: String { cache + "/rust" }

  /// Where the buildpack works: a link while a deployment runs, a folder afterwards.
  var link: String { folder + "/temporary/work" }

  /// A path for a build directory that no deployment had before; the folder is not made.
  func newBuildDirectory() -> String {
    deployments += 1
    return "\(builds)/\(deployments)-build-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
  }

  /// Writes an app where the next deployment will be.
  func place(_ app: App, times: App.Times = .now) throws -> String {
    let path = newBuildDirectory()
    try app.write(to: path, times: times)
    if let user { try shell("chown -R \"$1:$1\" \"$2\"", "\(user)", path) }
    return path
  }

  /// The variables of a build on the platform, and none of this machine's.
  func environment(home: String) -> [String: String] {
    var environment = [
      "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "STACK": "scalingo-24",
      "LANG": "C.UTF-8", "NO_COLOR": "1", "RUST_BUILDPACK_LINK": link,
    ]
    environment.merge(rust?.variables ?? [:]) { $1 }
    environment.merge(settings) { $1 }
    return environment
  }

  /// One deployment: a copy of the app at a new path, then detect, compile and release.
  ///
  /// `env` become files of ENV_DIR, for this deployment only; `process` is added to the process environment, where nil
  /// takes a variable away; `prepare` is given BUILD_DIR before anything runs.
  func deploy(
    _ app: App,
    env variables: [String: String] = [:],
    process: [String: String?] = [:],
    times: App.Times = .now,
    prepare: (String) throws -> Void = { _ in }
  ) throws -> Deployment {
    let build = try place(app, times: times)
    try prepare(build)
    for (name, value) in variables { try Data(value.utf8).write(to: URL(fileURLWithPath: "\(env)/\(name)")) }
    defer { for name in variables.keys { try? FileManager.default.removeItem(atPath: "\(env)/\(name)") } }
    let detection = try run("detect", [build], home: build, process: process)
    let compilation = try run("compile", [build, cache, env], home: build, process: process)
    let release = try run("release", [build], home: build, process: process)
    return Deployment(
      platform: self,
      directory: build,
      cache: cache,
      detection: detection,
      compilation: compilation,
      release: release
    )
  }

  /// Starts one of the three executables.
  func start(
    _ phase: String,
    _ arguments: [String],
    home: String? = nil,
    process: [String: String?] = [:],
    directory: String = "/",
    input: Program.Stream = .null,
    output: Program.Stream = .log,
    errors: Program.Stream = .log
  ) throws -> Program {
    logs += 1
    var environment = environment(home: home ?? arguments.first ?? "/")
    for (name, value) in process { environment[name] = value }
    return try Program(
      privileges + ["\(buildpack)/bin/\(phase)"] + arguments,
      environment: environment,
      directory: directory,
      log: "\(folder)/log-\(logs)",
      input: input,
      output: output,
      errors: errors
    )
  }

  /// Runs one of the three executables to its end. `detect` and `release` have their stderr apart: stdout is data.
  func run(
    _ phase: String,
    _ arguments: [String],
    home: String? = nil,
    process: [String: String?] = [:],
    directory: String = "/"
  ) throws -> PhaseRun {
    let errorFile = folder + "/errors"
    try? FileManager.default.removeItem(atPath: errorFile)
    let descriptor = phase == "compile" ? -1 : open(errorFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    defer { if descriptor >= 0 { close(descriptor) } }
    let start = Date()
    let program = try self.start(
      phase,
      arguments,
      home: home,
      process: process,
      directory: directory,
      errors: descriptor < 0 ? .log : .descriptor(descriptor)
    )
    let code = program.wait()
    let seconds = Date().timeIntervalSince(start)
    let errors = descriptor < 0 ? "" : try String(contentsOfFile: errorFile, encoding: .utf8)
    return PhaseRun(
      exitCode: code,
      output: program.log,
      errors: errors,
      seconds: seconds,
      peakMemory: program.peakMemory
    )
  }

  // MARK: What happens to a cache between deployments

  /// Packs the cache into an archive with whole seconds and unpacks it: at another path, or with `moving` false where
  /// it was.
  func archiveCache(moving: Bool = true) throws {
    let archive = folder + "/cache.tar"
    let old = cache
    try shell("tar --format=gnu -C \"$1\" -cf \"$2\" .", cache, archive)
    try replaceCache { try shell("tar -C \"$1\" -xf \"$2\"", $0, archive) }
    try FileManager.default.removeItem(atPath: archive)
    guard !moving else { return }
    try FileManager.default.moveItem(atPath: cache, toPath: old)
    cache = old
  }

  /// Copies the cache to another path with new times and without hard links.
  func copyCacheWithoutTimes() throws {
    let old = cache
    try replaceCache { try shell("cp -r \"$1/.\" \"$2\"", old, $0) }
  }

  /// Empties the cache.
  func clearCache() throws {
    try replaceCache { _ in }
  }

  private func replaceCache(_ fill: (String) throws -> Void) throws {
    caches += 1
    let new = "\(folder)/cache-\(caches)"
    try makeFolder(new)
    try fill(new)
    try FileManager.default.removeItem(atPath: cache)
    cache = new
  }
}

/// Where the executables are built: beside the tests' own.
let builtProducts = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

/// Makes a folder and those above it.
func makeFolder(_ path: String) throws {
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}

/// Runs a script of `sh` with arguments `$1`, `$2` …; what it printed. Throws when it fails.
@discardableResult
func shell(_ script: String, _ arguments: String...) throws -> String {
  let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
  let run = try ToolRun(["sh", "-c", script, "sh"] + arguments, environment: environment, timeout: 300)
  guard run.status == 0 else { throw Failure("'\(script)' failed with \(run.status): \(run.errors)") }
  return run.output
}
