/// A script of the app that runs at a fixed moment of the build: `bin/pre_compile`, `bin/post_compile`.
package enum Hook: String, Sendable {
  /// After the toolchain is there, before the app's manifests are read.
  case beforeBuild = "bin/pre_compile"
  /// After the executables are installed.
  case afterBuild = "bin/post_compile"

  /// Runs the script if the app has it, in the app at its constant path, with the build's variables and its output in
  /// the log. Returns whether there is one.
  ///
  /// It is made executable first, as other buildpacks do for apps whose repository lost the bit.
  /// - Throws: when it fails, which fails the deployment.
  @discardableResult
  package func run(
    _ context: BuildContext,
    _ toolchain: Toolchain,
    _ targets: HookTargets,
    _ log: Log
  ) throws(BuildpackError) -> Bool {
    let script = context.work.app.appending(rawValue)
    guard script.isFile else { return false }
    log.step("Running \(rawValue)")
    // A link may lead to what is not the app's.
    if !script.isExecutable, let file = script.resolved, file.isInside(context.buildDirectory) {
      try guardingFiles { () throws(FileError) in try file.setPermissions(0o755) }
    }
    var environment = Cargo.environment(context, toolchain)
    environment["PWD"] = context.work.app.description
    // Its state is large, and of use only for crates that change.
    if environment["CARGO_INCREMENTAL"] == nil { environment["CARGO_INCREMENTAL"] = "0" }
    var command = Command(script.description, [], environment: environment, directory: context.work.app)
    // A shell would run a script that names no interpreter; the kernel does not.
    if let start = try? script.contents(limit: 1 << 24), !start.starts(with: [0x7F]),
      !start.starts(with: Array("#!".utf8))
    {
      command.program = "bash"
      command.arguments = [script.description]
    }
    let isOld = ManifestCheck.isOlder(toolchain.version, than: "1.63")
    let bin = try guardingFiles { () throws(FileError) in
      try targets.make()
      return try HookCargo.write(context, configuration: isOld ? [] : Cargo.constantPaths(context))
    }
    command.environment.set("PATH", Array("\(bin):".utf8) + (command.environment.values["PATH"] ?? []))
    defer { try? targets.remove() }
    let status: TerminationStatus
    var tail = TailBuffer()
    func pass(_ line: ArraySlice<UInt8>) {
      log.toolLine(line)
      tail.add(line)
    }
    do throws(CommandError) {
      status = try command.run(output: pass, errors: pass)
    } catch {
      throw .hookFailed(
        hook: rawValue,
        ending: "could not be started (\(error.errno)); its first line must name a program that is there, without "
          + "Windows' line ends"
      )
    }
    guard status.isSuccess else {
      let hint = Hint.find(in: tail, app: context.work.app, status: status)
      throw .hookFailed(hook: rawValue, ending: status.words, hint: hint)
    }
    return true
  }
}
