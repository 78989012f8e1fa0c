import Foundation
import Glibc
import StandIns
import Testing

/// What users set as BUILDPACK_URL, brought to the machine as the platform does it.
@Suite struct ShippingTests {
  @Test(arguments: Delivery.allCases)
  func theExecutablesArriveAndRun(way: Delivery) throws {
    guard let source = try BuildpackSource() else { return }
    defer { source.remove() }
    let buildpack = try source.deliver(way)

    let names = try FileManager.default.contentsOfDirectory(atPath: buildpack + "/bin").sorted()
    #expect(names == BuildpackSource.executables)
    for name in names {
      let path = "\(buildpack)/bin/\(name)"
      let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(permissions.map { $0 & 0o111 } == 0o111, "\(name) can be executed by everybody")
      let original = "\(BuildpackSource.checkout)/bin/\(name)"
      #expect(FileManager.default.contentsEqual(atPath: path, andPath: original), "\(name) is the same, byte for byte")
    }
    let readme = FileManager.default.fileExists(atPath: buildpack + "/README.md")
    #expect(readme == ![.clone, .shallowClone].contains(way), "a branch and a tag are what was asked for")

    for user in try users(source) {
      let app = source.folder + "/app"
      try FileManager.default.createDirectory(atPath: app, withIntermediateDirectories: true)
      try "[package]\n".write(toFile: app + "/Cargo.toml", atomically: true, encoding: .utf8)
      let version = try run([buildpack + "/bin/compile", "--version"], as: user)
      #expect(version.status == 0 && version.output.hasPrefix("rust-buildpack "), "\(user.name): \(version.errors)")
      let detect = try run([buildpack + "/bin/detect", app], as: user)
      #expect(detect.status == 0 && detect.output == "Rust\n", "\(user.name): \(detect.errors)")
      let refusal = try run([buildpack + "/bin/detect", source.folder], as: user)
      #expect(refusal.status == 1 && refusal.output.isEmpty && refusal.errors.contains("Cargo.toml"), "\(user.name)")
      let release = try run([buildpack + "/bin/release", app], as: user)
      #expect(release.status == 0 && release.output.hasPrefix("addons:\n"), "\(user.name): \(release.errors)")
    }
  }

  /// Every way of delivery by every user, from a folder that has nothing to do with it. The cache is the user's own, as
  /// between deployments of one app.
  @Test(.needsStandIns) func anAppIsDeployedWithWhatArrives() throws {
    guard let source = try BuildpackSource() else { return }
    defer { source.remove() }
    // The thin toolchain runs this user's own, which an ordinary user may not be allowed to read.
    let rust = try Rust.own(kind: .full, cache: builtProducts + "/stand-in-cache")
    defer { rust.server.stop() }
    let platform = try Platform(rust: rust)
    for (number, user) in try users(source).enumerated() {
      let (cache, env) = ("\(source.folder)/cache-\(number)", "\(source.folder)/env-\(number)")
      let place = "\(source.folder)/place-\(number)"
      for folder in [cache, env, place] { try makeFolder(folder) }
      for way in Delivery.allCases {
        let name = "\(way) as \(user.name)"
        let buildpack = try source.deliver(way, to: "\(way)-\(number)")
        let build = "\(source.folder)/build-\(number)-\(way)"
        try App.package(printing: name).write(to: build, times: .now)
        if let id = user.id {
          try shell("id=$1; shift; chown -R \"$id:$id\" \"$@\"", id, cache, env, place, build, buildpack)
        }
        var environment = platform.environment(home: build)
        environment["RUST_BUILDPACK_LINK"] = "\(place)/work"
        func run(_ phase: String, _ arguments: String...) throws -> ToolRun {
          let command = user.prefix + ["\(buildpack)/bin/\(phase)"] + arguments
          return try ToolRun(command, environment: environment, directory: "/", timeout: 300)
        }
        #expect(try run("detect", build).output == "Rust\n", "\(name)")
        let compile = try run("compile", build, cache, env)
        let log = compile.output + compile.errors
        #expect(compile.status == 0 && log.contains("-----> Rust buildpack "), "\(name): \(log)")
        #expect(try run("release", build).output.contains("web: /app/bin/hello"), "\(name)")
        let hello = try ToolRun([build + "/bin/hello"], environment: [:], directory: "/", timeout: 20)
        #expect(hello.output == "\(name)\n", "\(hello.errors)")
        #expect(FileManager.default.fileExists(atPath: buildpack + "/export"), "later buildpacks find cargo")
      }
    }
  }

