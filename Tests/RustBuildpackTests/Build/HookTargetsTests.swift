// The links to the target directories of the app's scripts.
import Glibc
import Testing

@testable import RustBuildpack

@Suite struct HookTargetsTests {
  let lab: DeploymentLab
  private let time = Timestamp(seconds: 946_684_801)

  init() throws {
    lab = try DeploymentLab()
    try lab.link.makeDirectories()
    for name in ["build/Cargo.lock", "build/tools/gen/Cargo.lock"] { try lab.folder.write("", to: name) }
    for name in ["", "tools", "tools/gen"] { try lab.build.appending(name).setModified(time) }
  }

  private func targets(_ lockFiles: [FilePath] = ["Cargo.lock", "tools/gen/Cargo.lock"]) throws -> HookTargets {
    HookTargets(try lab.context(), lockFiles: lockFiles)
  }

  private func expectNoTrace() throws {
    for name in ["", "tools", "tools/gen"] {
      #expect(try lab.build.appending(name).status()?.modified == time, "\(name)")
    }
  }

  @Test func linksStandBesideLockFilesAndGo() throws {
    let targets = try targets()
    let before = try lab.folder.listing("build")
    try targets.make()
    try expectNoTrace()
    #expect(
      try lab.folder.listing("build").filter { $0.contains("target") } == [
        "target -> \(lab.link)/hooks/target", "tools/gen/target -> \(lab.link)/hooks/tools/gen/target",
      ]
    )
    try lab.folder.write("x", to: "build/tools/gen/target/release/gen")
    try targets.remove()
    try expectNoTrace()
    #expect(try lab.folder.listing("build") == before)
    #expect(try lab.folder.listing("tmp/link/hooks").filter { !$0.hasSuffix("/") } == ["tools/gen/target/release/gen"])
    #expect(!lab.work.hooks.appending("target").exists, "nothing was compiled there")
    try targets.make()
    #expect(try lab.folder["build/tools/gen/target/release/gen"].text() == "x", "the next script finds it")
  }

  @Test func aPackageWithoutALockFileHasOneToo() throws {
    try targets([]).make()
    #expect(try lab.build.appending("target").linkText() == lab.work.hooks.appending("target"))
    #expect(!lab.build.appending("tools/gen/target").exists)
  }

  @Test(arguments: ["folder", "file", "link"]) func whatStandsThereIsLeftAlone(kind: String) throws {
    switch kind {
    case "folder": try lab.folder.write("committed", to: "build/target/x")
    case "file": try lab.folder.write("committed", to: "build/target")
    default: try lab.folder.link("build/target", to: "nowhere")
    }
    let before = try lab.folder.listing("build")
    let targets = try targets(["Cargo.lock"])
    try targets.make()
    #expect(try lab.folder.listing("build") == before)
    try targets.remove()
    #expect(try lab.folder.listing("build") == before)
  }

  @Test func whatAScriptPutInTheLinksPlaceStays() throws {
    let targets = try targets()
    try targets.make()
    try lab.build.appending("target").removeTree()
    try lab.folder.write("made by the script", to: "build/target/x")
    try targets.remove()
    #expect(try lab.folder["build/target/x"].text() == "made by the script")
  }

  @Test func targetsAreKnownByTheConstantPath() throws {
    let all = try targets().all
    #expect(
      all.map { $0.target } == [lab.work.hooks.appending("target"), lab.work.hooks.appending("tools/gen/target")]
    )
    #expect(all.map { $0.base } == [lab.work.app, lab.work.app.appending("tools/gen")])
  }

  @Test func whatCantBeWrittenToIsPassedOver() async {
    await #expect(processExitsWith: .success) {
      // `access` asks for the real user.
      if geteuid() == 0, setgid(65534) != 0 || setuid(65534) != 0 { exitProcess(1) }
      let lab = try DeploymentLab()
      try lab.link.makeDirectories()
      try lab.build.setPermissions(0o555)
      let targets = HookTargets(try lab.context(), lockFiles: ["Cargo.lock"])
      try targets.make()
      try targets.remove()
      try lab.build.setPermissions(0o755)
      #expect(try lab.folder.listing("build").isEmpty)
    }
  }
}
