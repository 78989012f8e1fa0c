import Foundation
import Glibc
import StandIns
import Testing

/// The shared compile cache with the real sccache and real stores.
@Suite(.needsStandIns, .needsSccache, .serialized) struct SharedCacheTests {
  private static let crates = SharedCacheLab.crates.count + 1

  private func expectGood(_ deployment: Deployment, _ text: String = "hello", _ comment: String = "") {
    #expect(deployment.exitCode == 0, "\(comment): \(deployment.log)")
    #expect(deployment.output(of: "hello") == SharedCacheLab.output(text), "\(comment)")
    #expect(!deployment.log.contains("Warning: The shared"), "\(comment): \(deployment.log)")
  }

  @Test func anotherAppStartsWarm() throws {
    let lab = try SharedCacheLab()
    let redis = try RedisServer()
    let first = try lab.deploy(redis.variables)
    expectGood(first)
    #expect(first.log.contains("Sharing what is compiled of other people's crates through Redis"))
    #expect(first.log.contains("Shared compile cache (Redis): 0 hits, \(Self.crates) misses"), "\(first.log)")
    #expect(first.log.contains("Not shared: 1 build script, program or procedural macro"), "\(first.log)")
    #expect(try redis.ask("keys", "*").split(separator: "\n").allSatisfy { $0.hasPrefix("rust/scalingo-24/") })

    try lab.forget()
    let second = try lab.deploy(redis.variables, lab.app("other"))
    expectGood(second, "other")
    #expect(second.log.contains("Shared compile cache (Redis): \(Self.crates) hits, 0 misses"), "\(second.log)")
    #expect(second.names().allSatisfy { !$0.contains("sccache") } && !second.has(".cache"))

    // Another stack shares nothing.
    try lab.forget()
    let elsewhere = try lab.deploy(redis.variables, process: ["STACK": "scalingo-26"])
    #expect(elsewhere.log.contains("0 hits, \(Self.crates) misses"), "\(elsewhere.log)")
    #expect(try lab.leftOver() == [])
  }

  @Test func whatIsFreshIsNotAskedFor() throws {
    let lab = try SharedCacheLab()
    let redis = try RedisServer()
    expectGood(try lab.deploy(redis.variables))
    let before = try redis.commands()
    for run in ["same", "archived"] {
      if run == "archived" { try lab.platform.archiveCache(moving: false) }
      let warm = try lab.deploy(redis.variables)
      expectGood(warm, "hello", run)
      #expect(warm.compiled == [], "\(run): \(warm.log)")
      #expect(warm.log.contains("The shared compile cache was not asked"), "\(warm.log)")
    }
    // The app's own crates are compiled here.
    let changed = try lab.deploy(redis.variables, lab.app("changed"))
    expectGood(changed, "changed")
    #expect(changed.compiled == ["inner", "hello"])
    #expect(changed.log.contains("The shared compile cache was not asked"), "\(changed.log)")
    #expect(try redis.commands() - before <= 4, "only these questions")
  }

  @Test(arguments: ["release", "dev"]) func turningItOnOrOffCompilesNothing(profile: String) throws {
    let lab = try SharedCacheLab()
    let redis = try RedisServer()
    let settings = ["RUST_INSTALL_PROFILE": profile]
    for (name, variables) in [
      ("off", [:]), ("on", redis.variables), ("off again", [:]), ("on again", redis.variables),
      ("by name", ["SCCACHE_REDIS_ENDPOINT": redis.url]),
      ("off by name", redis.variables.merging(["RUST_SCCACHE": "off"]) { $1 }),
    ] as [(String, [String: String])] {
      let deployment = try lab.deploy(variables.merging(settings) { $1 })
      expectGood(deployment, "hello", name)
      #expect(name == "off" || deployment.compiled == [], "\(name): \(deployment.log)")
    }
    // With incremental compilation, which the profile "dev" asks for, crates can be shared all the same.
    try lab.forget()
    let warmed = try lab.deploy(redis.variables.merging(settings.merging(["CARGO_INCREMENTAL": "1"]) { $1 }) { $1 })
    expectGood(warmed)
    #expect(warmed.log.contains("\(Self.crates) misses"), "\(warmed.log)")
    try lab.forget()
    let cold = try lab.deploy(redis.variables.merging(settings.merging(["CARGO_INCREMENTAL": "1"]) { $1 }) { $1 })
    #expect(cold.log.contains("\(Self.crates) hits, 0 misses"), "\(cold.log)")
  }

