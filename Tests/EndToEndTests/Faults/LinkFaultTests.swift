import Foundation
import Glibc
import StandIns
import Testing

/// What stands where the buildpack puts its folder, its link and its work directory.
@Suite(.needsStandIns, .serialized) struct LinkFaultTests {
  private struct Case {
    let name: String
    /// What is done before: `$1` is our part of the cache, `$2` the link's place, `$3` a folder of somebody else.
    let preparation: String
    /// What the log must say.
    var words: String?

    init(_ name: String, _ preparation: String, says words: String? = nil) {
      (self.name, self.preparation, self.words) = (name, preparation, words)
    }
  }

  /// What only wants to be removed or replaced.
  private static let harmless: [Case] = [
    Case(
      "strangers in our part of the cache",
      "cd \"$1\"; mkdir -p a/b; echo x >a/b/c; echo x >file; ln -s \"$3\" link; mkfifo fifo; echo x >.hidden"
    ),
    Case(
      "unfinished archives",
      "cd \"$1\"; echo x >own.draft.tar.zst; echo x >cache.json.draft; echo x >own-1.tar.zst"
    ),
    Case("a work folder", "mkdir -p \"$1/work/cargo/bin\"; echo x >\"$1/work/cargo/bin/cargo\""),
    Case("a work folder that nobody may enter", "mkdir -p \"$1/work/target\"; chmod 0 \"$1/work/target\" \"$1/work\""),
    Case("a link in the place of the work folder", "ln -s \"$3\" \"$1/work\""),
    Case("a file in the place of the work folder", "echo x >\"$1/work\""),
    Case("a FIFO in the place of the lock", "rm \"$1/lock\"; mkfifo \"$1/lock\""),
    Case("a folder in the place of the lock", "rm \"$1/lock\"; mkdir -p \"$1/lock/a\""),
    Case("a link in the place of the lock", "rm \"$1/lock\"; ln -s \"$3/a\" \"$1/lock\""),
    Case("our link of a deployment that is dead", "rm -rf \"$2\"; mkdir \"$1/work\"; ln -s \"$1/work\" \"$2\""),
    Case("a link of a dead deployment with another cache", "rm -rf \"$2\"; ln -s /nowhere/rust/work \"$2\""),
    Case(
      "a link of a dead deployment with a cache that is there",
      "rm -rf \"$2\"; mkdir -p \"$1/../other/rust/work\"; : >\"$1/../other/rust/lock\"; "
        + "ln -s \"$1/../other/rust/work\" \"$2\""
    ),
    Case("the folder of an earlier deployment", ":"),
    Case("such a folder, half removed", "cd \"$2\"; rm -rf rustup target; chmod 0 cargo"),
    Case("such a folder, removed but for itself", "rm -rf \"$2\"; mkdir \"$2\""),
    Case("such a folder with links out of it", "cd \"$2\"; rm -rf cargo; ln -s \"$3\" cargo; ln -s \"$3\" app"),
    Case("nothing, and no folder around it", "rm -rf \"${2%/*}/no\""),
    Case(
      "a cache of version 0.2.0",
      "cd \"$1\"; rm -rf *; mkdir -p target/release cargo/bin rustup/toolchains; echo '{}' >key.json; : >lock; "
        + "echo x >sources.record; echo x >inventory; ln -s \"$3\" target/release/deps",
      says: "Discarding the build cache: it is of version 0.2.0 of this buildpack or an older one"
    ),
    Case(
      "a link in the place of our part",
      "rm -rf \"$1\"; ln -s \"$3\" \"$1\"",
      says: "There is no earlier deployment"
    ),
    Case("a file in the place of our part", "rm -rf \"$1\"; echo x >\"$1\"", says: "There is no earlier deployment"),
  ]

  @Test(.timeLimit(.minutes(30))) func whatIsLeftOverIsRemoved() throws {
    let platform = try Platform.installed()
    let outside = try Self.makeOutside(platform)
    let first = try platform.deploy(.package(printing: "first"))
    guard first.exitCode == 0 else { throw Failure(first.log) }
    for tried in Faults.cut(Self.harmless, to: 8, "left-overs") {
      Faults.attempt("Link", tried.name) {
        let canaries = try contentState(of: outside)
        try shell(tried.preparation, platform.rustCache, platform.link, outside)
        let next = try platform.deploy(.package(printing: tried.name))
        if let trouble = next.trouble(printing: tried.name) { return trouble }
        if try contentState(of: outside) != canaries { return "what is outside was changed: \(next.log)" }
        if let words = tried.words, !next.log.contains(words) { return "it does not say \"\(words)\": \(next.log)" }
        let strays = try strayNames(in: platform.rustCache)
        return strays.isEmpty ? nil : "the cache holds \(strays)"
      }
    }
  }

  private static let strangers: [Case] = [
    Case("a file", "echo x >\"$2\"", says: "something that is no directory"),
    Case("a FIFO", "mkfifo \"$2\"", says: "something that is no directory"),
    Case("a folder", "mkdir \"$2\"; echo x >\"$2/file\"", says: "a directory that this buildpack did not make"),
    Case("a link to elsewhere", "ln -s \"$3\" \"$2\"", says: "a link to "),
    Case("a link to nowhere", "ln -s /nowhere \"$2\"", says: "a link to /nowhere"),
  ]

