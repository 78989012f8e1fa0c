import Foundation
import Glibc
import Testing

@testable import RustBuildpack

/// A target directory as cargo lays it out, written by hand; gone when the test ends.
private final class TargetLab {
  let folder: FilePath
  var target: FilePath { folder.appending("target") }
  private var used: Set<FilePath> = []

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/pruning-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    folder = FilePath(bytes: template.dropLast().map(UInt8.init(bitPattern:)))
  }

  deinit { try? folder.removeTree() }

  func write(_ path: String, _ content: String = "x", mode: UInt16 = 0o644) throws {
    let file = target.appending(path)
    try file.parent.makeDirectories()
    try file.write(Array(content.utf8), permissions: mode)
  }

  /// A unit's fingerprint, and its library.
  func library(_ name: String, _ hash: String, profile: String = "release", isUsed: Bool) throws {
    let file = name.replacingOccurrences(of: "-", with: "_")
    try write("\(profile)/.fingerprint/\(name)-\(hash)/lib-\(file)")
    for suffix in ["rlib", "rmeta"] { try write("\(profile)/deps/lib\(file)-\(hash).\(suffix)") }
    try write("\(profile)/deps/\(file)-\(hash).d")
    if isUsed { use("\(profile)/deps/lib\(file)-\(hash).rlib") }
  }

  /// A binary's unit; the final name is a hard link unless `copied`.
  func binary(
    _ name: String,
    _ hash: String,
    _ content: String,
    isUsed: Bool,
    copied: Bool = false,
    profile: String = "release"
  ) throws {
    let file = name.replacingOccurrences(of: "-", with: "_")
    try write("\(profile)/.fingerprint/\(name)-\(hash)/bin-\(name)")
    try write("\(profile)/deps/\(file)-\(hash)", content, mode: 0o755)
    try write("\(profile)/deps/\(file)-\(hash).d")
    guard isUsed else { return }
    let final = target.appending("\(profile)/\(name)")
    try final.removeTree()
    if copied {
      try write("\(profile)/\(name)", content, mode: 0o755)
    } else {
      link(target.appending("\(profile)/deps/\(file)-\(hash)").description, final.description)
    }
    try write("\(profile)/\(name).d")
    use("\(profile)/\(name)")
  }

  /// A build script: the program and one run of it.
  func script(_ name: String, _ hash: String, _ run: String, isUsed: Bool) throws {
    try write("release/.fingerprint/\(name)-\(hash)/build-script-build-script-build")
    try write("release/build/\(name)-\(hash)/build-script-build", mode: 0o755)
    try write("release/.fingerprint/\(name)-\(run)/run-build-script-build-script-build")
    try write("release/build/\(name)-\(run)/out/gen.rs")
    try write("release/build/\(name)-\(run)/output")
    guard isUsed else { return }
    use("release/build/\(name)-\(hash)/build-script-build")
    use("release/build/\(name)-\(run)/out")
  }

  func use(_ path: String) { used.insert(target.appending(path)) }

  func prune() throws -> TargetPruning.Outcome {
    var pruning = TargetPruning(target, files: used)
    return try pruning.run()
  }

  /// All files that are left, relative to the target directory.
  func files() throws -> Set<String> {
    var found: Set<String> = []
    try target.walk { (path, status) throws(FileError) in
      if status.kind == .file {
        found.insert(String(decoding: path.bytes.dropFirst(target.bytes.count + 1), as: UTF8.self))
      }
      return true
    }
    return found
  }
}

private let a = "00000000000000aa"
private let b = "00000000000000bb"
private let c = "00000000000000cc"
private let d = "00000000000000dd"

@Suite struct TargetPruningTests {
  @Test func whatABuildUsedStaysAndTheRestGoes() throws {
    let lab = try TargetLab()
    try lab.library("my-lib", a, isUsed: true)
    try lab.script("my-lib", c, d, isUsed: true)
    try lab.binary("my-app", a.replacingOccurrences(of: "aa", with: "ab"), "app", isUsed: true)
    try lab.write("release/.cargo-lock")
    try lab.write(".rustc_info.json")
    try lab.write("CACHEDIR.TAG")
    let kept = try lab.files()
    try lab.library("my-lib", b, isUsed: false)
    try lab.library("my", a.replacingOccurrences(of: "aa", with: "ee"), isUsed: false)
    try lab.binary("my-app", b, "old", isUsed: false)
    try lab.script("my-lib", b, b.replacingOccurrences(of: "bb", with: "bc"), isUsed: false)
    try lab.write("release/old-app", mode: 0o755)
    try lab.write("release/old-app.d")
    let outcome = try lab.prune()
    #expect(outcome.isComplete)
    #expect(outcome.freed > 0)
    #expect(try lab.files() == kept)
    #expect(try lab.prune().freed == 0)
  }

