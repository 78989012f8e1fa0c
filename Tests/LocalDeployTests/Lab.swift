import Foundation
import StandIns

/// A folder with a buildpack of three bash scripts, an app, and the tool that deploys it; gone when the test ends.
final class Lab {
  let folder: String
  var app: String { folder + "/my app" }
  var buildpack: String { folder + "/buildpack" }
  /// Where the tool puts what it removes at the end.
  var temporary: String { folder + "/tmp" }

  /// The tool, built beside the tests.
  static let tool = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("local-deploy").path

  /// The python3 that plays a web process, if this machine has one.
  static let python = ["/usr/bin/python3", "/usr/local/bin/python3"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  init() throws {
    folder = try temporaryFolder("local-deploy-tests")
    for name in ["tmp", "my app/src", "my app/.git", "my app/target", "buildpack/bin"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    try write("", to: app + "/Cargo.toml")
    try write("", to: app + "/target/artefact")
    try FileManager.default.createSymbolicLink(atPath: app + "/link", withDestinationPath: "Cargo.toml")
    try script("echo Fake", at: buildpack + "/bin/detect")
    try script(":", at: buildpack + "/bin/compile")
    try script(":", at: buildpack + "/bin/release")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var environment: [String: String] {
    [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "TMPDIR": temporary, "XDG_CACHE_HOME": folder + "/cache",
      // Set, so that nothing asks whether the real one can be reached.
      "RUSTUP_DIST_SERVER": "file:///nowhere",
      "RUSTFLAGS": "--of-the-developer", "GIT_DIR": "/of/the/developer",
    ]
  }

  func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  func script(_ text: String, at path: String) throws {
    try write("#!/bin/bash\n\(text)\n", to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// Deploys the app and waits for the end.
  func deploy(_ options: String...) throws -> ToolRun { try deploy(options) }

  func deploy(_ options: [String]) throws -> ToolRun {
    try ToolRun(
      [Self.tool, "--buildpack", buildpack] + options + [app],
      environment: environment,
      directory: folder,
      timeout: 60
    )
  }

  /// Deploys the app; the output goes to the file `log`.
  func start(_ options: [String] = []) throws -> Process {
    let log = folder + "/log"
    try write("", to: log)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.tool)
    process.arguments = ["--buildpack", buildpack] + options + [app]
    process.environment = environment
    process.standardOutput = FileHandle(forWritingAtPath: log)
    process.standardError = process.standardOutput
    try process.run()
    return process
  }

  /// Waits until the condition holds; false after ten seconds.
  func eventually(_ condition: () -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: 10)
    while !condition() {
      if Date() > deadline { return false }
      usleep(20_000)
    }
    return true
  }
}
