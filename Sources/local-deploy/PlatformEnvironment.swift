import Foundation

/// The process environment that the platform gives: little of this machine's, and the app's variables.
enum PlatformEnvironment {
  /// What is passed on from this machine; above all what it takes to reach the network.
  private static let passedOn: Set<String> = [
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
  ]

  /// What the build gets besides: where Rust comes from, and how much the buildpack tells.
  private static let passedToBuild: Set<String> = ["RUSTUP_DIST_SERVER", "RUSTUP_UPDATE_ROOT", "BUILDPACK_DEBUG"]

  /// What of this machine's environment the build gets.
  static func atBuildTime(of machine: [String: String]) -> [String: String] {
    atRunTime(of: machine).merging(machine.filter { passedToBuild.contains($0.key) }) { $1 }
  }

  /// What of this machine's environment every process gets. Rust's own tools leave PATH: the platform has none.
  static func atRunTime(of machine: [String: String]) -> [String: String] {
    var base = machine.filter { passedOn.contains($0.key) }
    let home = machine["HOME"] ?? NSHomeDirectory()
    let cargoHomes = [machine["CARGO_HOME"], home + "/.cargo"].compactMap { $0.map { $0 + "/bin" } }
    base["PATH"] = (machine["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
      .split(separator: ":").map(String.init)
      .filter { !cargoHomes.contains($0) }
      .joined(separator: ":")
    return base
  }
}
