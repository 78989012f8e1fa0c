// When the shared compile cache is on, with which store, and what is refused.
import Testing

@testable import RustBuildpack

@Suite struct SharedCacheRequestTests {
  private func read(_ variables: [String: String], stack: String? = "scalingo-24", app: FilePath = "/nowhere")
    throws(BuildpackError) -> SharedCacheRequest.Answer
  {
    let environment = Environment(variables.mapValues { Array($0.utf8) })
    let configuration = CargoConfiguration(from: app, top: app, environment: environment)
    return try SharedCacheRequest.read(environment, stack: stack, configuration: configuration)
  }

  private func request(_ variables: [String: String], stack: String? = "scalingo-24") throws -> SharedCacheRequest {
    guard case .on(let request) = try read(variables, stack: stack) else {
      Issue.record("it is not on")
      throw BuildpackError.unexpected("it is not on")
    }
    return request
  }

  struct Off: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let variables: [String: String]

    init(_ name: String, _ variables: [String: String]) { (testDescription, self.variables) = (name, variables) }
  }

  @Test(arguments: [
    Off("nothing set", [:]), Off("an empty setting", ["RUST_SCCACHE": ""]),
    Off("a Redis add-on alone", ["REDIS_URL": "redis://h", "SCALINGO_REDIS_URL": "redis://h"]),
    Off("an empty store", ["SCCACHE_BUCKET": ""]),
    Off("off, with a store", ["RUST_SCCACHE": "off", "SCCACHE_BUCKET": "b"]),
    Off("off as 0", ["RUST_SCCACHE": "0", "SCCACHE_REDIS": "redis://h"]),
    Off("off in capitals", ["RUST_SCCACHE": "OFF", "SCCACHE_BUCKET": "b"]),
    Off("a variable that names no store", ["SCCACHE_REGION": "auto", "SCCACHE_IDLE_TIMEOUT": "1"]),
  ])
  func isOff(example: Off) throws {
    guard case .off = try read(example.variables) else {
      Issue.record("it is not off")
      return
    }
  }

  @Test(arguments: [
    ("SCCACHE_BUCKET", "S3", "SCCACHE_S3_KEY_PREFIX"), ("SCCACHE_REDIS_ENDPOINT", "Redis", "SCCACHE_REDIS_KEY_PREFIX"),
    ("SCCACHE_REDIS", "Redis", "SCCACHE_REDIS_KEY_PREFIX"),
    ("SCCACHE_REDIS_CLUSTER_ENDPOINTS", "Redis", "SCCACHE_REDIS_KEY_PREFIX"),
    ("SCCACHE_MEMCACHED_ENDPOINT", "memcached", "SCCACHE_MEMCACHED_KEY_PREFIX"),
    ("SCCACHE_GCS_BUCKET", "Google Cloud Storage", "SCCACHE_GCS_KEY_PREFIX"),
    ("SCCACHE_AZURE_CONNECTION_STRING", "Azure", "SCCACHE_AZURE_KEY_PREFIX"),
    ("SCCACHE_WEBDAV_ENDPOINT", "WebDAV", "SCCACHE_WEBDAV_KEY_PREFIX"),
  ])
  func isOnByAStoresVariable(variable: String, store: String, prefix: String) throws {
    let found = try request([variable: "value", prefix: "team"])
    #expect(found.store == store && found.origin == variable && found.archive == nil)
    #expect(found.variables == [prefix: "team/rust/scalingo-24"], "the stack is part of every key")
    #expect(try request([variable: "value", "RUST_SCCACHE": "on"]).store == store)
    #expect(try request([variable: "v"], stack: "a/b c").variables == [prefix: "rust/a-b-c"])
    #expect(try request([variable: "v"], stack: nil).variables == [prefix: "rust/unknown"])
  }

  @Test func isOnByTheRedisAddOn() throws {
    let found = try request([
      "RUST_SCCACHE": "redis", "REDIS_URL": "redis://other", "SCCACHE_BUCKET": "b",
      "SCALINGO_REDIS_URL": "rediss://:p%40ss@db.example:30999/2",
    ])
    #expect(found.store == "Redis" && found.origin == "SCALINGO_REDIS_URL")
    #expect(found.variables["SCCACHE_REDIS_ENDPOINT"] == "rediss://db.example:30999")
    #expect(found.variables["SCCACHE_REDIS_PASSWORD"] == "p@ss")
    #expect(found.variables["SCCACHE_REDIS_USERNAME"] == "")
    #expect(found.variables["SCCACHE_REDIS_DB"] == "2")
    #expect(found.variables["SCCACHE_BUCKET"] == "", "the other store is not used")
    #expect(try request(["RUST_SCCACHE": "Redis", "REDIS_URL": "redis://h"]).origin == "REDIS_URL")
  }

  @Test(arguments: [
    ("redis://h:1", "redis://h:1", "", "", ""), ("redis://u:p@h", "redis://h", "u", "p", ""),
    ("redis://u@h/", "redis://h", "u", "", ""), ("rediss://:a:b@h:1/0?x=y#f", "rediss://h:1", "", "a:b", "0"),
    ("rediss://:p@h:1#insecure", "rediss://h:1#insecure", "", "p", ""),
    ("redis://:p@ss@[::1]:1", "redis://[::1]:1", "", "p@ss", ""),
  ])
  func anAddressIsTakenApart(text: String, endpoint: String, user: String, password: String, database: String) throws {
    let found = try #require(RedisAddress(text))
    #expect(found.endpoint == endpoint && found.user == user && found.password == password)
    #expect(found.database == database)
  }

  @Test(arguments: [
    "", "h:1", "http://h", "redis://", "redis://:p@", "redis://:1", "redis://h/name", "redis://:%zz@h", "redis://:%4",
  ])
  func noAddress(text: String) { #expect(RedisAddress(text) == nil) }

  @Test(arguments: [
    ("redis, without an add-on", ["RUST_SCCACHE": "redis"], true),
    ("redis, with an odd address", ["RUST_SCCACHE": "redis", "REDIS_URL": "secret-value"], true),
    ("on, without a store", ["RUST_SCCACHE": "on"], true),
    ("a wrapper", ["SCCACHE_BUCKET": "b", "RUSTC_WRAPPER": "ccache"], false),
    ("cargo's other variable", ["RUST_SCCACHE": "on", "CARGO_BUILD_RUSTC_WRAPPER": "w"], false),
    ("a wrapper and cargo's variable", ["SCCACHE_BUCKET": "b", "CARGO_BUILD_RUSTC_WRAPPER": "w"], false),
  ])
  func isImpossible(name: String, variables: [String: String], warns: Bool) throws {
    guard case .impossible(let reason, let isWarning) = try read(variables) else {
      Issue.record("\(name) is possible")
      return
    }
    #expect(isWarning == warns, "\(name)")
    #expect(!reason.contains("secret-value"), "\(name): a value is shown")
  }

  @Test(arguments: [".cargo/config.toml", ".cargo/config"]) func theAppsOwnWrapperIsLeftAlone(file: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("[build]\nrustc-wrapper = \"other\"\n", to: file)
    guard case .impossible(let reason, false) = try read(["SCCACHE_BUCKET": "b"], app: folder.path) else {
      Issue.record("it is replaced")
      return
    }
    #expect(reason.contains(file))
    guard case .on = try read(["SCCACHE_BUCKET": "b", "RUSTC_WRAPPER": ""], app: folder.path) else {
      Issue.record("an empty variable turns the wrapper off, as for cargo")
      return
    }
    try folder.write("[build]\njobs = 2\n", to: file)
    guard case .on = try read(["SCCACHE_BUCKET": "b"], app: folder.path) else {
      Issue.record("a configuration without a wrapper is no reason")
      return
    }
  }

  @Test func aWrapperFromAnIncludedFileIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    try folder.write("include = [\"tools.toml\"]\n", to: ".cargo/config.toml")
    try folder.write("[build]\nrustc-wrapper = \"other\"\n", to: ".cargo/tools.toml")
    guard case .impossible(let reason, false) = try read(["SCCACHE_BUCKET": "b"], app: folder.path) else {
      Issue.record("it is replaced")
      return
    }
    #expect(reason.contains(".cargo/tools.toml"))
  }

  private static let sum = String(repeating: "aB", count: 32)

  @Test(arguments: [
    ("RUST_SCCACHE", ["RUST_SCCACHE": "maybe"]), ("RUST_SCCACHE_URL", ["RUST_SCCACHE_URL": "https://e/x.tgz"]),
    ("RUST_SCCACHE_SHA256", ["RUST_SCCACHE_SHA256": sum]),
    ("RUST_SCCACHE_SHA256", ["RUST_SCCACHE_URL": "https://e/x.tgz", "RUST_SCCACHE_SHA256": "12"]),
    ("RUST_SCCACHE_URL", ["RUST_SCCACHE_URL": "u", "RUST_SCCACHE_SHA256": "", "RUST_SCCACHE": "off"]),
  ])
  func aMistakeIsAnError(name: String, variables: [String: String]) throws {
    let error = #expect(throws: BuildpackError.self) { try self.read(variables) }
    guard case .setting(name, _, let problem, _) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(!problem.contains("https://e"), "a value is shown")
  }

  @Test func anotherArchiveIsTaken() throws {
    let found = try request(["SCCACHE_BUCKET": "b", "RUST_SCCACHE_URL": "file:///x", "RUST_SCCACHE_SHA256": Self.sum])
    #expect(found.archive == .init(address: "file:///x", digest: Self.sum.lowercased()))
  }

  @Test(arguments: [
    ("0.16.0", true), ("0.16.1", true), ("0.17.0", true), ("1.0.0", true), ("0.16.0-alpha", true), ("0.15.9", false),
    ("0.9.1", false), ("", false), ("0.16", false), ("next", false),
  ])
  func aMachinesSccacheIsUsedWhenNewEnough(version: String, isUsed: Bool) {
    #expect(SccacheInstaller.isNewEnough(version) == isUsed)
  }
}
