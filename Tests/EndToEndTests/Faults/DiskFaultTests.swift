import Foundation
import Glibc
import StandIns
import Testing

/// Disks that are full, have no inodes left or can't be written: a clear error, and once there is room the next
/// deployment succeeds.
@Suite(.needsStandIns, .serialized) struct DiskFaultTests {
  /// Whether this process may mount file systems.
  private static let canMount: Bool = {
    guard let folder = try? temporaryFolder("mount") else { return false }
    defer { rmdir(folder) }
    guard (try? shell("mount -t tmpfs -o size=1m tmpfs \"$1\" && umount \"$1\"", folder)) != nil else {
      print("SKIPPED: full and read-only disks: this process may not mount file systems")
      return false
    }
    return true
  }()

  @Test(.enabled(if: DiskFaultTests.canMount, "this process may not mount file systems"))
  func theCacheDirectory() throws {
    let platform = try Platform()
    // The app is 1, rustup 20 MB large, and half of that when it is packed.
    let sizes = [1, 4, 12, 20, 22, 24, 26, 28, 30, 32, 34, 36].map { ("size=\($0)m", "size=1g") }
    let inodes = [4, 10, 20, 40, 60, 80, 100].map { ("nr_inodes=\($0)", "nr_inodes=100000") }
    try attempt(platform, platform.cache, sizes + inodes + [("ro", "rw")], "CACHE_DIR") {}
  }

  /// A script after the build fills the disk, so that the archives find no room.
  @Test(.enabled(if: DiskFaultTests.canMount, "this process may not mount file systems"))
  func whilePacking() throws {
    let platform = try Platform.installed()
    let cache = platform.folder + "/kept"
    try shell("mv \"$1\" \"$2\"; mkdir \"$1\"; mount -t tmpfs -o size=200m tmpfs \"$1\"", platform.cache, cache)
    defer { _ = try? shell("umount -l \"$1\"", platform.cache) }
    try shell("cp -a \"$2/.\" \"$1\"", platform.cache, cache)
    Faults.attempt("Disk", "CACHE_DIR: full while packing") {
      if let trouble = try platform.deploy(.package(printing: "first")).trouble(printing: "first") { return trouble }
      let before = try SealedCache(platform.rustCache)
      let full = "cat /dev/zero >\(platform.cache)/full 2>/dev/null || :\n"
      let met = try platform.deploy(App.package(printing: "second").with(["bin/post_compile": full]))
      if let trouble = met.trouble(printing: "second") { return trouble }
      let words = " !     Warning: The build cache could not be saved: "
      if !met.log.contains(words) || !met.log.contains("No space left") { return "no warning: \(met.log)" }
      let after = try SealedCache(platform.rustCache)
      if after.trouble != nil || after != before { return "the last state was not kept: \(met.log)" }
      let strays = try strayNames(in: platform.rustCache)
      if !strays.isEmpty { return "the cache holds \(strays)" }
      try FileManager.default.removeItem(atPath: platform.cache + "/full")
      let same = try platform.deploy(.package(printing: "first"))
      if !same.compiled.isEmpty { return "compiled: \(same.log)" }
      return try platform.deploy(.package(printing: "second")).trouble(printing: "second")
    }
  }

  @Test(.enabled(if: DiskFaultTests.canMount, "this process may not mount file systems"))
  func theBuildDirectory() throws {
    let platform = try Platform.installed()
    let sizes = [16, 200, 400].map { ("size=\($0)k", "size=1g") }
    let inodes = [12, 14, 16].map { ("nr_inodes=\($0)", "nr_inodes=100000") }
    let configure = {
      guard let rust = platform.rust else { return }
      try CrateRegistry.configure(platform.builds, url: rust.server.url)
    }
    try attempt(platform, platform.builds, sizes + inodes, "BUILD_DIR", configure)
    Faults.attempt("Disk", "BUILD_DIR: ro") {
      let met = try platform.deploy(.package(printing: "read-only")) { build in
        try shell("mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"", build)
      }
      try shell("umount -l \"$1\"", met.directory)
      let words = "The buildpack couldn't write to \(met.directory): Read-only file system"
      if met.exitCode != 1 || !met.log.contains(words) { return "exit \(met.exitCode): \(met.log)" }
      return try platform.deploy(.package(printing: "writable")).trouble(printing: "writable")
    }
  }

  @Test(.enabled(if: DiskFaultTests.canMount, "this process may not mount file systems"))
  func theEnvDirectory() throws {
    let platform = try Platform.installed()
    let app = App.package().with(["src/main.rs": "fn main() { println!(\"{}\", env!(\"GREETING\")); }\n"])
    Faults.attempt("Disk", "ENV_DIR: ro") {
      try Data("from a read-only disk".utf8).write(to: URL(fileURLWithPath: platform.env + "/GREETING"))
      try shell("mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"", platform.env)
      defer { _ = try? shell("umount -l \"$1\"", platform.env) }
      return try platform.deploy(app).trouble(printing: "from a read-only disk")
    }
  }

  /// Mounts a small disk in the place of a folder, deploys, makes room, and deploys again.
  private func attempt(
    _ platform: Platform,
    _ folder: String,
    _ limits: [(tight: String, wide: String)],
    _ name: String,
    _ prepare: () throws -> Void
  ) throws {
    var number = 0
    for (tight, wide) in Faults.cut(limits, to: 4, name) {
      number += 1
      let text = "\(name) \(number)"
      Faults.attempt("Disk", "\(name): \(tight)") {
        let first = tight == "ro" ? "size=1g" : tight
        try shell("mount -t tmpfs -o \"$1\" tmpfs \"$2\"", first, folder)
        defer { _ = try? shell("umount -l \"$1\"", folder) }
        try prepare()
        if tight == "ro" { try shell("mount -o remount,ro \"$1\"", folder) }
        do {
          let met = try platform.deploy(.package(printing: text))
          if met.exitCode == 0, let trouble = met.trouble(printing: text) { return trouble }
          if met.exitCode != 0, met.exitCode != 1 || !met.log.contains("\n !     ") { return met.log }
          if let trouble = try SealedCache(platform.rustCache).trouble { return "\(trouble): \(met.log)" }
        } catch is CocoaError {
          // The app itself does not fit: nothing was deployed.
        }
        try shell("mount -o \"remount,$1\" \"$2\"", wide, folder)
        return try platform.deploy(.package(printing: text)).trouble(printing: text)
      }
    }
  }
}
