import Foundation
import Glibc
import StandIns
import Testing

/// What stores and signals do to a deployment: it goes on, soon, and leaves nothing behind.
@Suite(.needsStandIns, .needsSccache, .serialized) struct SharedCacheFaultTests {
  private func expectBuilt(_ deployment: Deployment, _ words: String?, _ name: String) {
    #expect(deployment.exitCode == 0, "\(name): \(deployment.log)")
    #expect(deployment.output(of: "hello") == SharedCacheLab.output(), "\(name)")
    if let words { #expect(deployment.log.contains(words), "\(name): \(deployment.log)") }
    #expect(!deployment.log.contains("sccache: "), "\(name): \(deployment.log)")
  }

  /// How long the same deployment takes without a store.
  private func secondsWithout(_ lab: SharedCacheLab) throws -> Double {
    try lab.forget()
    let seconds = try lab.deploy([:]).compilation.seconds
    try lab.forget()
    return seconds
  }

  @Test func aRedisThatIsOfNoUse() throws {
    let lab = try SharedCacheLab()
    let base = try secondsWithout(lab)

    func attempt(_ name: String, _ variables: [String: String], _ words: String?, within seconds: Double = 5) throws {
      try lab.forget()
      let deployment = try lab.deploy(variables)
      expectBuilt(deployment, words, name)
      // Twice the build's own time is for what else the machine does.
      #expect(deployment.compilation.seconds < 2 * base + seconds, "\(name): \(base) s without")
      #expect(try lab.leftOver() == [], "\(name)")
    }

    let closed = ["RUST_SCCACHE": "redis", "REDIS_URL": "redis://127.0.0.1:\(try freePort())"]
    try attempt("closed", closed, "Redis, from REDIS_URL, could not be used within")
    let protected = try RedisServer(["requirepass right"])
    try attempt("without its password", protected.variables, "or refuses the credentials")
    let url = "redis://:right@127.0.0.1:\(protected.port)"
    try attempt("with its password", ["RUST_SCCACHE": "redis", "REDIS_URL": url], "0 hits, 6 misses")

    let frozen = try RedisServer()
    frozen.freeze()
    try attempt("silent", frozen.variables, "could not be used within")

    let full = try RedisServer(["maxmemory 1", "maxmemory-policy noeviction"])
    try attempt("full", full.variables, "Warning: The shared compile cache can only be read.")

    let readOnly = try RedisServer()
    try attempt("filled", readOnly.variables, "6 misses")
    try readOnly.ask("acl", "setuser", "reader", "on", ">pw", "~*", "&*", "+@read", "+@connection", "+select")
    let reader = ["RUST_SCCACHE": "redis", "REDIS_URL": "redis://reader:pw@127.0.0.1:\(readOnly.port)"]
    try attempt("read only", reader, "6 hits, 0 misses")
    try attempt("read only, said", reader, "Warning: The shared compile cache can only be read.")
  }

  @Test(arguments: ["dies", "falls silent"]) func aStoreThatEndsInTheMiddle(ending: String) throws {
    let lab = try SharedCacheLab()
    let base = try secondsWithout(lab)
    let redis = try RedisServer()
    // The build's own first crate comes after those of others; the script makes the middle.
    let app = lab.app().with([
      "Cargo.toml": (lab.app()["Cargo.toml"] ?? "") + "[build-dependencies]\nalpha = \"1\"\n",
      "build.rs": """
      fn main() {
          let _ = alpha::NAME;
          println!("cargo::rerun-if-changed=build.rs");
      }
      """,
    ])
    let build = try lab.platform.place(app)
    for (name, value) in lab.variables.merging(redis.variables, uniquingKeysWith: { $1 }) {
      try Data(value.utf8).write(to: URL(fileURLWithPath: "\(lab.platform.env)/\(name)"))
    }
    let program = try lab.platform.start("compile", [build, lab.platform.cache, lab.platform.env])
    let limit = Date(timeIntervalSinceNow: 60)
    while try redis.ask("dbsize").hasPrefix("0"), Date() < limit {
      usleep(2_000)
    }
    let start = Date()
    if ending == "dies" { redis.kill() } else { redis.freeze() }
    #expect(program.wait(timeout: 120) == 0, "\(program.log)")
    #expect(Date().timeIntervalSince(start) < 2 * base + 8, "\(program.log)")
    #expect(try shell("\"$1\"", build + "/bin/hello") == SharedCacheLab.output(), "\(program.log)")
    #expect(!program.log.contains("sccache: "), "\(program.log)")
    #expect(try lab.leftOver() == [])
  }

  @Test func anObjectStoreThatIsOfNoUse() throws {
    let lab = try SharedCacheLab()
    let base = try secondsWithout(lab)
    let store = try ObjectStore()
    expectBuilt(try lab.deploy(store.variables), "Shared compile cache (S3): 0 hits, 6 misses", "filled")
    #expect(store.count > 6)

    func attempt(_ name: String, _ fault: Fault?, delay: Double = 0, within seconds: Double = 5) throws {
      if let fault { store.server.inject(fault, at: "/") }
      store.delay = delay
      defer {
        store.server.clearFaults()
        store.delay = 0
      }
      try lab.forget()
      let deployment = try lab.deploy(store.variables)
      expectBuilt(deployment, nil, name)
      #expect(deployment.log.contains("Warning: The shared compile cache"), "\(name): \(deployment.log)")
      #expect(deployment.compilation.seconds < 2 * base + seconds, "\(name): \(base) s without")
      #expect(!deployment.log.contains("c4nary"), "\(name): \(deployment.log)")
      #expect(try lab.leftOver() == [], "\(name)")
    }
    try attempt("forbidden", .status(403))
    try attempt("broken", .status(500))
    try attempt("hangs", .hang)
    try attempt("resets", .reset)
    try attempt("slow from the start", nil, delay: 4)

    // One that takes the check at the start and nothing more.
    let full = try ObjectStore()
    full.isFull = true
    try lab.forget()
    expectBuilt(try lab.deploy(full.variables), "did not take 6 crates", "full")

    // Entries of wrong content are compiled anew.
    try lab.forget()
    store.server.inject(.wrongBytes, at: "/shared/rust")
    expectBuilt(try lab.deploy(store.variables), nil, "rubbish")
    store.server.clearFaults()
    store.server.inject(.html, at: "/shared/rust")
    try lab.forget()
    expectBuilt(try lab.deploy(store.variables), nil, "a captive portal")
    store.server.clearFaults()

    // A second for each answer: what is there is worth it, what is not there is not.
    let empty = try ObjectStore()
    empty.delay = 1
    try lab.forget()
    let slow = try lab.deploy(empty.variables)
    expectBuilt(slow, nil, "slow")
    #expect(slow.compilation.seconds < 2 * base + 12, "\(slow.log)")
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGKILL]) func signalsLeaveNothing(signal: Int32) throws {
    let lab = try SharedCacheLab()
    let redis = try RedisServer()
    let app = lab.app().with([
      "build.rs": "fn main() { std::fs::write(\"running\", \"\").unwrap(); loop { std::thread::park(); } }\n"
    ])
    let build = try lab.platform.place(app)
    for (name, value) in lab.variables.merging(redis.variables, uniquingKeysWith: { $1 }) {
      try Data(value.utf8).write(to: URL(fileURLWithPath: "\(lab.platform.env)/\(name)"))
    }
    let program = try lab.platform.start("compile", [build, lab.platform.cache, lab.platform.env])
    let limit = Date(timeIntervalSinceNow: 60)
    while !FileManager.default.fileExists(atPath: build + "/running"), Date() < limit {
      usleep(5_000)
    }
    let folder = try #require(program.sharedCacheFolder)
    #expect(FileManager.default.fileExists(atPath: folder))
    program.signal(signal)
    #expect(program.wait(timeout: 20) == 128 + signal)
    if signal == SIGKILL {
      // cargo itself lives on, as it does without the shared cache; what is ours is gone.
      let left = try lab.leftOver().filter { $0.contains("sccache") || $0.contains("shared-compile") }
      #expect(left == [])
      for pid in try lab.leftOver().compactMap({ pid_t($0.prefix { $0.isNumber }) }) { kill(pid, SIGKILL) }
    }
    #expect(try lab.leftOver() == [])
    #expect(!FileManager.default.fileExists(atPath: folder), "\(folder) is left")
  }

