// The cache's state from deployment to deployment, with the machine's tar and zstd.
import Testing

@testable import RustBuildpack

@Suite struct BuildCacheTests {
  @Test func whatIsPackedIsThereAgain() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      let names = CachePart.allCases.map { "\($0.rawValue)-….tar.zst" }
      #expect(try lab.listing() == (names + ["cache.json", "lock"]).sorted())
      #expect(lab.note?.deployments == 1)
      #expect(try lab.restored() == CachePart.allCases)
      #expect(try lab.listing() == (names + ["cache.json", "lock"]).sorted(), "and nothing was touched")
      #expect(try lab.lab.outsideIsUntouched)
    }
  }

  @Test func timesPermissionsAndLinksSurvive() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      let (lab1, work) = (lab.lab, lab.lab.link)
      let time = Timestamp(seconds: 946_684_807, nanoseconds: 500_000_000)
      try lab.deploy { cache in
        try lab1.write("#!", to: "target/release/app-00000000000000bb", permissions: 0o750)
        try lab1.write("d", to: "target/release/d\nodd \\name-00000000000000bb")
        try lab.shell("cd tmp/link/target/release && ln app-00000000000000bb hard && ln -s /nowhere soft")
        let names = ["app-00000000000000bb", "d\nodd \\name-00000000000000bb", "hard", "soft"]
        let paths = [FilePath("target/release")] + names.map { FilePath("target/release/\($0)") }
        for path in paths.reversed() { try work.appending(bytes: path.bytes).setModified(time) }
        try cache.pack(.own, BuildCache.Selection(paths: paths))
        try cache.commit(on: .usable) { _ in }
      }
      try lab.deploy { cache in
        #expect(try cache.has(.own))
        let release = work.appending("target/release")
        for entry in release.entries + [release] { #expect(try entry.status()?.modified == time, "\(entry)") }
        #expect(release.entries.count == 4)
        let status = try #require(try release.appending("hard").status())
        #expect(status.permissions == 0o750 && status.linkCount == 2)
        #expect(try release.appending("soft").linkText() == "/nowhere")
      }
    }
  }

  @Test func whatDidNotChangeIsNotPacked() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      let before = try lab.lab.folder.listing("cache/rust")
      let note = try lab.lab.cache.appending("cache.json").status()
      try lab.deploy { cache in
        for part in try lab.restored(cache) { try cache.pack(part, lab.selection(part, hasNew: false)) }
        let made = try cache.commit(on: .usable) { $0.key = CacheLab.key() }
        #expect(made.isEmpty)
      }
      #expect(try lab.lab.folder.listing("cache/rust") == before)
      #expect(try lab.lab.cache.appending("cache.json").status()?.inode == note?.inode)
    }
  }

  @Test func whatChangedGetsANewNameAndTheOldOneGoes() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      let old = try lab.archive(.own)
      try lab.deploy { cache in
        _ = try cache.has(.own)
        try lab.lab.write("changed", to: "target/release/deps/app-00000000000000bb")
        try cache.pack(.own, lab.selection(.own))
        let made = try cache.commit(on: .usable) { $0.deployments += 1 }
        let size = try lab.archive(.own).status()?.size
        #expect(made.map { $0.part } == [.own] && made.map { $0.size } == [size])
      }
      #expect(try !old.exists && lab.archive(.own) != old)
      #expect(try lab.listing().count == 8)
    }
  }

  @Test func anotherListOfPathsIsAChangeAndAnEmptyOneGivesThePartUp() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      try lab.deploy { cache in
        _ = try lab.restored(cache)
        try lab.lab.write("", to: "tools/u")
        try cache.pack(.tools, BuildCache.Selection(paths: ["tools/t/bin/t", "tools/u"], hasNew: false))
        try cache.pack(.hooks, BuildCache.Selection(paths: []))
        #expect(try cache.commit(on: .usable) { _ in }.map { $0.part } == [.tools])
      }
      #expect(lab.note?.archives[.hooks] == nil)
      #expect(try lab.restored() == [.toolchain, .crates, .dependencies, .own, .tools])
    }
  }

  @Test func aFailureKeepsTheLastState() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      try lab.archive(.own).write([1])
      let own = try lab.archive(.own)
      try lab.deploy { cache in
        _ = try lab.restored(cache)
        try lab.lab.write("new", to: "cargo/registry/cache/i/new-1.0.0.crate")
        var crates = lab.selection(.crates, hasNew: false)
        crates.paths.append("cargo/registry/cache/i/new-1.0.0.crate")
        try cache.pack(.crates, crates)
        try cache.commit(on: .lastState) { _ in }
      }
      #expect(try lab.archive(.own) == own && own.exists, "also what could not be used")
      #expect(lab.note?.deployments == 1)
      try lab.deploy { cache in
        let left = try lab.restored(cache)
        #expect(left == [.toolchain, .crates, .dependencies, .hooks, .tools])
        #expect(lab.lab.work.cargo.appending("registry/cache/i/new-1.0.0.crate").isFile)
      }
    }
  }

  @Test func whatCannotBePackedLeavesTheStateAsItWas() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      let before = try lab.lab.folder.listing("cache/rust")
      try lab.deploy { cache in
        try cache.pack(.tools, BuildCache.Selection(paths: ["tools/missing"]))
        let error = #expect(throws: CacheError.self) { try cache.commit(on: .usable) { $0.deployments = 9 } }
        #expect(error?.reason.hasPrefix("tar, packing tools, ended with exit code 2: tar: tools/missing") == true)
      }
      #expect(lab.note?.deployments == 1)
      #expect(try lab.restored() == CachePart.allCases)
      #expect(try lab.lab.folder.listing("cache/rust") == before, "the draft is gone with the next deployment")
      let context = try lab.lab.context(path: lab.lab.programs(["sh"]))
      do {
        _ = try BuildCache.open(context, lab.log)
        Issue.record("no error")
      } catch BuildpackError.programMissing { #expect(lab.note?.deployments == 1) }
    }
  }

  @Test func oneOfManyPartsIsOpenedAlone() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      try lab.deploy(parts: [.toolchain]) { cache in
        #expect(try cache.has(.toolchain))
        #expect(try !cache.has(.own))
        try cache.commit(on: .lastState) { _ in }
      }
      #expect(try lab.restored() == CachePart.allCases)
    }
  }

  @Test func withTheCacheOffNothingIsUsed() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      let context = try lab.lab.context(["RUST_CACHE": "off"])
      #expect(try lab.restored(context).isEmpty)
      #expect(try lab.restored() == CachePart.allCases, "it is there for the next deployment")
    }
  }

  // MARK: Judging

  @Test func aKeyThatDiffersDiscardsWhatWasCompiled() async {
    await #expect(processExitsWith: .success) {
      /// The key, what is left of the parts, and what the cache says.
      let cases: [(key: CacheKey, left: [CachePart], state: CacheState)] = [
        (CacheLab.key(), CachePart.allCases, .restored), (CacheLab.key(profile: nil), CachePart.allCases, .restored),
        (
          CacheLab.key("1.96.0"), [.toolchain, .crates, .tools],
          .discarded(["Rust changed from 1.95.0 to 1.96.0"])
        ),
        (
          CacheLab.key(profile: "dist"), [.toolchain, .crates, .hooks, .tools],
          .discarded(["the profile changed from release to dist"])
        ),
      ]
      for (key, left, state) in cases {
        let lab = try CacheLab()
        try lab.fill()
        try lab.deploy { cache in
          let found = try cache.judge(key)
          #expect(found == state)
          #expect(try lab.restored(cache) == left)
          #expect(lab.lab.work.target.exists == (state == .restored))
        }
      }
      let lab = try CacheLab()
      let withoutAny = try lab.deploy { try $0.judge(CacheLab.key()) }
      try lab.fill(parts: [.toolchain])
      let withAToolchain = try lab.deploy { try $0.judge(CacheLab.key("1.96.0")) }
      #expect(withoutAny == .empty && withAToolchain == .empty)
    }
  }

  // MARK: Growth

  @Test func whatIsKeptWholeIsDroppedOnceItHasDoubled() async {
    await #expect(processExitsWith: .success) {
      /// Sizes of the first and the next archive in MiB, and whether the next one is kept.
      let cases: [(first: Int, next: Int, isKept: Bool)] = [
        (1, 15, true), (1, 17, false), (10, 19, true), (10, 21, false),
      ]
      for (first, next, isKept) in cases {
        let lab = try CacheLab()
        func grow(to size: Int) throws {
          try lab.deploy { cache in
            _ = try cache.has(.hooks)
            try lab.shell("mkdir -p tmp/link/hooks && head -c \(size)M /dev/urandom > tmp/link/hooks/x")
            try cache.pack(.hooks, BuildCache.Selection(paths: ["hooks"], wholeFolders: true))
            try cache.commit(on: .usable) { $0.deployments += 1 }
          }
        }
        try grow(to: first)
        let size = try lab.archive(.hooks).status()?.size
        try grow(to: next)
        #expect((lab.note?.archives[.hooks] != nil) == isKept, "\(first) to \(next) MiB")
        if isKept { #expect(lab.note?.archives[.hooks]?.firstSize == size, "the first size is kept") }
        #expect(try lab.listing().count == (isKept ? 3 : 2), "no archive without a name in the note")
      }
    }
  }
}
