import Foundation

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
    "\(path)/\(URL(fileURLWithPath: app).lastPathComponent)-\(Self.digest(of: app))"
  }

  /// FNV-1a, 64 bits: short, and the same in every run.
  private static func digest(of text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
