// Every way in which archives and cache.json can be broken, and what the log says of it.
import Testing

@testable import RustBuildpack

@Suite struct CacheDamageTests {
  /// What a deployment printed, below the name of each case.
  private func log(of result: ExitTest.Result) -> String {
    String(decoding: result.standardOutputContent, as: UTF8.self).replacing(/-[0-9a-f]{16}/, with: "-…")
      .replacing(/Unpacking [0-9.]+ k?B/, with: "Unpacking … B")
  }

  /// Breaks one archive after another, each in this way, and tries to use the cache.
  private static func breakEach(_ damage: String) throws {
    for part in CachePart.allCases {
      let lab = try CacheLab()
      try lab.fill()
      let archive = try lab.archive(part)
      switch damage {
      case "missing": try archive.removeTree()
      case "emptied": try archive.write([])
      case "cut": try archive.write(archive.contents().dropLast())
      case "one bit":
        var content = try archive.contents()
        content[content.count / 2] ^= 1
        try archive.write(content)
      case "folder":
        try archive.removeTree()
        try archive.appending("x").makeDirectories()
      case "link":
        try archive.rename(to: lab.lab.folder["outside/moved"])
        try archive.makeLink(to: lab.lab.folder["outside/moved"])
      case "FIFO":
        try archive.removeTree()
        try lab.lab.folder.fifo("cache/rust/\(archive.lastComponent)")
      default: try archive.setPermissions(0)
      }
      lab.log.step("\(part): \(damage)")
      let left = try lab.restored()
      if damage == "link" { try lab.lab.folder["outside/moved"].removeTree() }
      #expect(left == CachePart.allCases.filter { $0 != part }, "\(part): the other parts are used")
      #expect(try lab.lab.outsideIsUntouched)
    }
  }

  /// The lines that one damage of each archive gives; `reason` is what stands behind the archive's name.
  private static func expected(_ damage: String, _ reason: String) -> String {
    CachePart.allCases.map { part in
      let rest = CachePart.allCases.filter { $0 != part }.map { $0.title }.joined(separator: ", ")
      return """
               The build cache is empty
        -----> \(part): \(damage)
               Discarding from the build cache: \(part.title), since \(part)-….tar.zst \(reason)
               Unpacking … B: \(rest)

        """
    }.joined()
  }

