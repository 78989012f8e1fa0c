/// One run of `bin/compile`: what it was given, and what it has found out so far. A failure keeps what it can of that.
struct Deployment {
  let context: BuildContext
  let log: Log
  let cache: BuildCache
  var toolchain: Toolchain?
  /// Under which circumstances the target directory is filled.
  var key: CacheKey?
  /// Why nothing that was compiled can be used, whatever the circumstances.
  var obstacle: String?
  /// All lock files of the app, its own first.
  var lockFiles: [LockFile] = []
  var messages = CargoMessages()
  /// Vendored crates that differ from those of the last deployment.
  var edited: [String] = []

  init(_ context: BuildContext, _ cache: BuildCache, _ log: Log) {
    self.context = context
    self.cache = cache
    self.log = log
  }
}
