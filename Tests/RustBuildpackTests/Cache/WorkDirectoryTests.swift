// The work directory and the link to it: what may stand there before, and what is left behind.
import Testing

@testable import RustBuildpack

@Suite struct WorkDirectoryTests {
  @Test func theLinkLeadsToTheWorkDirectory() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.deploy { _ in
        #expect(try lab.lab.link.linkText() == lab.lab.cache.appending("work"))
        #expect(try lab.lab.work.app.linkText() == lab.lab.build)
        #expect(lab.lab.work.mark.isFile)
        try lab.lab.write("x", to: "cargo/bin/cargo")
      }
      #expect(lab.lab.link.isRealDirectory, "the folder stands in the link's place")
      #expect(
        try lab.lab.folder.listing("tmp") == [
          "link/", "link/.rust-buildpack", "link/cargo/", "link/cargo/bin/", "link/cargo/bin/cargo",
        ]
      )
      #expect(try lab.listing() == ["lock"])
    }
  }

  @Test func whatADeploymentLeftThereIsReplaced() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      let (link, folder) = (lab.lab.link, lab.lab.folder)
      /// What stands in the link's place.
      let leftOvers: [String: () throws -> Void] = [
        "nothing": {},
        "the folder of one that has ended": {
          try folder.write("", to: "tmp/link/.rust-buildpack")
          try folder.write("", to: "tmp/link/cargo/bin/old")
        },
        "an empty folder": { try folder.makeFolder("tmp/link") },
        "our own link": { try link.makeLink(to: lab.lab.cache.appending("work")) },
        "a link into a cache that is gone": { try link.makeLink(to: "/nowhere/rust/work") },
        "a link into a cache that nobody uses": {
          try folder.write("", to: "other/rust/lock")
          try link.makeLink(to: folder["other/rust/work"])
        },
        "a link into a cache whose lock is a folder": {
          try folder.makeFolder("third/rust/lock")
          try link.makeLink(to: folder["third/rust/work"])
        },
      ]
      for (name, leave) in leftOvers.sorted(by: { $0.key < $1.key }) {
        try link.removeTree()
        try leave()
        let end = try lab.deploy { _ in
          let entries = try folder.listing("cache/rust/work")
          #expect(entries.count == 2, "\(name)")
          return try link.linkText()
        }
        #expect(end == lab.lab.cache.appending("work"), "\(name)")
      }
    }
  }

  @Test func strangersAreLeftAlone() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      let (link, folder) = (lab.lab.link, lab.lab.folder)
      /// What stands in the link's place, and the error's words for it.
      let strangers: [(what: String, make: () throws -> Void)] = [
        ("a directory that this buildpack did not make", { try folder.write("", to: "tmp/link/file") }),
        ("something that is no directory", { try folder.write("", to: "tmp/link") }),
        ("something that is no directory", { try folder.fifo("tmp/link") }),
        ("a link to /etc", { try link.makeLink(to: "/etc") }),
        ("a link to /a/b/work", { try link.makeLink(to: "/a/b/work") }),
        ("a link to \(folder["outside"])", { try link.makeLink(to: folder["outside"]) }),
      ]
      for (what, make) in strangers {
        try link.removeTree()
        try make()
        let before = try folder.listing("tmp")
        let context = try lab.lab.context()
        do {
          _ = try BuildCache.open(context, lab.log)
          Issue.record("\(what): no error")
        } catch BuildpackError.linkInTheWay(let path, let found) {
          #expect(path == link && found == what)
        }
        #expect(try folder.listing("tmp") == before)
        #expect(try lab.lab.outsideIsUntouched)
      }
    }
  }

  @Test func aLinkThatCannotBeMadeIsAnError() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.lab.folder["tmp"].removeTree()
      try lab.lab.folder.write("", to: "tmp")
      let context = try lab.lab.context()
      do {
        _ = try BuildCache.open(context, lab.log)
        Issue.record("no error")
      } catch BuildpackError.linkUnusable { return }
    }
  }

  @Test func configurationAboveTheAppIsSeenThroughTheLink() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.lab.folder.write("[net]", to: ".cargo/config.toml")
      let end = try lab.deploy { _ in try lab.lab.link.appending(".cargo").linkText() }
      #expect(end == lab.lab.folder[".cargo"])
      #expect(!lab.lab.link.appending(".cargo").exists)
      #expect(try lab.lab.folder[".cargo/config.toml"].text() == "[net]")
    }
  }

  @Test func whatALaterDeploymentTookIsNotTakenBack() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.deploy { _ in
        try lab.lab.link.removeTree()
        try lab.lab.folder.write("theirs", to: "tmp/link/file")
      }
      #expect(try lab.lab.folder.listing("tmp") == ["link/", "link/file"])
      #expect(try lab.listing() == ["lock"])
    }
  }

  /// Where the link stands on another file system, the folder can't be moved there.
  @Test(.enabled(if: FilePath("/dev/shm").isWritable, "there is no other file system"))
  func acrossFileSystemsOnlyLaterBuildpacksGetTheToolchain() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      let link = FilePath("/dev/shm/\(lab.lab.folder.path.lastComponent)/link")
      defer { try? link.parent.removeTree() }
      let context = try lab.lab.context([WorkLayout.variable: link.description])
      try lab.fill()
      let rustc = link.appending(CacheLab.files[.toolchain] ?? "")
      /// The app's `.buildpacks`, and whether anything is left at the link's place.
      for (list, isLeft) in [(nil, false), ("a\n", false), ("a\nb\n", true), ("a\n\n", false)] as [(String?, Bool)] {
        if let list { try lab.lab.folder.write(list, to: "build/.buildpacks") }
        let isThere = try lab.deploy(context) { try $0.has(.toolchain) && rustc.isFile }
        #expect(isThere)
        #expect(rustc.isFile == isLeft && link.exists == isLeft, "\(list ?? "none")")
        #expect(!lab.lab.cache.appending("work").exists)
      }
    }
  }

  // MARK: What else stands in the cache directory

  @Test func theCacheOfAnOlderVersionIsDiscarded() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      for name in ["key.json", "sources.record", "inventory", "rustup/a", "cargo/a", "target/release/a"] {
        let lab = try CacheLab()
        try lab.lab.folder.write("", to: "cache/rust/\(name)")
        try lab.lab.folder.write("", to: "cache/rust/lock")
        try lab.deploy { _ in }
        #expect(try lab.listing() == ["lock"])
        #expect(try lab.lab.outsideIsUntouched)
      }
    }
    let line = """
             Discarding the build cache: it is of version 0.2.0 of this buildpack or an older one
             The build cache is empty

      """
    #expect(String(decoding: result.standardOutputContent, as: UTF8.self) == String(repeating: line, count: 6))
  }

  @Test func whatAKilledDeploymentLeftIsRemoved() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try lab.fill()
      let before = try lab.listing()
      for name in [
        "work/target/x", "own.draft.tar.zst", "cache.json.draft", "own-0123456789abcdef.tar.zst", "stranger/x",
      ] { try lab.lab.folder.write("", to: "cache/rust/\(name)") }
      try lab.lab.folder.link("cache/rust/link", to: lab.lab.folder["outside"])
      try lab.lab.cache.appending(bytes: [0xFF]).write([])
      #expect(try lab.restored() == CachePart.allCases)
      #expect(try lab.listing() == before)
      #expect(try lab.lab.outsideIsUntouched)
    }
  }

  @Test func aLinkInOurFoldersPlaceIsReplaced() async {
    await #expect(processExitsWith: .success) {
      for name in ["cache/rust", "cache/rust/lock", "cache/rust/work"] {
        let lab = try CacheLab()
        try lab.lab.folder.link(name, to: lab.lab.folder["outside"])
        try lab.fill()
        #expect(try lab.restored() == CachePart.allCases)
        #expect(lab.lab.cache.isRealDirectory)
        #expect(try lab.lab.outsideIsUntouched)
      }
    }
  }

  @Test func theLockIsHeldUntilTheEnd() async {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      let lock = lab.lab.folder["cache/rust/lock"]
      let isFreeMeanwhile = try lab.deploy { _ in try isFree(lock) }
      let isFreeAfterwards = try isFree(lock)
      #expect(!isFreeMeanwhile && isFreeAfterwards)
    }
  }
}