  @Test func whatAKilledCompilerLeftGoes() throws {
    let lab = try TargetLab()
    try lab.library("lib", a, isUsed: true)
    try lab.script("lib", c, d, isUsed: true)
    let kept = try lab.files()
    for folder in ["deps", "build/lib-\(c)"] { try lab.write("release/\(folder)/rustcEw7KRr/symbols.o") }
    try lab.write("release/deps/lib-\(a).tmpde45cc9", mode: 0o755)
    try lab.write("release/build/lib-\(c)/build_script_build-\(c).tmp0123456", mode: 0o755)
    #expect(try lab.prune().isComplete)
    #expect(try lab.files() == kept)
  }

  @Test func aProfileThatWasNotUsedGoesForEveryTriple() throws {
    let lab = try TargetLab()
    let triple = "x86_64-unknown-linux-gnu"
    try lab.library("used", a, profile: "\(triple)/release", isUsed: true)
    try lab.binary("app", b, "app", isUsed: true, profile: "\(triple)/release")
    try lab.library("macro", c, isUsed: true)
    let kept = try lab.files()
    for profile in ["small", "debug", "\(triple)/small", "wasm32-wasip1/release"] {
      try lab.library("used", a, profile: profile, isUsed: false)
    }
    #expect(try lab.prune().isComplete)
    #expect(try lab.files() == kept)
  }

  @Test func aCopiedExecutableIsTracedByItsContent() throws {
    let lab = try TargetLab()
    try lab.binary("app", a, "new", isUsed: true, copied: true)
    let kept = try lab.files()
    try lab.binary("app", b, "old", isUsed: false)
    #expect(try lab.prune().isComplete)
    #expect(try lab.files() == kept)
  }

  @Test func twoUnitsWithTheSameExecutableAreNotTakenForTidy() throws {
    let lab = try TargetLab()
    try lab.binary("app", b, "same", isUsed: false)
    try lab.binary("app", a, "same", isUsed: true, copied: true)
    #expect(try !lab.prune().isComplete)
  }

  @Test func anExecutableThatCantBeTracedLeavesAllThatItCouldBe() throws {
    let lab = try TargetLab()
    try lab.binary("app", a, "one", isUsed: false)
    try lab.library("old", b, isUsed: false)
    try lab.write("release/app", "two", mode: 0o755)
    lab.use("release/app")
    #expect(try !lab.prune().isComplete)
    let files = try lab.files()
    #expect(files.contains("release/deps/app-\(a)"))
    #expect(files.contains("release/.fingerprint/app-\(a)/bin-app"))
    #expect(!files.contains("release/deps/libold-\(b).rlib"))
  }

  @Test func aLibraryWithoutAHashIsFoundByItsFingerprint() throws {
    let lab = try TargetLab()
    for name in ["libplug_in.so", "libplug_in.rlib", "plug_in.d"] { try lab.write("release/deps/\(name)") }
    try lab.write("release/.fingerprint/plug-in-\(a)/lib-plug_in")
    lab.use("release/deps/libplug_in.so")
    lab.use("release/deps/libplug_in.rlib")
    let kept = try lab.files()
    try lab.write("release/deps/libgone.so")
    try lab.write("release/.fingerprint/gone-\(c)/lib-gone")
    #expect(try lab.prune().isComplete)
    #expect(try lab.files() == kept)
    try lab.write("release/.fingerprint/plug-in-\(b)/lib-plug_in")
    #expect(try !lab.prune().isComplete, "two units write one file")
  }

  @Test func aLayoutThatIsNotKnownIsNotTakenForTidy() throws {
    let lab = try TargetLab()
    try lab.write("release/build/lib/\(a)/out/liblib-\(a).rlib")
    try lab.write("release/build/lib/\(b)/out/liblib-\(b).rlib")
    lab.use("release/build/lib/\(a)/out/liblib-\(a).rlib")
    #expect(try !lab.prune().isComplete)
    #expect(try lab.files().count == 2)
    try lab.write("release/deps/other-\(b).d")
    #expect(try !lab.prune().isComplete, "deps alone make no profile that can be judged")
  }

  @Test func whatIsOutsideTheTargetDirectoryIsNeverTouched() throws {
    let lab = try TargetLab()
    try lab.library("lib", a, isUsed: true)
    let outside = lab.folder.appending("outside")
    try outside.makeDirectories()
    try outside.appending("precious").write([1])
    try lab.target.appending("release/deps/out-\(b)").makeLink(to: outside)
    try lab.target.appending("debug").makeLink(to: outside)
    _ = try lab.prune()
    #expect(outside.appending("precious").isFile)
    #expect(!lab.target.appending("release/deps/out-\(b)").exists)
  }

  @Test(arguments: [
    ("deps/libserde-0123456789abcdef.rlib", "0123456789abcdef"), ("my-app-0123456789abcdef", "0123456789abcdef"),
    ("build/a-0123456789abcdef/out", "0123456789abcdef"), ("deps/app-0123456789ABCDEF", nil),
    ("deps/app-0123456789abcde", nil), ("deps/libplain.so", nil), ("app-1.0-0123456789abcdef0", nil),
  ])
  func hashesAreFoundInNames(path: String, hash: String?) {
    #expect(TargetPruning.hash(in: Array(path.utf8)) == hash)
  }
}