  @Test func whatIsSomebodyElsesStays() throws {
    let platform = try Platform.installed()
    let outside = try Self.makeOutside(platform)
    for tried in Self.strangers {
      Faults.attempt("Link", "in the link's place: \(tried.name)") {
        try shell("rm -rf \"$1\"", platform.link)
        let canaries = try contentState(of: outside)
        try shell(tried.preparation, platform.rustCache, platform.link, outside)
        let before = try shell("ls -lAd \"$1\"; ls -lA \"$1\"/ 2>/dev/null || :", platform.link)
        let met = try platform.deploy(.package(printing: tried.name))
        let isClear =
          met.log.contains(" !     Error: The path that the buildpack works at is taken.")
          && met.log.contains(tried.words ?? "") && met.log.contains("RUST_BUILDPACK_LINK")
        if met.exitCode != 1 || !isClear { return "exit \(met.exitCode): \(met.log)" }
        let after = try shell("ls -lAd \"$1\"; ls -lA \"$1\"/ 2>/dev/null || :", platform.link)
        if after != before { return "it was changed: \(before) \(after)" }
        if try contentState(of: outside) != canaries { return "what is outside was changed: \(met.log)" }
        let strays = try strayNames(in: platform.rustCache)
        if !strays.isEmpty { return "the cache holds \(strays)" }
        try shell("rm -rf \"$1\"", platform.link)
        return try platform.deploy(.package(printing: tried.name)).trouble(printing: tried.name)
      }
    }
  }

  private static func makeOutside(_ platform: Platform) throws -> String {
    let outside = platform.folder + "/outside"
    try makeFolder(outside + "/bin")
    for name in ["a", "bin/cargo"] { try Data("canary".utf8).write(to: URL(fileURLWithPath: "\(outside)/\(name)")) }
    return outside
  }

  // MARK: Several deployments at once

  /// An app whose build script waits until a file is there.
  private static func waiting(for file: String, printing text: String) -> App {
    App.package(printing: text).with([
      "build.rs": """
      fn main() {
          std::fs::write("\(file).waits", "").unwrap();
          while !std::path::Path::new("\(file)").exists() {
              std::thread::sleep(std::time::Duration::from_millis(20));
          }
      }
      """
    ])
  }

  private enum Ending: String, CaseIterable {
    case success, death
    case deathOfAll = "death of all that it runs"
  }

  @Test(.timeLimit(.minutes(10))) func aLivingDeploymentIsWaitedFor() throws {
    for isSameCache in [true, false] {
      for ending in Ending.allCases {
        let name = "\(isSameCache ? "the same cache" : "the same link"), the first one's \(ending.rawValue)"
        Faults.attempt("Link", "two deployments with \(name)") { try Self.twoDeployments(isSameCache, ending) }
      }
    }
  }

  private static func twoDeployments(_ isSameCache: Bool, _ ending: Ending) throws -> String? {
    let platform = try Platform.installed()
    let gate = platform.folder + "/gate"
    let build = try platform.place(waiting(for: gate, printing: "one"))
    let one = try platform.start("compile", [build, platform.cache, platform.env], home: build)
    let limit = Date(timeIntervalSinceNow: 60)
    while !FileManager.default.fileExists(atPath: gate + ".waits"), Date() < limit { usleep(5_000) }
    var cache = platform.cache
    if !isSameCache {
      cache = platform.folder + "/second-cache"
      try makeFolder(cache)
    }
    let other = try platform.place(.package(printing: "two"))
    let two = try platform.start("compile", [other, cache, platform.env], home: other)
    let words =
      isSameCache
      ? "Waiting for another deployment that uses the same build cache"
      : "Waiting for another deployment on this machine, which uses \(platform.link)"
    guard two.waitForLog(words, timeout: 20) else { return "it does not wait: \(two.log)" }
    usleep(300_000)
    if two.log.contains("Installing Rust") { return "it goes on: \(two.log)" }
    switch ending {
    case .success: break
    case .death: one.signal(SIGKILL)
    case .deathOfAll:
      one.signal(SIGKILL)
      one.wait(timeout: 5)
      for process in processes(in: build) { if let pid = pid_t(process.prefix { $0 != " " }) { kill(pid, SIGKILL) } }
      if !two.waitForLog("Installing Rust", timeout: 10) { return "it still waits: \(two.log)" }
    }
    try Data().write(to: URL(fileURLWithPath: gate))
    let codes = [one.wait(timeout: 60), two.wait(timeout: 120)]
    if codes != [ending == .success ? 0 : 128 + SIGKILL, 0] { return "\(codes): \(one.log) \(two.log)" }
    if two.log.components(separatedBy: words).count != 2 { return "it says more than once that it waits: \(two.log)" }
    let outputs = try [build, other].map { try shell("\"$1/bin/hello\" 2>/dev/null || :", $0) }
    if outputs != [ending == .success ? "one\n" : "", "two\n"] { return "\(outputs)" }
    let left = processesLeft(in: platform.folder)
    if !left.isEmpty { return "left running: \(left)" }
    return try platform.deploy(.package(printing: "three")).trouble(printing: "three")
  }
}
