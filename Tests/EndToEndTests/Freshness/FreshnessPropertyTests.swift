import Foundation
import Glibc
import StandIns
import Testing

/// Random apps with random histories: never a stale binary, never a needless compile.
///
/// `FRESHNESS_SEED` repeats a run, `FRESHNESS_STEPS` makes it longer; every run prints its seed. With the shared compile
/// cache the same holds: `FRESHNESS_SHARED_STEPS`.
@Suite(.needsStandIns) struct FreshnessPropertyTests {
  @Test(.timeLimit(.minutes(20))) func everyDeploymentIsAsACleanBuildAndCompilesWhatCargoWouldInPlace() throws {
    try run("FRESHNESS_STEPS", steps: 200, on: Platform())
  }

  @Test(.timeLimit(.minutes(20)), .needsSccache) func theSameWithTheSharedCompileCache() throws {
    let redis = try RedisServer()
    let platform = try Platform()
    platform.settings = redis.variables.merging(try Sccache.variables()) { $1 }
    try run("FRESHNESS_SHARED_STEPS", steps: 25, on: platform)
  }

  private func run(_ name: String, steps: Int, on platform: Platform) throws {
    let variables = ProcessInfo.processInfo.environment
    let seed = variables["FRESHNESS_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999)
    let steps = variables[name].flatMap(Int.init) ?? steps
    let start = Date()
    print("FRESHNESS_SEED=\(seed) \(name)=\(steps)")
    var numbers = SeededNumbers(seed: seed)
    var count = 0
    while count < steps {
      var run = try RandomHistory(platform, label: "seed \(seed)", firstStep: count, &numbers)
      for _ in 0..<min(25, steps - count) {
        count += 1
        guard try run.step(&numbers) else { return }
      }
      try run.finish()
    }
    print("FRESHNESS: \(count) steps in \(Int(Date().timeIntervalSince(start))) s")
  }
}

/// One app's history on a platform, and the same app edited in place.
private struct RandomHistory {
  private let platform: Platform
  private let app: RandomApp
  private let label: String
  private var step: Int
  private var sources: [String: SourceFile]
  private var states: [[String: SourceFile]] = []
  private var honest: HonestCopy
  private var history: [String] = []
  /// Crates that builds may have left half done.
  private var unsettled: Set<String> = []
  private var everythingIsNew = true
  private var lastBuild: String?

  init(_ platform: Platform, label: String, firstStep: Int, _ numbers: inout SeededNumbers) throws {
    self.platform = platform
    self.label = label
    step = firstStep
    app = RandomApp(&numbers)
    guard let toolchain = platform.rust?.toolchain else { throw Failure("no toolchain") }
    sources = app.sources()
    // A version in full needs no look at the server.
    sources["rust-toolchain.toml"] = .file("[toolchain]\nchannel = \"\(toolchain.version)\"\n")
    honest = try HonestCopy(app, in: "\(platform.folder)/honest-\(firstStep)", toolchain)
    try shell("rm -rf \"$1/target\" \"$1/sources.record\"", platform.rustCache)
    let words = app.packages.map { "\($0.name)(\($0.script)\($0.hasBinary ? ", binary" : "")) -> \($0.dependencies)" }
    history.append("app: " + words.joined(separator: "; "))
  }

  /// Changes, scrambles and deploys; false when the history ended in a failure that has been reported.
  mutating func step(_ numbers: inout SeededNumbers) throws -> Bool {
    step += 1
    history.append("step \(step)")
    if !states.isEmpty { try change(&numbers) }
    try harmCache(&numbers)
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0 where !states.isEmpty: return try deployBroken(&numbers)
    case 1 where !states.isEmpty: return try deployKilled(&numbers)
    default: return try deploy(&numbers)
    }
  }

  private mutating func change(_ numbers: inout SeededNumbers) throws {
    if numbers.isTrue(oneIn: 6), let earlier = states.randomElement(using: &numbers) {
      sources = earlier
      history.append("  go back to an earlier state")
      return
    }
    for _ in 0..<Int.random(in: 0...3, using: &numbers) {
      history.append("  " + app.change(&sources, &numbers))
    }
  }