  @Test func credentialsAreSeenNowhere() throws {
    let canary = "c4naryS3cret"
    let lab = try SharedCacheLab()
    let redis = try RedisServer(["requirepass \(canary)"])
    let good = ["RUST_SCCACHE": "redis", "REDIS_URL": "redis://:\(canary)@127.0.0.1:\(redis.port)"]
    let bad = ["RUST_SCCACHE": "redis", "REDIS_URL": "redis://:\(canary)-no@127.0.0.1:\(redis.port)"]
    let unreachable = ["RUST_SCCACHE": "redis", "REDIS_URL": "rediss://u:\(canary)@127.0.0.1:\(try freePort())/1"]
    let odd = ["RUST_SCCACHE": "redis", "REDIS_URL": "\(canary)"]
    let bucket = ["SCCACHE_BUCKET": canary, "SCCACHE_ENDPOINT": "http://127.0.0.1:1/\(canary)"]
    let mirror = [
      "SCCACHE_BUCKET": "b", "RUST_SCCACHE_URL": "http://u:\(canary)@127.0.0.1:1/x",
      "RUST_SCCACHE_SHA256": String(repeating: "0", count: 64),
    ]
    // A build script is not told what only the server needs.
    let script = """
      fn main() {
          for (name, value) in std::env::vars() {
              assert!(!name.starts_with("SCCACHE_") || !value.contains("S3cret"), "{name} is told");
          }
      }
      """
    for (name, store) in [
      ("good", good), ("wrong password", bad), ("unreachable", unreachable), ("odd", odd), ("bucket", bucket),
      ("mirror", mirror),
    ] {
      for debug in ["", "1"] {
        try lab.forget()
        let app = lab.app().with(["build.rs": script])
        let deployment = try lab.deploy(store.merging(["BUILDPACK_DEBUG": debug]) { $1 }, app)
        let isWhole = deployment.log.contains("-----> Done in ")
        #expect(isWhole, "\(name): \(deployment.log)")
        #expect(!deployment.log.contains(canary), "\(name): \(deployment.log)")
        let files = try shell(
          "grep -rlaF -e \"$1\" \"$2\" \"$3\" || :",
          canary,
          deployment.directory,
          lab.platform.cache
        )
        #expect(files.isEmpty, "\(name): \(files)")
      }
    }
  }
}
