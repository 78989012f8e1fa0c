import Foundation
import StandIns

/// The command: what was asked for, and the exit code of what came out.
enum LocalDeploy {
  static func run(_ words: [String]) -> Int32 {
    do throws(Failure) {
      switch try Request(words) {
      case .help:
        Log.plain(Request.helpText)
        return 0
      case .standIns(let arguments):
        return runWithStandIns(arguments: arguments)
      case .serve(let arguments):
        return runServing(arguments: arguments)
      case .deploy(let arguments) where arguments.usesContainer:
        return try ContainerDeployment(arguments).run()
      case .deploy(let arguments):
        return try Deployment(arguments).run()
      }
    } catch {
      Log.error(error.message)
      return error.exitCode
    }
  }
}