  private mutating func harmCache(_ numbers: inout SeededNumbers) throws {
    let record = platform.rustCache + "/sources.record"
    switch Int.random(in: 0..<24, using: &numbers) {
    case 0, 1:
      try roundTrip("tar --format=ustar -cf - . | tar -C \"$2\" -xf -", "tar with whole seconds")
      // Deployments follow each other so fast here that the clock may stand behind the times in the cache; then whole
      // seconds don't tell what a build that did not finish has made.
      if !unsettled.isEmpty { everythingIsNew = true }
    case 2: try roundTrip("tar --format=pax -cf - . | tar -C \"$2\" -xf -", "tar with nanoseconds")
    case 3, 4:
      try roundTrip("cp -r . \"$2\"", "cp -r without times")
      // After a build that did not finish nothing can be told from times that are gone.
      if !unsettled.isEmpty { everythingIsNew = true }
    case 5:
      history.append("  lose the record")
      try shell("rm -f \"$1\"", record)
      everythingIsNew = true
    case 6:
      guard var bytes = FileManager.default.contents(atPath: record) else { return }
      history.append("  damage the record")
      bytes[Int.random(in: 0..<bytes.count, using: &numbers)] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      try bytes.write(to: URL(fileURLWithPath: record))
      everythingIsNew = true
    default: break
    }
  }

  private mutating func roundTrip(_ script: String, _ name: String) throws {
    history.append("  \(name)")
    guard FileManager.default.fileExists(atPath: platform.rustCache) else { return }
    let way = "rm -rf \"$2\"; mkdir \"$2\"; cd \"$1\"; \(script); cd /; rm -rf \"$1\"; mv \"$2\" \"$1\""
    try shell("set -e; \(way)", platform.rustCache, platform.folder + "/moved")
  }

  // MARK: Deployments

  private mutating func deploy(_ numbers: inout SeededNumbers) throws -> Bool {
    let build = try place(sources, &numbers)
    let program = try platform.start("compile", [build, platform.cache], home: build)
    // Meanwhile, to save time.
    let required = try honest.build(sources)
    let compilation = PhaseRun(exitCode: program.wait(), output: program.log, errors: "", seconds: 0)
    guard compilation.exitCode == 0 else { return report("compile failed", compilation.output) }
    let deployment = Deployment(
      platform: platform,
      directory: build,
      cache: platform.cache,
      detection: compilation,
      compilation: compilation,
      release: compilation
    )
    for binary in app.binaries {
      let expected = try app.expectedOutput(of: binary, in: build)
      let found = deployment.output(of: binary)
      guard found == expected else {
        return report("STALE: \(binary) prints \(found ?? "nothing") instead of \(expected)", compilation.output)
      }
    }
    let compiled = Set(deployment.compiled)
    var allowed = required.union(unsettled)
    if everythingIsNew { allowed.formUnion(app.packages.map(\.name)) }
    // What a build script wrote with the absolute path of the app can't be used at another path.
    let absolute = Set(app.packages.filter { $0.script == .absolute }.map(\.name))
    allowed.formUnion(app.closure(absolute))
    guard compiled.isSubset(of: allowed) else {
      return report("NEEDLESS: \(compiled.subtracting(allowed).sorted()); in place \(required)", compilation.output)
    }
    guard required.isSubset(of: compiled.union(unsettled)) else {
      return report("NOT COMPILED: \(required.subtracting(compiled).sorted())", compilation.output)
    }
    history.append("  deployed, compiled \(compiled.sorted())")
    if step % 50 == 0, let toolchain = platform.rust?.toolchain {
      try compareWithCleanBuild(build, deployment, toolchain)
    }
    unsettled = []
    everythingIsNew = false
    states.append(sources)
    return true
  }

  private func compareWithCleanBuild(_ build: String, _ deployment: Deployment, _ toolchain: InstalledToolchain) throws
  {
    let root = platform.folder + "/clean"
    defer { try? FileManager.default.removeItem(atPath: root) }
    _ = try HonestCopy.install(app, from: build, target: root + "/target", root: root, toolchain)
    for binary in app.binaries {
      let clean = try ToolRun(["\(root)/bin/\(binary)"], timeout: 20)
      #expect(clean.output == deployment.output(of: binary), "the expectation itself is wrong: \(label)")
    }
  }

  private mutating func deployBroken(_ numbers: inout SeededNumbers) throws -> Bool {
    let broken = app.broken(sources, &numbers)
    let build = try place(broken.sources, &numbers)
    let compilation = try platform.run("compile", [build, platform.cache], home: build)
    guard compilation.exitCode == 1 else { return report("a build with a mistake succeeds", compilation.output) }
    history.append("  a build with a mistake in \(broken.package) failed")
    unsettled.formUnion(app.closure([broken.package]))
    return try leaveUnsettled(&numbers)
  }

