import Foundation
import Glibc
import StandIns
import Testing

/// One app's history on a platform, and the same app edited in place.
struct RandomHistory {
  let platform: Platform
  let app: RandomApp
  private let channels: [String]
  private let newLayout: Bool
  private let label: String
  private var step: Int
  var sources: [String: SourceFile]
  var circumstances: Circumstances
  private var states: [[String: SourceFile]] = []
  private var honest: HonestCopy
  var history: [String] = []
  private(set) var tally = Tally()
  /// What the cache was last filled from: by a deployment that succeeded, or was killed thereafter.
  private var cached: (sources: [String: SourceFile], circumstances: Circumstances)?
  /// Parts of the cache that were lost or damaged since.
  var harmed: Set<String> = []
  /// Whether a deployment failed since, which may have saved crates that are not the app's.
  private var hasFailed = false
  private var lastBuild: String?

  init(
    _ platform: Platform,
    _ supply: WordSupply,
    channels: [String],
    newLayout: Bool,
    label: String,
    firstStep: Int,
    _ numbers: inout SeededNumbers
  ) throws {
    self.platform = platform
    self.channels = channels
    self.newLayout = newLayout
    self.label = label
    step = firstStep
    app = RandomApp(&numbers, supply)
    sources = app.sources(&numbers)
    circumstances = Circumstances(channel: channels[0], usesNewLayout: newLayout)
    honest = try HonestCopy(app, in: "\(platform.folder)/honest-\(firstStep)", platform)
    history.append(app.description)
  }

  /// Changes, scrambles and deploys; false when the history ended in a failure that has been reported.
  mutating func step(_ numbers: inout SeededNumbers) throws -> Bool {
    step += 1
    history.append("step \(step)")
    if !states.isEmpty {
      try change(&numbers)
      if numbers.isTrue(oneIn: 7) {
        history.append("  " + circumstances.change(channels, newLayout: newLayout, &numbers))
      }
      try harmCache(&numbers)
    }
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

  // MARK: Deployments

  private mutating func deploy(_ numbers: inout SeededNumbers) throws -> Bool {
    let build = try place(sources, &numbers)
    let program = try start(build)
    // Meanwhile, to save time.
    let required = try honest.build(sources, circumstances)
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
      let expected = try app.expectedOutput(of: binary, in: build, circumstances)
      let found = deployment.output(of: binary)
      guard found == expected else {
        return report("STALE: \(binary) prints \(found ?? "nothing") instead of \(expected)", compilation.output)
      }
    }
    if let problem = judge(deployment, required) { return report(problem, compilation.output) }
    let readsSecretly = app.hook != .none || app.packages.contains { $0.reading != nil }
    if step % (readsSecretly ? 5 : 10) == 0, let problem = try compareWithCleanBuild(deployment) {
      return report(problem, compilation.output)
    }
    tally.deployments += 1
    cached = (sources, circumstances)
    harmed = []
    hasFailed = false
    states.append(sources)
    return true
  }

  /// Starts a deployment of what was placed in `build`.
  private func start(_ build: String) throws -> Program {
    try platform.start("compile", [build, platform.cache], home: build, process: circumstances.variables)
  }

  /// Compares what was compiled with what cargo compiled in place; a problem, if there is one.
  private mutating func judge(_ deployment: Deployment, _ required: HonestCopy.Compiled) -> String? {
    let byHook = Set(deployment.compiled(in: "Running bin/pre_compile"))
    let byBuild = Set(deployment.compiled(in: "Building"))
    tally.compiled += byHook.count + byBuild.count
    let everything = Set(app.packages.map(\.name)).union(app.others)
    let isChanged = cached?.sources != sources
    let discards = cached.map { circumstances.discards($0.circumstances) } ?? true
    let discardsHooks = cached.map { circumstances.discardsHooks($0.circumstances) } ?? true
    let isNew = discards || !harmed.isDisjoint(with: ["cache.json", "own"])

    if !discards, harmed.isEmpty, deployment.log.contains("iscarding") { return "DISCARDED without a reason" }
    var allowed = isNew ? everything : required.byBuild
    // In place, both sets of features and all versions of a crate are there; the cache holds what the last deployment
    // used.
    let wordsMoved = cached?.sources["Cargo.lock"] != sources["Cargo.lock"]
    if wordsMoved { allowed.formUnion(app.closure([app.words.name]).union([app.words.name])) }
    if cached?.circumstances.hasFeature != circumstances.hasFeature {
      allowed.formUnion(app.closure(Set(app.binaries)))
    }
    if harmed.contains("dependencies") { allowed.formUnion(app.closure([app.words.name]).union([app.words.name])) }
    for name in byBuild.subtracting(allowed).sorted() {
      guard let excuse = excuse(name, isChanged: isChanged) else {
        return "NEEDLESS: \(name) of \(byBuild.sorted()); in place \(required.byBuild.sorted())"
      }
      tally.needless[excuse, default: 0] += 1
    }
    let editsVendored = Set(sources.keys).union(cached?.sources.keys.map { $0 } ?? []).contains { path in
      path.hasPrefix("vendor/") && sources[path] != cached?.sources[path]
    }
    let allowsHook = discardsHooks || editsVendored || !harmed.isDisjoint(with: ["cache.json", "own", "hooks"])
    var needless = byHook.subtracting(allowsHook ? everything : required.byHook)
    if wordsMoved { needless.subtract([app.words.name, "gen"]) }
    if isChanged, app.hookUsesWords, app.words.origin == .git, needless.remove("gen") != nil {
      tally.needless[.macro, default: 0] += 1
    }
    guard needless.isEmpty else { return "NEEDLESS in the hook: \(needless.sorted())" }

    var missing = required.byBuild.subtracting(byBuild)
    if hasFailed { missing.subtract(app.others) }
    guard missing.isEmpty else { return "NOT COMPILED: \(missing.sorted())" }
    guard required.byHook.isSubset(of: byHook) else { return "NOT COMPILED by the hook: \(required.byHook)" }
    let isUntold = !isChanged && !isNew && !byBuild.isEmpty && harmed.isEmpty && cached?.circumstances == circumstances
    let reasons = ["nothing of the app changed", "build scripts run again"]
    if isUntold, !reasons.contains(where: deployment.log.contains) { return "no reason is given for \(byBuild)" }
    history.append("  deployed, compiled \(byHook.sorted()) and \(byBuild.sorted())")
    return nil
  }