  /// Two folders and two users, whose files begin with other rights and times.
  @Test func theArchiveIsTheSameForEveryUserInEveryFolder() throws {
    guard let source = try BuildpackSource() else { return }
    defer { source.remove() }
    var archives: [Data] = []
    for (number, user) in try users(source).enumerated() {
      let checkout = "\(source.folder)/checkout-\(number)"
      try shell(
        "mkdir -m 755 \"$2\"; cd \"$1\"; cp -R release.sh bin Sources LICENSE README.md CHANGELOG.md \"$2\"; "
          + "chmod -R go-rwx,u+rwX \"$2\"; [ -z \"$3\" ] || chown -R \"$3:$3\" \"$2\"",
        BuildpackSource.checkout,
        checkout,
        user.id ?? ""
      )
      let pack = try run(["\(checkout)/release.sh", "--pack", "\(checkout)/dist"], as: user)
      try #require(pack.status == 0, "\(user.name): \(pack.errors)")
      let name = try FileManager.default.contentsOfDirectory(atPath: checkout + "/dist").first { $0.hasSuffix(".tgz") }
      archives.append(try Data(contentsOf: URL(fileURLWithPath: "\(checkout)/dist/\(try #require(name))")))
    }
    let own = try source.pack(into: source.folder + "/own")
    archives.append(try Data(contentsOf: URL(fileURLWithPath: "\(source.folder)/own/\(own)")))
    #expect(Set(archives).count == 1, "\(archives.count) archives")
  }

  @Test func theArchiveHoldsWhatItMustAndIsReproducible() throws {
    guard let source = try BuildpackSource() else { return }
    defer { source.remove() }
    let (first, second) = (source.folder + "/first", source.folder + "/second")
    let name = try source.pack(into: first)
    usleep(1_100_000)
    #expect(try source.pack(into: second) == name)
    #expect(FileManager.default.contentsEqual(atPath: "\(first)/\(name)", andPath: "\(second)/\(name)"))

    let listing = try ToolRun(["tar", "--numeric-owner", "-tvzf", "\(first)/\(name)"])
    let rows = listing.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(
      rows.map { "\($0[0]) \($0[1]) \($0[5])" } == [
        "-rw-r--r-- 0/0 CHANGELOG.md", "-rw-r--r-- 0/0 LICENSE", "-rw-r--r-- 0/0 README.md", "-rw-r--r-- 0/0 VERSION",
        "drwxr-xr-x 0/0 bin/", "-rwxr-xr-x 0/0 bin/compile", "-rwxr-xr-x 0/0 bin/detect",
        "-rwxr-xr-x 0/0 bin/release",
      ]
    )
    let check = try ToolRun(["sha256sum", "--check", "\(name).sha256"], directory: first)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
  }

  @Test func theExecutablesAreStaticAndTellTheirVersion() throws {
    guard let source = try BuildpackSource() else { return }
    defer { source.remove() }
    for name in BuildpackSource.executables {
      let path = "\(BuildpackSource.checkout)/bin/\(name)"
      let headers = try ToolRun(["readelf", "--wide", "--program-headers", path])
      #expect(headers.status == 0 && headers.output.contains("LOAD"))
      #expect(!headers.output.contains("INTERP") && !headers.output.contains("DYNAMIC"), "\(name)")
      let version = try ToolRun([path, "--version"], environment: [:], directory: "/")
      #expect(version.status == 0 && version.errors.isEmpty)
      #expect(version.output.wholeMatch(of: /rust-buildpack [0-9]+\.[0-9]+\.[0-9]+\n/) != nil, "\(version.output)")
    }
  }

  /// A user that the platform may run a build as.
  private struct User {
    let name: String
    let prefix: [String]
    /// The number, where files must become the user's first.
    let id: String?
  }

  private func users(_ source: BuildpackSource) throws -> [User] {
    let current = User(name: "this user", prefix: [], id: nil)
    guard getuid() == 0 else { return [current] }
    let ordinary = User(
      name: "an ordinary user",
      prefix: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"],
      id: "65534"
    )
    guard try run(["true"], as: ordinary).status == 0 else {
      print("SKIPPED: deliveries as an ordinary user: this machine does not let root become one")
      return [current]
    }
    return [current, ordinary]
  }

  /// Runs a command from a folder that has nothing to do with it.
  private func run(_ command: [String], as user: User) throws -> ToolRun {
    try ToolRun(
      user.prefix + command,
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
      directory: "/",
      timeout: 30
    )
  }
}
