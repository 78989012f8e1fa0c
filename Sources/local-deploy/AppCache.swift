import Foundation

/// The cache folder of one app, held by one deployment at a time.
struct AppCache {
  let path: String
  /// Where the buildpack works, at the same path on every deployment of the app.
  let work: String
  private let lock: Int32

  /// Creates the folder if it is missing. The lock stands beside it and ends with this process at the latest.
  init(folder: String) throws(Failure) {
    path = folder + "/cache"
    work = folder + "/work"
    try Files.createFolder(path)
    lock = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else {
      throw .files(action: "open", path: folder + "/lock", reason: String(cString: strerror(errno)))
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw .anotherDeployment(cache: path)
    }
  }

  /// Removes what a deployment left beside the cache, and lets the next one have it.
  func release() {
    try? Files.remove(work)
    close(lock)
  }

  func clear() throws(Failure) {
    try Files.remove(path)
    try Files.createFolder(path)
  }
}
