import Foundation

/// The three executables of the buildpack, called as the platform calls them.
struct BuildPhases {
  var workspace: Workspace
  var cache: String
  var environment: [String: String]

  func detect() throws(Failure) {
    Log.step("detect")
    let name: String
    do throws(Failure) { name = try output(of: "detect", workspace.build) } catch {
      let printed = (try? Files.read(workspace.output(of: "detect"))) ?? ""
      if case .phase = error, !printed.isEmpty {
        Log.warning("detect refused and yet printed on its standard output: some platforms take that as accepted.")
      }
      throw error
    }
    guard !name.isEmpty else { throw .silentDetect }
    Log.detail("Detected: \(name)")
  }

  func compile() throws(Failure) {
    Log.step("compile")
    let start = Date()
    try run("compile", workspace.build, cache, workspace.environment)
    Log.detail("compile took \(String(format: "%.1f", Date().timeIntervalSince(start))) s")
  }

  func release() throws(Failure) -> ReleaseDocument {
    Log.step("release")
    let document = try ReleaseDocument(parsing: try output(of: "release", workspace.build))
    Log.detail("Add-ons: \(list(document.addons))")
    Log.detail("Config vars: \(list(document.configVars.keys.sorted()))")
    for (type, command) in document.processTypes.sorted(by: { $0.key < $1.key }) {
      Log.detail("Default process type: \(type): \(command)")
    }
    return document
  }

  private func list(_ words: [String]) -> String {
    words.isEmpty ? "none" : words.joined(separator: ", ")
  }

  /// What the phase prints on its standard output, without the blanks around it.
  private func output(of phase: String, _ arguments: String...) throws(Failure) -> String {
    let file = workspace.output(of: phase)
    try run(phase, arguments: arguments, outputFile: file)
    return try Files.read(file).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func run(_ phase: String, _ arguments: String...) throws(Failure) {
    try run(phase, arguments: arguments, outputFile: nil)
  }

  private func run(_ phase: String, arguments: [String], outputFile: String?) throws(Failure) {
    let status = try ChildProcess.run(
      ChildCommand(
        words: ["\(workspace.buildpack)/bin/\(phase)"] + arguments,
        environment: environment,
        directory: workspace.build,
        outputFile: outputFile
      )
    )
    guard status.isSuccess else { throw .phase(name: phase, status: status) }
  }
}
