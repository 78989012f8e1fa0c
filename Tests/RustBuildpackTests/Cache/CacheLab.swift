// A cache that deployments fill, break and use again. Opening one is this process's alone: for exit tests.
import Testing

@testable import RustBuildpack

struct CacheLab {
  let lab: DeploymentLab
  let log = Log(colored: false)

  init() throws { lab = try DeploymentLab() }

  /// What the state of a success consists of: a file for each part, below the work directory.
  static let files: [CachePart: String] = [
    .toolchain: "rustup/toolchains/stable/bin/rustc", .crates: "cargo/registry/cache/i/serde-1.0.0.crate",
    .dependencies: "target/release/deps/libserde-00000000000000aa.rlib",
    .own: "target/release/deps/app-00000000000000bb", .hooks: "hooks/target/release/gen", .tools: "tools/t/bin/t",
  ]

  static func key(_ version: String = "1.95.0", profile: String? = "release") -> CacheKey {
    CacheKey(
      stack: nil,
      link: "/link",
      toolchain: Toolchain(channel: "stable", version: version, identity: version),
      profile: profile,
      environment: Environment()
    )
  }

  /// Opens the cache, lets `body` work, and closes it.
  @discardableResult
  func deploy<Value>(
    _ context: BuildContext? = nil,
    parts: [CachePart] = CachePart.allCases,
    _ body: (BuildCache) throws -> Value
  ) throws -> Value {
    let cache = try BuildCache.open(context ?? lab.context(), log, parts: parts)
    defer { cache.close() }
    return try body(cache)
  }

  func selection(_ part: CachePart, hasNew: Bool = true) -> BuildCache.Selection {
    let file = FilePath(Self.files[part] ?? "")
    return switch part {
    case .toolchain: BuildCache.Selection(paths: ["rustup"], wholeFolders: true, hasNew: hasNew)
    case .hooks: BuildCache.Selection(paths: ["hooks"], wholeFolders: true, hasNew: hasNew)
    case .crates: BuildCache.Selection(paths: [file], wholeFolders: true, hasNew: hasNew, time: 1)
    default: BuildCache.Selection(paths: [file], hasNew: hasNew)
    }
  }

  /// Leaves a state with all parts, the content of each file being its part's name.
  func fill(_ context: BuildContext? = nil, parts: [CachePart] = CachePart.allCases) throws {
    try deploy(context) { cache in
      for part in parts {
        try lab.write(part.rawValue, to: Self.files[part] ?? "")
        try cache.pack(part, selection(part))
      }
      try cache.commit(on: .usable) { note in
        note.deployments += 1
        note.key = Self.key()
      }
    }
  }

  /// The parts that a deployment can use, whole.
  func restored(_ context: BuildContext? = nil) throws -> [CachePart] {
    try deploy(context) { try restored($0) }
  }

  func restored(_ cache: BuildCache) throws -> [CachePart] {
    try CachePart.allCases.filter { part in
      let file = lab.link.appending(Self.files[part] ?? "")
      let has = try cache.has(part)
      #expect(file.isFile == has, "\(part): nothing is left of what is not used")
      if has { #expect(try file.text() == part.rawValue) }
      return has
    }
  }

  var note: CacheNote? { (try? lab.cache.appending("cache.json").contents()).flatMap { CacheNote($0) } }

  func archive(_ part: CachePart) throws -> FilePath {
    lab.cache.appending(try #require(note?.archives[part]).name)
  }

  /// Names in our folder, digests cut out.
  func listing() throws -> [String] {
    try lab.folder.listing("cache/rust").map { $0.replacing(/-[0-9a-f]{16}/, with: "-…") }
  }

  /// Runs a script of the shell in the lab's folder.
  func shell(_ script: String) throws {
    let command = Command("sh", ["-ec", script], environment: plainEnvironment, directory: lab.folder.path)
    let (status, _, errors) = try command.capture()
    try #require(status.isSuccess, "\(errors)")
  }
}
