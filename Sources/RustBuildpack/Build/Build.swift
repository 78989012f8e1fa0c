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
}

/// Runs the steps of a plan, one "cargo install" after the other over one target directory.
package enum Build {
  /// Builds and installs everything in `plan`.
  ///
  /// `offline`: see `Cargo.install`. `betweenSteps` is called before every step but the first.
  package static func run(
    _ plan: InstallPlan,
    _ cargo: Cargo,
    in buildDirectory: FilePath,
    offline: Bool,
    betweenSteps: () throws(FileError) -> Void
  ) throws(BuildpackError) -> BuildResult {
    var messages = CargoMessages()
    let bin = buildDirectory.appending("bin")
    let before = try guardingFiles { () throws(FileError) in
      (root: try buildDirectory.status()?.modified, bin: try bin.status()?.modified)
    }
    for (index, step) in plan.steps.enumerated() {
      if index > 0 {
        try hideExecutables(bin, of: messages, buildDirectory, before)
        try guardingFiles(betweenSteps)
      }
      try cargo.install(step, plan, offline: offline, messages: &messages)
    }
    var installed: [InstalledExecutable] = []
    for step in plan.steps {
      for executable in messages.executables[step.package.id] ?? [] {
        let path = bin.appending(executable.name)
        let found = try guardingFiles { () throws(FileError) in try path.status() }
        guard let found, found.kind == .file else {
          throw .unexpected("cargo succeeded, but there is no executable \"\(path)\".")
        }
        try guardingFiles { () throws(FileError) in try path.setModified(Clock.now) }
        if !installed.contains(where: { $0.name == executable.name }) {
          installed.append(InstalledExecutable(name: executable.name, size: found.size))
        }
      }
    }
    if installed.isEmpty { throw .unexpected("cargo succeeded, and its messages name no executable.") }
    return BuildResult(messages: messages, executables: installed.sorted { $0.name < $1.name })
  }

  /// What one step installs must not look like a changed source to the next: a build script that watches its whole
  /// package, or the top folder, would run again on every deployment. The next deployment will not find these files.
  private static func hideExecutables(
    _ bin: FilePath,
    of messages: CargoMessages,
    _ buildDirectory: FilePath,
    _ before: (root: Timestamp?, bin: Timestamp?)
  ) throws(BuildpackError) {
    let longAgo = Timestamp(seconds: 1)
    try guardingFiles { () throws(FileError) in
      for executable in messages.executables.values.joined() {
        let path = bin.appending(executable.name)
        if path.exists { try path.setModified(longAgo) }
      }
      if bin.exists { try bin.setModified(before.bin ?? longAgo) }
      if let time = before.root { try buildDirectory.setModified(time) }
    }
  }
}
