/// What must not stay in cargo's home from one deployment to the next: logins and settings that a hook or a command of
/// the app left there.
///
/// They are secrets, or would steer a later build whose sources know nothing of them.
package enum CargoHome {
  private static let names = ["credentials", "credentials.toml", "config", "config.toml"]

  /// Removes them; what can't be removed is told in the log.
  package static func forgetSettings(_ layout: CacheLayout, _ log: Log) {
    for name in names {
      let file = layout.cargo.appending(name)
      guard file.exists else { continue }
      do throws(FileError) {
        try file.removeTree()
        log.debug("Removed \(name) from cargo's home")
      } catch {
        log.warning("Warning: The build cache may hold a secret: the buildpack \(error).")
      }
    }
  }
}