  @Test func archivesThatAreBrokenAreDiscarded() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      for damage in ["missing", "emptied", "cut", "one bit", "folder", "link", "FIFO"] {
        try CacheDamageTests.breakEach(damage)
      }
    }
    let size = "is damaged: its size is not the one noted"
    let all = [
      Self.expected("missing", "is missing"), Self.expected("emptied", size), Self.expected("cut", size),
      Self.expected("one bit", "is damaged: its digest is not the one noted"),
      Self.expected("folder", "is not a file"), Self.expected("link", "is not a file"),
      Self.expected("FIFO", "is not a file"),
    ]
    #expect(log(of: result) == all.joined())
  }

  @Test func archivesThatCannotBeReadAreDiscarded() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      becomeOrdinaryUser()
      try CacheDamageTests.breakEach("unreadable")
    }
    #expect(log(of: result) == Self.expected("unreadable", "can't be read"))
  }

  // MARK: cache.json

  @Test func aBrokenNoteDiscardsTheCache() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      for damage in ["missing", "emptied", "cut", "not JSON", "folder", "link", "FIFO", "another format"] {
        let lab = try CacheLab()
        try lab.fill()
        let note = lab.lab.cache.appending("cache.json")
        let content = try note.contents()
        try note.removeTree()
        switch damage {
        case "missing": break
        case "emptied": try note.write([])
        case "cut": try note.write(content.dropLast(3))
        case "not JSON": try note.write(Array("rust".utf8))
        case "folder": try note.appending("x").makeDirectories()
        case "link":
          try lab.lab.folder["note"].write(content)
          try note.makeLink(to: lab.lab.folder["note"])
        case "FIFO": try lab.lab.folder.fifo("cache/rust/cache.json")
        default: try note.write(Array(String(decoding: content, as: UTF8.self).replacing(": 1,", with: ": 99,").utf8))
        }
        lab.log.step(damage)
        #expect(try lab.restored().isEmpty)
        #expect(try lab.listing().allSatisfy { ["cache.json", "lock"].contains($0) }, "\(damage)")
        #expect(try lab.lab.outsideIsUntouched)
        try lab.fill()
        #expect(lab.note?.deployments == 1)
      }
    }
    let empty = "       The build cache is empty\n"
    let reason = "       Discarding the build cache: cache.json is damaged, or of another version of this buildpack\n"
    var expected = "\(empty)-----> missing\n       Discarding the build cache: cache.json is missing\n\(empty)\(empty)"
    for damage in ["emptied", "cut", "not JSON", "folder", "link", "FIFO", "another format"] {
      // What is a file stays until the next success replaces it.
      let staysAFile = !["folder", "link", "FIFO"].contains(damage)
      expected += "\(empty)-----> \(damage)\n\(reason)\(empty)\(staysAFile ? reason : "")\(empty)"
    }
    #expect(log(of: result) == expected)
  }

  // MARK: Archives that fit the note and are none of ours

  /// Puts an archive, made by a script of the shell, into the cache in the place of a part's, with its digest noted.
  private static func plant(_ script: String, as part: CachePart, in lab: CacheLab) throws {
    try lab.fill()
    try lab.shell(
      "mkdir -p evil/in && cd evil/in && out=../evil.tar && \(script) && zstd -q ../evil.tar -o ../evil.tar.zst"
    )
    let evil = lab.lab.folder["evil/evil.tar.zst"]
    var note = try #require(lab.note)
    let digest = try BLAKE2b.hash(file: evil).hex
    let name = "\(part.rawValue)-0000000000000000.tar.zst"
    note.archives[part] = CacheArchive(
      name: name,
      digest: digest,
      size: try #require(try evil.status()).size,
      list: "",
      firstSize: 1
    )
    try evil.copy(to: lab.lab.cache.appending(name))
    try lab.lab.cache.appending("cache.json").write(note.serialized)
  }

  @Test func nothingIsWrittenOutside() async {
    await #expect(processExitsWith: .success) {
      let scripts = [
        "two dots": "echo x > a && tar -cPf $out --transform 's,a,../../../../outside/evil,' a",
        "an absolute name": "echo x > a && tar -cPf $out --transform \"s,a,$(cd ../../outside && pwd)/evil,\" a",
        "a file behind a link": """
        ln -s ../../../outside trick && tar -cPf $out trick && rm trick && mkdir trick && echo x > trick/evil \
        && tar -rPf $out trick/evil
        """,
        "a file behind an absolute link": """
        ln -s "$(cd ../../outside && pwd)" trick && tar -cPf $out trick && rm trick && mkdir trick && echo x > trick/evil \
        && tar -rPf $out trick/evil
        """,
        "a file in the place of a link": """
        ln -s ../../../outside/file target && tar -cPf $out target && rm target && echo x > target && tar -rPf $out target
        """,
        "a hard link to the outside": """
        echo x > a && ln a b && tar -cPf $out --transform 's,^a,../../../outside/file,' a b \
        && tar -rPf $out --transform 's,a,b,' a
        """,
      ]
      for (name, script) in scripts.sorted(by: { $0.key < $1.key }) {
        let lab = try CacheLab()
        try CacheDamageTests.plant(script, as: .tools, in: lab)
        _ = try lab.deploy { try $0.has(.tools) }
        #expect(try lab.lab.outsideIsUntouched, "\(name)")
        #expect(try lab.lab.folder.listing("outside") == ["file"], "\(name)")
      }
    }
  }

  @Test func aDeviceOrFIFOInAnArchiveIsNoTrouble() async throws {
    await #expect(processExitsWith: .success) {
      let lab = try CacheLab()
      try CacheDamageTests.plant("mkdir tools && mkfifo tools/pipe && tar -cf $out tools", as: .tools, in: lab)
      let left = try lab.deploy { cache in try CachePart.allCases.filter { try cache.has($0) } }
      #expect(left == CachePart.allCases)
    }
  }

  @Test func whatIsNoArchiveIsDiscardedWithTarsWords() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      for part in [CachePart.tools, .dependencies, .own, .toolchain] {
        let lab = try CacheLab()
        try CacheDamageTests.plant("head -c 2000 /dev/zero | tr '\\0' x > $out", as: part, in: lab)
        lab.log.step("\(part)")
        let left = try lab.restored()
        #expect(left == CachePart.allCases.filter { $0 != part })
      }
    }
    let words = log(of: result).split(separator: "\n").filter { $0.contains("Discarding") }
    #expect(words.count == 4)
    #expect(
      words.allSatisfy { $0.contains("since it can't be unpacked (tar ended with exit code 2: tar: This does not") }
    )
  }

  // MARK: zstd

  @Test func withoutZstdArchivesAreNotCompressed() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let lab = try CacheLab()
      let without = try lab.lab.context(path: lab.lab.programs(["tar", "nice"]))
      try lab.fill(without)
      #expect(try lab.archive(.own).lastComponent.hasSuffix(".tar"))
      #expect(try lab.restored(without) == CachePart.allCases)
      #expect(try lab.restored() == CachePart.allCases, "zstd or not")
      let other = try CacheLab()
      try other.fill()
      other.log.step("without zstd")
      let path = try other.lab.programs(["tar", "nice"])
      #expect(try other.restored(other.lab.context(path: path)).isEmpty)
      #expect(try other.restored() == CachePart.allCases)
    }
    let reasons = CachePart.allCases.filter { $0 != .toolchain } + [.toolchain]
    let lines = reasons.map {
      "       Discarding from the build cache: \($0.title), since zstd, which it needs, is not installed\n"
    }
    let titles = CachePart.allCases.map { $0.title }.joined(separator: ", ")
    let text = log(of: result)
    #expect(
      text.hasSuffix(
        "without zstd\n\(lines.joined())       The build cache is empty\n       Unpacking … B: \(titles)\n"
      )
    )
  }
}