  /// Why a crate may have been compiled although cargo would not have done so in place.
  private func excuse(_ name: String, isChanged: Bool) -> Tally.Excuse? {
    func users(of packages: [RandomApp.Package]) -> Set<String> { app.closure(Set(packages.map(\.name))) }
    if users(of: app.packages.filter { $0.script == .real }).contains(name) { return .realPath }
    if app.packages.contains(where: \.script.writesSources),
      users(of: app.packages.filter { $0.script != .none }).contains(name)
    {
      return .written
    }
    return isChanged && app.readers.contains(name) ? .macro : nil
  }

  private mutating func compareWithCleanBuild(_ deployment: Deployment) throws -> String? {
    tally.cleanBuilds += 1
    let root = platform.folder + "/clean"
    defer { try? FileManager.default.removeItem(atPath: root) }
    var clean = try HonestCopy(app, in: root, platform)
    _ = try clean.build(sources, circumstances)
    for binary in app.binaries {
      let (expected, found) = (try clean.output(of: binary), deployment.output(of: binary))
      if expected != found { return "STALE: a clean build's \(binary) prints \(expected), not \(found ?? "nothing")" }
    }
    return nil
  }

  private mutating func deployBroken(_ numbers: inout SeededNumbers) throws -> Bool {
    let broken = app.broken(sources, &numbers)
    let build = try place(broken.sources, &numbers)
    let before = CacheSnapshot(platform.rustCache)
    let program = try start(build)
    let code = program.wait()
    guard code == 1 else { return report("a build with a mistake succeeds", program.log) }
    history.append("  a build with a mistake in \(broken.package) failed")
    let after = CacheSnapshot(platform.rustCache)
    if harmed.isEmpty, after.deployments != before.deployments || after.own != before.own || !after.isWhole {
      return report("a deployment that failed left \(after) instead of \(before)", program.log)
    }
    hasFailed = true
    return try goOn(&numbers)
  }

  private mutating func deployKilled(_ numbers: inout SeededNumbers) throws -> Bool {
    // What must not survive is what this one compiles, so most of them have something to compile.
    if !numbers.isTrue(oneIn: 3) { history.append("  " + app.changeOutput(&sources, &numbers)) }
    let build = try place(sources, &numbers)
    let before = CacheSnapshot(platform.rustCache)
    let program = try start(build)
    // At any time, or at once or soon after a line of the log, whatever this machine's pace.
    let moments = ["Running bin/pre_compile", "Compiling", "Finished", "Preparing the start", "Saving the build cache"]
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
    let after = CacheSnapshot(platform.rustCache)
    let isSaved = after.deployments != before.deployments || code == 0
    history.append(
      "  killed\(killsAll ? " with cargo" : ""): exit code \(code), at \"\(last)\"\(isSaved ? ", saved" : "")"
    )
    if harmed.isEmpty, !after.isWhole || !isSaved && after.note != before.note {
      return report("a deployment that was killed left \(after) instead of \(before)", program.log)
    }
    if isSaved {
      _ = try honest.build(sources, circumstances)
      cached = (sources, circumstances)
      harmed = []
      hasFailed = false
    }
    return try goOn(&numbers)
  }

  private mutating func goOn(_ numbers: inout SeededNumbers) throws -> Bool {
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
    let toolchain = SourceFile.file("[toolchain]\nchannel = \"\(circumstances.channel)\"\n")
    try SourceFile.write(toolchain, to: build + "/rust-toolchain.toml")
    let name = try scrambleTimes(below: build, &numbers)
    history.append("  times: \(name)")
    return build
  }

  /// A last deployment without a change compiles nothing.
  mutating func finish() throws {
    var numbers = SeededNumbers(seed: 1)
    history.append("unchanged")
    _ = try deploy(&numbers)
    if let lastBuild { try? FileManager.default.removeItem(atPath: lastBuild) }
    try? FileManager.default.removeItem(atPath: honest.folder)
  }

  private func report(_ problem: String, _ log: String) -> Bool {
    Issue.record("\(problem)\n\(label), step \(step)\n\(history.joined(separator: "\n"))\n\(log)")
    return false
  }
}
