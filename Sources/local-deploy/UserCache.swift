import Foundation
import RustBuildpack

/// The folder below the user's cache folder that is this tool's.
struct UserCache: Equatable {
  var path: String

  init(environment: [String: String]) {
    let root: String
    if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
      root = folder
    } else {
      root = (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
    }
    path = root + "/rust-buildpack/local-deploy"
  }

  /// What is kept for one app: the same for the same folder, whatever else has its name.
  func folder(ofApp app: String) -> String {
    let digest = SHA256.hash(Array(app.utf8)).description.prefix(16)
    return "\(path)/\(URL(fileURLWithPath: app).lastPathComponent)-\(digest)"
  }
}
