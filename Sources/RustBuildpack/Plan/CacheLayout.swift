/// Where our things are in the cache directory, which is shared with other buildpacks: all below `rust/`.
///
/// Beside what is named here stand the archives that `note` names: see `BuildCache`.
package struct CacheLayout: Sendable {
  /// The platform's cache directory.
  package let directory: FilePath

  package init(_ directory: FilePath) { self.directory = directory }

  package var root: FilePath { directory.appending("rust") }
  /// The state of the cache: which archives belong to it, and what they are good for. See `CacheNote`.
  package var note: FilePath { root.appending("cache.json") }
  /// Held by the deployment that uses the cache.
  package var lock: FilePath { root.appending("lock") }
  /// What stands unpacked while a deployment runs, and is gone when it has ended.
  package var work: FilePath { root.appending("work") }
}

/// The folders that cargo, rustup and the app's scripts work in, by paths that are the same on every deployment.
///
/// They are reached through a link, so that neither the build directory's path nor the cache directory's reaches a
/// fingerprint or an artifact. cargo does not resolve it. See `WorkDirectory`.
package struct WorkLayout: Sendable, Equatable {
  /// The link, and where the folder itself stands after a deployment.
  package let link: FilePath

  package init(_ link: FilePath) { self.link = link }

  /// The variable that moves the link, for machines on which the usual place can't be used.
  package static let variable = "RUST_BUILDPACK_LINK"
  static let usualPlace: FilePath = "/tmp/rust-buildpack"

  /// Says that a folder is of our making.
  package var mark: FilePath { link.appending(".rust-buildpack") }
  /// A link to the build directory.
  package var app: FilePath { link.appending("app") }
  /// `RUSTUP_HOME`.
  package var rustup: FilePath { link.appending("rustup") }
  /// `CARGO_HOME`.
  package var cargo: FilePath { link.appending("cargo") }
  /// cargo's target directory.
  package var target: FilePath { link.appending("target") }
  /// The target directories of the app's scripts, each at the path below this that its workspace has in the app.
  package var hooks: FilePath { link.appending("hooks") }
  /// Programs that the app asked for, a folder each: see `ToolInstaller`.
  package var tools: FilePath { link.appending("tools") }
  /// cargo's target directory while such a program is built.
  package var toolsTarget: FilePath { link.appending("tools-target") }
  /// What the shared compile cache needs: sccache's archive, and the compiler's wrapper. See `SharedCache`.
  package var sharedCache: FilePath { link.appending("sccache") }
  /// Content and times of the sources: see `Freshness`.
  package var sources: FilePath { link.appending("sources.record") }
  /// What is being downloaded.
  package var downloads: FilePath { link.appending("downloads") }
}
