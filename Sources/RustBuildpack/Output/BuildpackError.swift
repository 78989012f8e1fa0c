/// Everything that can end a deployment, as data; the words are in `BuildpackError+Words.swift`.
///
/// A `hint` is what the tool's own output tells of the cause; without one the words stay general.
package enum BuildpackError: Error, Sendable {
  // The platform, or whoever calls us by hand.
  case usage(String)
  case noBuildDirectory(FilePath)
  case cacheUnusable(FileError)
  case cacheBusy(FilePath, waitedSeconds: Int)
  /// `what` stands where the link to the work directory is to be.
  case linkInTheWay(FilePath, what: String)
  case linkUnusable(FileError)
  case unsupportedMachine(String)

  // The app.
  case noManifest(FilePath)
  case toolchainFile(String, problem: String)
  case toolchainPath(file: String, path: String)
  case toolchainName(String, origin: String)
  case manifestRejected(command: String, ending: String, hint: Hint? = nil)
  case lockFileRejected(command: String, ending: String, hint: Hint? = nil)
  case dependenciesRejected(command: String, ending: String, hint: Hint? = nil)
  /// `known`: packages that have binaries; `leftOut`: binaries that are not built, since features are off.
  case noExecutables(packages: [String], known: [String], leftOut: [String])
  case featuresOff(binary: String, package: String, features: [String], origin: String)
  case pathOutside(manifest: String, dependency: String, path: FilePath)
  case workspaceOutside(manifest: String)
  case rustTooOld(package: String, wanted: String, by: String, version: String, origin: String)
  case sameExecutable(name: String, packages: [String])
  case scriptInTheWay(name: String)
  /// `bin` is no folder of the app's own.
  case binElsewhere(FilePath)
  case toolInTheWay(program: String, tool: String, other: String)
  case unknownName(kind: String, name: String, setting: String, origin: String, known: [String])
  case setting(name: String, origin: String, problem: String, known: [String])

  // A tool.
  case download(url: String, ending: String, lastWords: String, hint: Hint? = nil)
  case checksum(url: String, expected: String, found: String)
  case installerFailed(command: String, ending: String, hint: Hint? = nil)
  case toolchainFailed(toolchain: String, origin: String, command: String, ending: String, hint: Hint? = nil)
  case toolchainBroken(toolchain: String, command: String, ending: String)
  case buildFailed(
    package: String,
    command: String,
    ending: String,
    hint: Hint? = nil,
    circumstances: BuildCircumstances? = nil
  )
  case toolFailed(tool: String, origin: String, command: String, ending: String, hint: Hint? = nil)
  case hookFailed(hook: String, ending: String, hint: Hint? = nil)
  case programMissing(CommandError)

  // Us, or the machine.
  case file(FileError)
  case unexpected(String)
}

extension TerminationStatus {
  /// How it ended, in words: "ended with exit code 101".
  package var words: String {
    switch self {
    case .exited(let code): "ended with exit code \(code)"
    case .signaled(9): "was killed (SIGKILL)"
    case .signaled(let number): "was ended by signal \(number)"
    case .stopped(let seconds): "was stopped, since it had not ended after \(limitText(seconds))"
    }
  }
}
