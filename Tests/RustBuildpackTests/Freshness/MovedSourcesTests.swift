import Foundation
import Glibc
import Testing

@testable import RustBuildpack

@Suite struct MovedSourcesTests {
  private static let old: FilePath = "/build/1"
  private static let new: FilePath = "/build/request-22"
  private static let time = Timestamp(seconds: 1_600_000_000, nanoseconds: 5)

  /// A list of inputs as cargo 1.95 writes it.
  private static func list(_ paths: [(kind: UInt8, path: String)], version: UInt8 = 1, tail: String = "") -> [UInt8] {
    var bytes: [UInt8] = [1, 0, 0, 0, 0xff, version] + ByteWriter.bytes(UInt32(paths.count))
    for (kind, path) in paths { bytes += [kind] + ByteWriter.bytes(UInt32(path.utf8.count)) + path.utf8 + [0] }
    return bytes + ByteWriter.bytes(UInt32(0)) + tail.utf8
  }

  private static let before = list([(0, "src/main.rs"), (1, "/build/1/web/src/../../data/x"), (1, "/build/12/y")])
  private static let after = list([
    (0, "src/main.rs"), (1, "/build/request-22/web/src/../../data/x"), (1, "/build/12/y"),
  ])

  /// A target directory with one unit whose list of inputs is `list`, and one run of a build script.
  private func target(_ files: [String: [UInt8]]) throws -> FilePath {
    var template = Array((NSTemporaryDirectory() + "/moved-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    let target = FilePath(bytes: template.dropLast().map(UInt8.init(bitPattern:)))
    for (path, bytes) in files {
      let file = target.appending(path)
      try file.parent.makeDirectories()
      try file.write(bytes)
      try file.setModified(Self.time)
    }
    return target
  }

  @Test(arguments: [
    ("release", before, after), ("x86_64-unknown-linux-gnu/release", before, after),
    ("release", list([(0, "src/main.rs"), (1, "/build/12/y")]), list([(0, "src/main.rs"), (1, "/build/12/y")])),
    ("release", list([(1, "/build/1/a")], tail: "x"), list([(1, "/build/request-22/a")], tail: "x")),
    ("release", list([(1, "/build/1/a")], version: 2), nil), ("release", Array("/build/1/a".utf8), nil),
    ("release", Array(before.dropLast(before.count / 2)), nil),
  ])
  func aListOfInputsFollowsTheSources(profile: String, before: [UInt8], after: [UInt8]?) throws {
    let target = try target(["\(profile)/.fingerprint/web-1/dep-bin-web": before])
    defer { try? target.removeTree() }
    try MovedSources.follow(from: [Self.old], to: Self.new, in: target)
    let file = target.appending("\(profile)/.fingerprint/web-1/dep-bin-web")
    #expect(file.exists == (after != nil), "what can't be understood is compiled again")
    guard let after else { return }
    #expect(try file.contents() == after)
    #expect(try file.status()?.modified == Self.time)
    #expect(file.parent.entries == [file])
  }

  @Test func aPathInsideAnotherIsCompiledAgain() throws {
    let target = try target(["release/.fingerprint/web-1/dep-bin-web": Self.before])
    defer { try? target.removeTree() }
    try MovedSources.follow(from: [Self.old], to: "/build/1/inside", in: target)
    #expect(!target.appending("release/.fingerprint/web-1/dep-bin-web").exists)
  }

  @Test func theSamePathChangesNothing() throws {
    let target = try target([
      "release/.fingerprint/web-1/dep-bin-web": Self.before, "release/build/web-2/output": Array("/build/1".utf8),
      "release/.fingerprint/web-2/run-build-script-build-script-build": [1],
    ])
    defer { try? target.removeTree() }
    try MovedSources.follow(from: [Self.old], to: Self.old, in: target)
    #expect(try target.appending("release/.fingerprint/web-1/dep-bin-web").contents() == Self.before)
    #expect(target.appending("release/.fingerprint/web-2").exists)
  }

  @Test(arguments: [
    ("build/web-2/output", "cargo:rustc-link-search=native=/build/1/lib\n", true),
    ("build/web-2/output", "cargo:rustc-env=A=b\ncargo::rustc-env=PLACE=/build/1\n", true),
    ("build/web-2/output", "cargo:rerun-if-changed=/build/1/web/x\ncargo::warning=in /build/1\n", false),
    ("build/web-2/output", "cargo:rustc-env=A=/build/12\n", false),
    ("build/web-2/out/deep/gen.rs", "include!(\"/build/1/x.rs\")", true),
    ("build/web-2/out/deep/gen.rs", "include!(\"/build/1-other/x.rs\")", false),
    ("build/web-2/out/object.o", "/build/1/x.c", false),
    (".fingerprint/web-2/run-build-script-build-script-build.json", "{\"paths\":[\"/build/1/data\"]}", true),
  ])
  func aBuildScriptWhoseResultsNameTheOldPathRunsAgain(file: String, content: String, runsAgain: Bool) throws {
    let target = try target([
      "release/\(file)": Array(content.utf8), "release/build/web-2/root-output": Array("/cache".utf8),
      "release/.fingerprint/web-2/run-build-script-build-script-build": [1],
    ])
    defer { try? target.removeTree() }
    try MovedSources.follow(from: [Self.old], to: Self.new, in: target)
    #expect(target.appending(".fingerprint/web-2").exists == false)
    #expect(target.appending("release/.fingerprint/web-2").exists == !runsAgain)
  }
}
