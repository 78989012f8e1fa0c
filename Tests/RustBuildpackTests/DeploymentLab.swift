// A deployment's three directories in a real folder, for the tests of what works in them.
import Testing

@testable import RustBuildpack

/// A build directory, a cache directory and the link's place; the link is not the machine's, so that tests run at once.
struct DeploymentLab {
  let folder: TemporaryFolder
  var build: FilePath { folder["build"] }
  /// Our part of the cache directory.
  var cache: FilePath { folder["cache/rust"] }
  /// Where the work directory is reached.
  var link: FilePath { folder["tmp/link"] }
  var work: WorkLayout { WorkLayout(link) }

  init() throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("build")
    try folder.makeFolder("tmp")
    try folder.write("of another buildpack", to: "cache/node/file")
    try folder.write("outside", to: "outside/file")
  }

  /// `path`: where programs are looked for.
  func context(
    _ variables: [String: String] = [:],
    path: String = "/usr/local/bin:/usr/bin:/bin"
  ) throws -> BuildContext {
    var environment = ["PATH": path, WorkLayout.variable: link.description]
    environment.merge(variables) { $1 }
    return try BuildContext(
      buildDirectory: build,
      cacheDirectory: folder["cache"],
      envDirectory: nil,
      buildpackDirectory: nil,
      process: Environment(environment.mapValues { Array($0.utf8) })
    )
  }

  /// A folder with the named programs alone, for a machine that lacks others.
  func programs(_ names: [String]) throws -> String {
    for name in names {
      let file = try #require(plainEnvironment.executable(named: name)?.resolved)
      try folder.link("programs/\(name)", to: file)
    }
    return folder["programs"].description
  }

  /// Writes a file below the work directory.
  func write(_ text: String, to name: String, permissions: UInt16 = 0o644) throws {
    let file = link.appending(name)
    try file.parent.makeDirectories()
    try file.write(Array(text.utf8), permissions: permissions)
  }

  /// Whether nothing was changed outside of our folders.
  var outsideIsUntouched: Bool {
    get throws {
      try folder["cache/node/file"].text() == "of another buildpack" && folder["outside/file"].text() == "outside"
        && folder.listing("outside") == ["file"]
    }
  }
}
