// What "cargo install --message-format json-render-diagnostics" of cargo 1.95 printed, and what is no message.
import Testing

@testable import RustBuildpack

@Suite struct CargoMessagesTests {
  /// As lines come from a pipe: slices of a larger buffer.
  private func messages(_ content: [UInt8], into first: CargoMessages = CargoMessages()) -> CargoMessages {
    var messages = first
    var splitter = LineSplitter()
    splitter.add(content) { messages.add($0) }
    splitter.finish { messages.add($0) }
    return messages
  }

  @Test func collectsWhatWasUsed() throws {
    let found = messages(try recorded("messages-install.jsonl"))
    let release = FilePath("/cache/target/release")
    #expect(
      Set(found.units.flatMap { $0.files }) == [
        release.appending("build/web-65c62adda1613ea5/build-script-build"),
        release.appending("deps/libmacros-bdeb158e3211743d.so"),
        release.appending("build/web-d6d0cb73834f7c3d/out"),
        release.appending("deps/libshared-94a2190ef95634dd.rlib"),
        release.appending("deps/libshared-94a2190ef95634dd.rmeta"),
        release.appending("web"),
      ]
    )
    let names = ["macros", "shared", "web"].map { "path+file:///build/\($0)#0.1.0" }
    #expect(found.used == Set(names))
    #expect(found.compiled == Set(names))
    #expect(
      found.executables.mapValues { $0.map { "\($0.name) at \($0.path)" } } == [
        names[2]: ["web at /cache/target/release/web"]
      ]
    )
    #expect(found.strayLines.isEmpty)
  }

  @Test func aFreshUnitOfAnEarlierStepStaysCompiled() throws {
    let content = try recorded("messages-install.jsonl")
    let fresh = Array(
      String(decoding: content, as: UTF8.self).replacing("\"fresh\":false", with: "\"fresh\":true").utf8
    )
    #expect(messages(fresh).compiled.isEmpty)
    #expect(messages(fresh).used.count == 3)
    #expect(messages(fresh, into: messages(content)).compiled.count == 3)
  }

  @Test func keepsStrayLines() {
    let lines = [
      "hello", "", "{", "{\"reason\":", " {}", "[]", "\u{1B}[1mbold", "{\"reason\":\"new-kind\"}", "{\"reason\":1}",
      "{}",
      "{\"reason\":\"compiler-artifact\"}",
      "{\"reason\":\"compiler-artifact\",\"package_id\":1,\"filenames\":[\"/a\"]}",
      "{\"reason\":\"build-script-executed\",\"out_dir\":null}",
      "{\"reason\":\"compiler-artifact\",\"package_id\":\"p\",\"filenames\":[1],\"executable\":\"/a\",\"target\":[]}",
    ]
    let found = messages(Array(lines.joined(separator: "\n").utf8))
    #expect(
      found.strayLines.map { String(decoding: $0, as: UTF8.self) } == [
        "hello", "{", "{\"reason\":", " {}", "[]", "\u{1B}[1mbold",
      ]
    )
    #expect(found.used == ["p"])
    #expect(found.compiled.isEmpty && found.executables.isEmpty)
  }

  @Test func keepsNoFloodOfStrayLines() {
    #expect(messages(Array(String(repeating: "y\n", count: 5_000).utf8)).strayLines.count == 1_000)
  }

  @Test func unitsSayWhatTheyAre() throws {
    let units = messages(try recorded("messages-install.jsonl")).units
    #expect(units.map { $0.name } == ["build-script-build", "macros", "", "shared", "web"])
    #expect(units.map { $0.isRun } == [false, false, true, false, false])
    #expect(units.map { $0.isMacro } == [false, true, false, false, false])
    #expect(
      units.map { $0.root } == [
        "/build/web/build.rs", "/build/macros/src/lib.rs", nil, "/build/shared/src/lib.rs", "/build/web/src/main.rs",
      ]
    )
    #expect(units[2].files == ["/cache/target/release/build/web-d6d0cb73834f7c3d/out"])
    for unit in units {
      #expect(unit.isOwn(below: "/build"))
      #expect(!unit.isOwn(below: "/buil") && !unit.isOwn(below: "/build/other"))
    }
  }

  @Test(arguments: [
    ("path+file:///link/app/web#0.1.0", true), ("path+file:///link/app#web@0.1.0", true),
    ("web 0.1.0 (path+file:///link/app/web)", true), ("path+file:///link/apple#0.1.0", false),
    ("registry+https://github.com/rust-lang/crates.io-index#web@0.1.0", false),
    ("web 0.1.0 (registry+https://github.com/rust-lang/crates.io-index)", false),
    ("git+https://example.com/web#0.1.0", false), ("web", false), ("", false),
  ])
  func packagesAreOwnByTheirPlace(id: String, isOwn: Bool) {
    let line = "{\"reason\":\"compiler-artifact\",\"package_id\":\"\(id)\",\"filenames\":[\"/t/a\"],\"fresh\":true}"
    let units = messages(Array(line.utf8)).units
    #expect(units.map { $0.isOwn(below: "/link/app") } == [isOwn])
  }
}
