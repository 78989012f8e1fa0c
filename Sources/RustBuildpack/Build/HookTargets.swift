/// The target directories of the app's scripts: a link named `target` beside each lock file, as long as a script runs.
///
/// So a script finds what cargo compiles for it where it does on a developer's machine, `target/release/codegen`, and
/// the next deployment has it still. cargo itself is told nothing, and keeps to the rules of the app's configuration.
package struct HookTargets {
  private let context: BuildContext
  /// Folders of workspaces, relative to the build directory.
  private let workspaces: [FilePath]

  /// `lockFiles`: relative to the build directory.
  init(_ context: BuildContext, lockFiles: [FilePath]) {
    self.context = context
    let top = context.relative(context.appDirectory) ?? FilePath("")
    let folders = lockFiles.map { Self.folder($0) } + [top]
    workspaces = Set(folders).sorted()
  }

  private static func folder(_ file: FilePath) -> FilePath {
    FilePath(bytes: file.bytes[..<(file.bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
  }

  /// Where a workspace's target directory is kept.
  private func kept(_ workspace: FilePath) -> FilePath {
    context.work.hooks.appending(bytes: workspace.bytes).appending("target")
  }

  private func link(_ workspace: FilePath) -> FilePath {
    context.buildDirectory.appending(bytes: workspace.bytes).appending("target")
  }

  /// Makes the links where nothing stands in their place, without a trace in the times of the folders around them.
  func make() throws(FileError) {
    for workspace in workspaces where !link(workspace).exists {
      let folder = link(workspace).parent
      guard let before = try folder.status(), folder.isWritable else { continue }
      try kept(workspace).makeDirectories()
      try link(workspace).makeLink(to: kept(workspace))
      try folder.setModified(before.modified)
    }
  }

  /// Removes them.
  func remove() throws(FileError) {
    for workspace in workspaces {
      let link = link(workspace)
      guard try link.status()?.kind == .link, try link.linkText() == kept(workspace) else { continue }
      let before = try link.parent.status()
      try link.removeTree()
      if let before { try link.parent.setModified(before.modified) }
    }
    // A script that compiled nothing leaves empty folders.
    for workspace in workspaces.reversed() where kept(workspace).isRealDirectory && kept(workspace).entries.isEmpty {
      try kept(workspace).removeTree()
    }
  }

  /// The kept target directories, each with the folder of its workspace by the constant path.
  var all: [(target: FilePath, base: FilePath)] {
    workspaces.map { (kept($0), context.work.app.appending(bytes: $0.bytes)) }
  }
}
