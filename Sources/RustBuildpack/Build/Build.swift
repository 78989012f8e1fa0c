/// An executable in the build directory's `bin/`.
package struct InstalledExecutable: Sendable {
  package let name: String
  /// Bytes.
  package let size: Int64
}

/// What a build left.
package struct BuildResult: Sendable {
  package let messages: CargoMessages
  package let executables: [InstalledExecutable]
  /// What the build wrote among the sources.
  package let written: [SourceRecord.Written]
  /// Why cargo compiled what it did, where it was asked.
  package let reasons: [String]
}

/// Runs cargo for a plan, and puts the executables into the build directory.
package enum Build {
  /// Builds and installs everything in `plan`; `messages` gets what cargo said, also when it failed.
  ///
  /// `offline`, `explains`: see `Cargo.build`.
  package static func run(
    _ plan: InstallPlan,
    _ cargo: Cargo,
    _ freshness: Freshness,
    in buildDirectory: FilePath,
    offline: Bool,
    explains: Bool,
    messages: inout CargoMessages
  ) throws(BuildpackError) -> BuildResult {
    let reasons = try cargo.build(plan, offline: offline, explains: explains, messages: &messages)
    let written = try guardingFiles { () throws(FileError) in try freshness.written() }
    let bin = buildDirectory.appending("bin")
    var installed: [InstalledExecutable] = []
    for step in plan.steps {
      for executable in messages.executables[step.package.id] ?? [] where step.names.contains(executable.name) {
        let path = bin.appending(executable.name)
        let size = try guardingFiles { () throws(FileError) in
          // "cargo install" has put it there.
          if plan.steps.count > 1 {
            try bin.makeDirectories()
            try executable.path.copy(to: path)
          }
          return try path.status().flatMap { $0.kind == .file ? $0.size : nil }
        }
        guard let size else { throw .unexpected("cargo succeeded, but there is no executable \"\(path)\".") }
        if !installed.contains(where: { $0.name == executable.name }) {
          installed.append(InstalledExecutable(name: executable.name, size: size))
        }
      }
    }
    if installed.isEmpty { throw .unexpected("cargo succeeded, and its messages name no executable.") }
    let result = installed.sorted { $0.name < $1.name }
    return BuildResult(messages: messages, executables: result, written: written, reasons: reasons)
  }
}
