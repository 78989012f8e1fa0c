/// Where our things are in the cache directory, which is shared with other buildpacks: all below `rust/`.
package struct CacheLayout: Sendable {
  /// The platform's cache directory.
  package let directory: FilePath

  package init(_ directory: FilePath) { self.directory = directory }

  package var root: FilePath { directory.appending("rust") }
  /// `RUSTUP_HOME`.
  package var rustup: FilePath { root.appending("rustup") }
  /// `CARGO_HOME`.
  package var cargo: FilePath { root.appending("cargo") }
  /// cargo's target directory.
  package var target: FilePath { root.appending("target") }
  /// Programs that the app asked for, a folder each: see `ToolInstaller`.
  package var tools: FilePath { root.appending("tools") }
  /// cargo's target directory while such a program is built.
  package var toolsTarget: FilePath { root.appending("tools-target") }
  /// Links to the folders of crate sources that the app brings along: see `VendoredSources`.
  package var vendored: FilePath { root.appending("vendored") }
  /// Under which circumstances the target directory was filled: see `CacheKey`.
  package var key: FilePath { root.appending("key.json") }
  /// Content and times of the sources: see `Freshness`.
  package var sources: FilePath { root.appending("sources.record") }
  /// What the last deployment left below `root`: see `CacheInventory`.
  package var inventory: FilePath { root.appending("inventory") }
  /// Held by the deployment that uses the cache.
  package var lock: FilePath { root.appending("lock") }
  /// What the shared compile cache needs: sccache's archive, and the compiler's wrapper. See `SharedCache`.
  package var sharedCache: FilePath { root.appending("sccache") }
  /// What is being downloaded.
  package var downloads: FilePath { root.appending("downloads") }

  /// Everything that may stand below `root`; anything else there is a left-over.
  package var known: [FilePath] {
    [rustup, cargo, target, tools, toolsTarget, vendored, key, sources, inventory, lock, sharedCache, downloads]
  }

  /// Directories in the tools' homes from which the buildpack removes entries, those above before those below.
  package var emptied: [FilePath] {
    ["bin", "registry", "registry/cache", "registry/src", "registry/index", "git", "git/checkouts", "git/db"].map {
      cargo.appending($0)
    } + ["toolchains", "update-hashes", "tmp", "downloads"].map { rustup.appending($0) }
  }
}
