/// Crates whose programs the app wants at run time: built once, kept in the cache, copied into every deployment.
package struct ToolInstaller {
  private let context: BuildContext
  private let toolchain: Toolchain
  private let cargo: Cargo
  private let log: Log
  private let configuration: CargoConfiguration

  package init(_ context: BuildContext, _ toolchain: Toolchain, _ cargo: Cargo, _ log: Log) {
    self.context = context
    self.toolchain = toolchain
    self.cargo = cargo
    self.log = log
    configuration = CargoConfiguration(context)
  }

  /// A tool that stands in the cache.
  package struct Installed: Sendable {
    package let name: String
    /// Its programs.
    package let programs: [FilePath]
  }

  /// Builds the tools that the cache does not have, and removes those that are no longer asked for.
  package func install(_ request: Sourced<[ToolRequest]>?) throws(BuildpackError) -> [Installed] {
    var installed: [Installed] = []
    var kept: [FilePath] = []
    for tool in request?.value ?? [] {
      let folder = context.work.tools.appending("\(tool.name)-\(identity(tool))")
      kept.append(folder)
      try removeOthers(of: tool, than: folder)
      if let programs = programs(folder) {
        log.detail("Using \(tool.shown) from the cache")
        installed.append(Installed(name: tool.name, programs: programs))
      } else {
        try build(tool, folder, request?.origin ?? "")
        guard let programs = programs(folder) else {
          throw .unexpected("cargo installed \(tool.shown), but there is no program in \"\(folder)\".")
        }
        installed.append(Installed(name: tool.name, programs: programs))
      }
    }
    try guardingFiles { () throws(FileError) in
      for entry in context.work.tools.entries where !kept.contains(entry) {
        if let name = Self.name(of: entry) { log.detail("Removing \(name) from the cache: it is no longer asked for") }
        try entry.removeTree()
      }
      if kept.isEmpty { try context.work.tools.removeTree() }
      try context.work.toolsTarget.removeTree()
    }
    return installed
  }

  /// Makes sure that no program has the name of another tool's, of a binary of the app or of a file in its `bin/`.
  package func check(_ tools: [Installed], _ plan: InstallPlan) throws(BuildpackError) {
    var owners = Dictionary(plan.steps.flatMap { step in step.names.map { ($0, "the package \(step.package.name)") } })
    {
      first,
      _ in first
    }
    for tool in tools {
      for program in tool.programs.map(\.lastComponent) {
        var other = owners[program]
        if other == nil, context.buildDirectory.appending("bin").appending(program).exists { other = "the app itself" }
        if let other { throw .toolInTheWay(program: program, tool: tool.name, other: other) }
        owners[program] = "the tool \(tool.name)"
      }
    }
  }

  /// Removes what the cache has of the same tool in another version or from another compiler.
  private func removeOthers(of tool: ToolRequest, than folder: FilePath) throws(BuildpackError) {
    for entry in context.work.tools.entries where entry != folder && Self.name(of: entry) == tool.name {
      log.detail("Discarding \(tool.name) from the cache: its version, source or features, Rust or the stack changed")
      try guardingFiles { () throws(FileError) in try entry.removeTree() }
    }
  }

  /// The crate of a tool's folder, "NAME-HASH"; nothing for a draft.
  private static func name(of folder: FilePath) -> String? {
    let name = folder.lastComponent
    guard !name.hasSuffix(".draft"), let dash = name.lastIndex(of: "-") else { return nil }
    return String(name[..<dash])
  }

  /// Copies the programs into the app's `bin/`.
  ///
  /// - Throws: when the app has a file of that name.
  package func copy(_ tools: [Installed], into app: FilePath) throws(BuildpackError) -> [InstalledExecutable] {
    let bin = app.appending("bin")
    var copied: [InstalledExecutable] = []
    for tool in tools {
      for program in tool.programs {
        let target = bin.appending(program.lastComponent)
        if target.exists { throw .scriptInTheWay(name: program.lastComponent) }
        let size = try guardingFiles { () throws(FileError) in
          try bin.makeDirectories()
          try program.copy(to: target)
          return try target.status()?.size ?? 0
        }
        copied.append(InstalledExecutable(name: program.lastComponent, size: size))
      }
    }
    return copied
  }

  /// A tool is the same as long as what was asked for, the compiler and the stack are.
  private func identity(_ tool: ToolRequest) -> String {
    let parts = tool.arguments + registryOptions(tool) + [toolchain.identity, context.stack ?? ""]
    return String(SHA256.hash(Array(parts.joined(separator: "\u{0}").utf8)).hex.prefix(16))
  }

  /// What the app's configuration says of a tool's registry, as options: "cargo install" of anything but a path does not
  /// read that file. What a variable says reaches cargo anyway.
  private func registryOptions(_ tool: ToolRequest) -> [String] {
    guard let registry = tool.source["registry"] else { return [] }
    let known = [
      ("registries.\(registry).index", configuration.setting("registries", registry, "index")),
      (
        "registries.\(registry).credential-provider",
        configuration.setting("registries", registry, "credential-provider")
      ),
      (
        "registry.global-credential-providers",
        configuration.setting("registry", "global-credential-providers")
      ),
    ]
    return known.flatMap { key, setting -> [String] in
      guard let setting, !setting.isVariable else { return [] }
      // A text or a list of texts is written in TOML as in JSON.
      return ["--config", "\(key)=\(setting.value.serialized())"]
    }
  }

  /// The programs of an installation; nil when there is none.
  private func programs(_ folder: FilePath) -> [FilePath]? {
    let programs = folder.appending("bin").entries
    return programs.isEmpty ? nil : programs
  }

  private func build(_ tool: ToolRequest, _ folder: FilePath, _ origin: String) throws(BuildpackError) {
    let draft = FilePath("\(folder).draft")
    try guardingFiles { () throws(FileError) in
      try folder.removeTree()
      try draft.removeTree()
      try draft.makeDirectories()
    }
    let arguments =
      ["install", "--locked"] + tool.arguments + registryOptions(tool)
      + ["--root", draft.description, "--target-dir", context.work.toolsTarget.description, "--no-track"]
    let shown = Cargo.shown(arguments)
    log.detail("Running \"\(shown)\"")
    let ended = try cargo.run(
      arguments,
      in: context.cache.root,
      output: log.toolLine
    )
    guard ended.status.isSuccess else {
      try guardingFiles { () throws(FileError) in
        try draft.removeTree()
        try context.work.toolsTarget.removeTree()
      }
      throw .toolFailed(
        tool: tool.shown,
        origin: origin,
        command: shown,
        ending: ended.status.words,
        hint: ended.hint(context)
      )
    }
    try guardingFiles { () throws(FileError) in try draft.rename(to: folder) }
  }
}
