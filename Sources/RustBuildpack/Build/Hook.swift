/// A script of the app that runs at a fixed moment of the build: `bin/pre_compile`, `bin/post_compile`.
package enum Hook: String, Sendable {
  /// After the toolchain is there, before the app's manifests are read.
  case beforeBuild = "bin/pre_compile"
  /// After the executables are installed.
  case afterBuild = "bin/post_compile"

  /// Runs the script if the app has it, in the build directory, with the build's variables and its output in the log.
  ///
  /// It is made executable first, as other buildpacks do for apps whose repository lost the bit.
  /// - Throws: when it fails, which fails the deployment.
  package func run(_ context: BuildContext, _ toolchain: Toolchain, _ log: Log) throws(BuildpackError) {
    let script = context.buildDirectory.appending(rawValue)
    guard script.isFile else { return }
    log.step("Running \(rawValue)")
    // A link may lead to what is not the app's.
    if !script.isExecutable, let file = script.resolved, file.isInside(context.buildDirectory) {
      try guardingFiles { () throws(FileError) in try file.setPermissions(0o755) }
    }
    var command = Command(
      script.description,
      [],
      environment: Cargo.environment(context, toolchain),
      directory: context.buildDirectory
    )
    // A shell would run a script that names no interpreter; the kernel does not.
    if let start = try? script.contents(limit: 1 << 24), !start.starts(with: [0x7F]),
      !start.starts(with: Array("#!".utf8))
    {
      command.program = "bash"
      command.arguments = [script.description]
    }
    let status: TerminationStatus
    do throws(CommandError) {
      status = try command.run(output: log.toolLine, errors: log.toolLine)
    } catch {
      throw .hookFailed(
        hook: rawValue,
        ending: "could not be started (\(error.errno)); its first line must name a program that is there, without "
          + "Windows' line ends"
      )
    }
    guard status.isSuccess else { throw .hookFailed(hook: rawValue, ending: status.words) }
  }
}
