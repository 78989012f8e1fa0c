import Foundation

/// The commit that an app is deployed from.
enum SourceVersion {
  static let unknown = String(repeating: "0", count: 40)

  /// Git's word for it, or zeros where the app's folder is in no repository.
  static func of(_ app: String, environment: [String: String], output: String) -> String {
    let command = ChildCommand(
      words: ["git", "-C", app, "rev-parse", "--verify", "--quiet", "HEAD"],
      environment: environment,
      directory: "/",
      outputFile: output,
      isQuiet: true
    )
    guard (try? ChildProcess.run(command))?.isSuccess == true, let text = try? Files.read(output) else {
      return unknown
    }
    let version = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return version.isEmpty ? unknown : version
  }
}