  @Test(.needsMoto) func s3IsAStore() throws {
    let lab = try SharedCacheLab()
    let port = try freePort()
    let moto = try Program(
      [try #require(Sccache.moto), "-H", "127.0.0.1", "-p", "\(port)"],
      environment: ["PATH": "/usr/bin:/bin"],
      log: lab.platform.folder + "/moto.log"
    )
    defer {
      moto.signal(SIGKILL)
      moto.wait(timeout: 5)
    }
    #expect(moto.waitForLog("Running on", timeout: 60), "\(moto.log)")
    try shell("curl -fsS --noproxy '*' -X PUT \"http://127.0.0.1:$1/team-crates\"", "\(port)")
    var store = [
      "SCCACHE_BUCKET": "team-crates", "SCCACHE_ENDPOINT": "http://127.0.0.1:\(port)", "SCCACHE_REGION": "us-east-1",
      "SCCACHE_S3_USE_SSL": "false", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
    ]
    let first = try lab.deploy(store)
    expectGood(first)
    #expect(first.log.contains("Shared compile cache (S3): 0 hits, \(Self.crates) misses"), "\(first.log)")
    try lab.forget()
    // A review app, which may only read.
    store["SCCACHE_S3_RW_MODE"] = "READ_ONLY"
    let second = try lab.deploy(store)
    expectGood(second)
    #expect(second.log.contains("Shared compile cache (S3): \(Self.crates) hits, 0 misses"), "\(second.log)")
    #expect(second.log.contains("The store is only read, as the app's variables say"), "\(second.log)")
  }

  @Test func anotherProgramIsRefusedAndTheMachinesIsTaken() throws {
    let lab = try SharedCacheLab()
    let redis = try RedisServer()
    let wrongSum = String(repeating: "0", count: 64)
    let wrong = try lab.deploy(redis.variables.merging(["RUST_SCCACHE_SHA256": wrongSum]) { $1 })
    #expect(wrong.exitCode == 0 && wrong.output(of: "hello") == SharedCacheLab.output(), "\(wrong.log)")
    #expect(wrong.log.contains("It was not run.") && wrong.log.contains("The deployment goes on without it."))
    #expect(!FileManager.default.fileExists(atPath: lab.platform.rustCache + "/target/.rustc_wrapper"))

    try lab.forget()
    let missing = try lab.deploy(redis.variables.merging(["RUST_SCCACHE_URL": "file:///nowhere"]) { $1 })
    #expect(missing.exitCode == 0 && missing.log.contains("sccache could not be downloaded"), "\(missing.log)")

    // What was kept and has changed since is not run either.
    expectGood(try lab.deploy(redis.variables))
    try lab.platform.repack(.tools, "for f in sccache/*.tar.gz; do printf x >>\"$f\"; done")
    try lab.forget()
    let damaged = try lab.deploy(redis.variables)
    #expect(damaged.exitCode == 0 && damaged.log.contains("sccache in the cache is damaged"), "\(damaged.log)")
    try lab.forget()
    expectGood(try lab.deploy(redis.variables), "hello", "fetched again")

    let path = lab.platform.folder + "/machine"
    try makeFolder(path)
    try FileManager.default.createSymbolicLink(
      atPath: path + "/sccache",
      withDestinationPath: try #require(Sccache.executable)
    )
    try lab.forget()
    let machine = try lab.platform.deploy(
      lab.app(),
      env: redis.variables,
      process: ["PATH": "\(path):/usr/bin:/bin"]
    )
    expectGood(machine)
    #expect(machine.log.contains("Using the machine's sccache 0.16.0"), "\(machine.log)")
    #expect(machine.log.contains("hits, "), "\(machine.log)")
  }

  @Test func aWrapperOfTheAppsOwnIsLeftAlone() throws {
    let lab = try SharedCacheLab()
    let redis = try RedisServer()
    let script = lab.platform.folder + "/wrapper"
    try Data("#!/bin/sh\necho run >> \(script).log\nexec \"$@\"\n".utf8).write(to: URL(fileURLWithPath: script))
    try shell("chmod +x \"$1\"", script)
    let deployment = try lab.deploy(redis.variables.merging(["RUSTC_WRAPPER": script]) { $1 })
    expectGood(deployment)
    #expect(deployment.log.contains("the app has a compiler wrapper of its own, in RUSTC_WRAPPER"))
    #expect(FileManager.default.fileExists(atPath: script + ".log"))
    #expect(try redis.ask("dbsize").contains("0"))
  }

  @Test func mistakesInSettingsAreErrors() throws {
    let platform = try Platform.installed()
    for (variables, words) in [
      (["RUST_SCCACHE": "perhaps"], "The setting RUST_SCCACHE can't be used."),
      (["RUST_SCCACHE_URL": "https://e.example/x"], "RUST_SCCACHE_SHA256 must be set beside it"),
      (["RUST_SCCACHE_SHA256": "00"], "RUST_SCCACHE_URL must be set beside it"),
    ] as [([String: String], String)] {
      let deployment = try platform.deploy(.package(), env: variables)
      #expect(deployment.exitCode == 1 && deployment.log.contains(words), "\(deployment.log)")
    }
    for (variables, words) in [
      (["RUST_SCCACHE": "on"], "none of sccache's variables names a store"),
      (["RUST_SCCACHE": "redis"], "neither SCALINGO_REDIS_URL nor REDIS_URL is set"),
    ] as [([String: String], String)] {
      let deployment = try platform.deploy(.package(), env: variables)
      #expect(deployment.exitCode == 0 && deployment.log.contains(words), "\(deployment.log)")
    }
  }
}
