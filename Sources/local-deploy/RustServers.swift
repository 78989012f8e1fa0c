import Foundation
import StandIns

/// Where the build gets Rust from.
enum RustServers {
  private static let addressVariables = ["RUSTUP_DIST_SERVER", "RUSTUP_UPDATE_ROOT"]

  /// To be raised when a mirror that was made before is to be made anew.
  private static let mirrorLayout = 1

  /// The variables that lead rustup to a stand-in for static.rust-lang.org; none where it isn't needed.
  static func variables(environment: [String: String], cache: UserCache) throws(Failure) -> [String: String] {
    guard addressVariables.allSatisfy({ environment[$0] == nil }) else { return [:] }
    guard try !isReachable(environment: environment) else { return [:] }
    Log.detail("static.rust-lang.org cannot be reached from here.")
    let standIn: [String: String]
    do {
      standIn = try standInVariables(below: cache.path + "/rust")
    } catch {
      Log.warning("Nothing can stand in for static.rust-lang.org: \(error)")
      return [:]
    }
    try Signals.wait(seconds: 0)
    return standIn
  }

  private static func isReachable(environment: [String: String]) throws(Failure) -> Bool {
    try ChildProcess.run(
      ChildCommand(
        words: [
          "curl", "--silent", "--connect-timeout", "3", "--max-time", "5", "--output", "/dev/null", "--head",
          "https://static.rust-lang.org/rustup/release-stable.toml",
        ],
        environment: environment,
        directory: "/"
      )
    ).isSuccess
  }

  /// The variables that lead to a mirror of the newest toolchain that rustup has installed here.
  ///
  /// It is made once, beside its final place, so that an interrupted one is never taken for whole.
  private static func standInVariables(below folder: String) throws -> [String: String] {
    let toolchain = try InstalledToolchain.find()
    let name = "\(toolchain.rustcVersion) rustup \(toolchain.rustupVersion) layout \(mirrorLayout)"
      .split { !$0.isLetter && !$0.isNumber && $0 != "." }
      .joined(separator: "-")
    let place = "\(folder)/\(name)"
    Log.detail("In its place: Rust \(toolchain.version) as it is installed on this machine, from \(place)")
    if !FileManager.default.fileExists(atPath: place) {
      let unfinished = "\(place).\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: unfinished) }
      let mirror = try RustMirror(directory: unfinished, rustupFrom: toolchain)
      try mirror.addRelease(from: toolchain, kind: .full)
      try mirror.setChannel("stable", to: toolchain.version)
      if rename(unfinished, place) != 0, !FileManager.default.fileExists(atPath: place) {
        throw CocoaError(.fileWriteUnknown)
      }
    }
    let address = URL(fileURLWithPath: place, isDirectory: false).absoluteString
    return ["RUSTUP_DIST_SERVER": address, "RUSTUP_UPDATE_ROOT": address + "/rustup"]
  }
}