  private mutating func deployKilled(_ numbers: inout SeededNumbers) throws -> Bool {
    // What must not survive is what this one compiles, so most of them have something to compile.
    if !numbers.isTrue(oneIn: 3) { history.append("  " + app.changeOutput(&sources, &numbers)) }
    let build = try place(sources, &numbers)
    let program = try platform.start("compile", [build, platform.cache], home: build)
    // At any time, or at once or soon after a line of the log, whatever this machine's pace.
    let moments = ["Compiling", "Finished", "Installed package", "Preparing the start", "Saving the build cache"]
    if let moment = numbers.isTrue(oneIn: 4) ? nil : moments.randomElement(using: &numbers) {
      _ = program.waitForLog(moment)
      usleep(numbers.isTrue(oneIn: 2) ? 0 : UInt32.random(in: 0...400_000, using: &numbers))
    } else {
      usleep(UInt32.random(in: 0...1_200_000, using: &numbers))
    }
    let (children, sharedCache) = (program.children, program.sharedCacheFolder)
    let killsAll = numbers.isTrue(oneIn: 2)
    kill(-program.pid, SIGKILL)
    if killsAll { for child in children { kill(-child, SIGKILL) } }
    let code = program.wait()
    // Nobody is left to remove it.
    if killsAll, let sharedCache { try? FileManager.default.removeItem(atPath: sharedCache) }
    let last = program.log.split(separator: "\n").last ?? ""
    history.append("  killed\(killsAll ? " with cargo" : ""): exit code \(code), at \"\(last)\"")
    return try leaveUnsettled(&numbers)
  }

  /// In place, everything between is built for good: what that compiles, a deployment that did not finish leaves.
  private mutating func leaveUnsettled(_ numbers: inout SeededNumbers) throws -> Bool {
    unsettled.formUnion(try honest.build(sources))
    switch Int.random(in: 0..<4, using: &numbers) {
    case 0, 1:
      if let last = states.last {
        sources = last
        history.append("  go back to the last good state")
      }
    case 2: history.append("  " + app.change(&sources, &numbers))
    default: break
    }
    step += 1
    history.append("step \(step)")
    try harmCache(&numbers)
    return try deploy(&numbers)
  }

  // MARK: Build directories

  /// Writes the sources to a new path, with times that mean nothing.
  private mutating func place(_ sources: [String: SourceFile], _ numbers: inout SeededNumbers) throws -> String {
    // The platform removes what it built from, as a rule.
    if let lastBuild, !numbers.isTrue(oneIn: 4) { try? FileManager.default.removeItem(atPath: lastBuild) }
    let build = platform.newBuildDirectory()
    lastBuild = build
    for (path, entry) in sources { try SourceFile.write(entry, to: "\(build)/\(path)") }
    let now = time(nil)
    let choices: [(String, () -> Int)] = [
      ("now", { now }), ("1970", { 0 }), ("1980", { 315_532_800 }), ("2100", { 4_102_444_800 }),
      ("an hour ago", { now - 3_600 }), ("a commit's", { now - 40 }), ("in five seconds", { now + 5 }),
    ]
    var random = SeededNumbers(seed: numbers.next())
    let choice = Int.random(in: 0...choices.count, using: &numbers)
    let name = choice < choices.count ? choices[choice].0 : "random"
    history.append("  times: \(name)")
    for path in [""] + (try FileManager.default.subpathsOfDirectory(atPath: build).sorted()) {
      let seconds = choice < choices.count ? choices[choice].1() : Int.random(in: 0...now + 1_000, using: &random)
      let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
      utimensat(AT_FDCWD, path.isEmpty ? build : "\(build)/\(path)", times, AT_SYMLINK_NOFOLLOW)
    }
    return build
  }

  /// A last deployment without a change compiles nothing.
  mutating func finish() throws {
    var numbers = SeededNumbers(seed: 1)
    history.append("unchanged")
    _ = try deploy(&numbers)
    if let lastBuild { try? FileManager.default.removeItem(atPath: lastBuild) }
  }

  private func report(_ problem: String, _ log: String) -> Bool {
    Issue.record("\(problem)\n\(label), step \(step)\n\(history.joined(separator: "\n"))\n\(log)")
    return false
  }
}
