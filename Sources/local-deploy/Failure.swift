/// Why a local deployment ends, as data; the words stand below.
enum Failure: Error, Equatable {
  case usage(String)
  case appMissing(path: String)
  case buildpackMissing(searched: [String])
  case buildpackIncomplete(folder: String, missing: [String])
  case environmentFile(path: String, line: Int)
  case files(action: String, path: String, reason: String)
  case anotherDeployment(cache: String)
  case notStarted(command: String, reason: String)
  case phase(name: String, status: TerminationStatus)
  case silentDetect
  case releaseDocument(line: Int)
  case noWebProcess
  case portTaken(UInt16)
  case webEnded(TerminationStatus)
  case notListening(port: UInt16, seconds: Int)
  case noAnswer(reason: String)
  case serverError(statusLine: String)
  case loopbackOnly(port: UInt16)
  case interrupted(signal: Int32)

  var exitCode: Int32 {
    switch self {
    case .usage, .environmentFile: 2
    case .phase(_, let status), .webEnded(let status): status.isSuccess ? 1 : status.code
    case .interrupted(let signal): 128 + signal
    case .appMissing, .buildpackMissing, .buildpackIncomplete, .files, .anotherDeployment, .notStarted, .silentDetect,
      .releaseDocument, .noWebProcess, .portTaken, .notListening, .noAnswer, .serverError,
      .loopbackOnly:
      1
    }
  }

  var message: String {
    switch self {
    case .usage(let problem):
      "\(problem)\nSee local-deploy --help."
    case .appMissing(let path):
      "There is no folder \"\(path)\" to deploy."
    case .buildpackMissing(let searched):
      """
      The buildpack's executables are not built yet: no bin/ with detect, compile and release in
      \(searched.joined(separator: "\n"))
      Run ./release.sh --bin at the top of the checkout, or name a buildpack with --buildpack DIR.
      """
    case .buildpackIncomplete(let folder, let missing):
      """
      The buildpack in "\(folder)" lacks \(missing.map { "bin/\($0)" }.joined(separator: ", ")) as executable files.
      In a checkout, ./release.sh --bin builds them.
      """
    case .environmentFile(let path, let line):
      "Line \(line) of \"\(path)\" is not NAME=VALUE, with a name of letters, digits and _ (values are not shown here)."
    case .files(let action, let path, let reason):
      "Cannot \(action) \"\(path)\": \(reason)"
    case .anotherDeployment(let cache):
      "Another deployment of this app is using its cache, \"\(cache)\". Wait for it to end, or stop it."
    case .notStarted(let command, let reason):
      "Cannot start \"\(command)\": \(reason)"
    case .phase(let name, let status):
      "The phase \(name) failed: it \(status.words)."
    case .silentDetect:
      "The phase detect ended with 0 but printed no name: the platform takes that as a refusal."
    case .releaseDocument(let line):
      "The phase release printed something else than a YAML map of addons, config_vars, default_process_types: line \(line)."
    case .noWebProcess:
      """
      There is no web process to start: the app has no "web:" line in a Procfile, and release proposed none.
      Add a Procfile with such a line (web: NAME-OF-THE-EXECUTABLE), or stop after release with --no-run.
      """
    case .portTaken(let port):
      "Port \(port) is in use on this machine. Leave out --port for a free one."
    case .webEnded(let status):
      """
      The web process ended by itself: it \(status.words).
      If it misses a variable that the app has on the platform, add it: --env NAME=VALUE, or --env-file FILE for several.
      """
    case .notListening(let port, let seconds):
      """
      The web process did not accept connections on port \(port) within \(seconds) seconds; the platform stops it then.
      It must listen on 0.0.0.0 and on the port that the variable PORT names.
      """
    case .noAnswer(let reason):
      "The web process gave no HTTP answer: \(reason)."
    case .serverError(let statusLine):
      "The web process answered with an error: \(statusLine)"
    case .loopbackOnly(let port):
      """
      The web process listens on 127.0.0.1 only: the platform can't reach it there, and stops it after 60 seconds.
      It must listen on 0.0.0.0:\(port), the port that the variable PORT names.
      """
    case .interrupted(let signal):
      "Stopped by signal \(signal)."
    }
  }
}
