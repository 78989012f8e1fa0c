/// The parts of the cache: each is one archive, which is whole or not used, and is touched only when it changes.
package enum CachePart: String, CaseIterable, Sendable {
  /// rustup and the toolchain, as rustup left them.
  case toolchain
  /// Crates of registries and git repositories that a lock file of the app names.
  case crates
  /// Units of packages that are not the app's own.
  case dependencies
  /// Units of the app's own packages, and the record of the sources that they were made of.
  case own
  /// The target directories of the app's scripts.
  case hooks
  /// Programs that the app asked for, and sccache.
  case tools

  /// For the log, in a list.
  var title: String {
    switch self {
    case .toolchain: "Rust"
    case .crates: "crates"
    case .dependencies: "compiled dependencies"
    case .own: "the app's compiled crates"
    case .hooks: "what the app's scripts compiled"
    case .tools: "tools"
    }
  }

  /// zstd's level: little gain for what changes often, more for what stays.
  var level: Int { self == .toolchain ? 3 : 1 }

  /// What an archive of this part may hold, in the work directory.
  func places(_ work: WorkLayout) -> [FilePath] {
    switch self {
    case .toolchain: [work.rustup, work.cargo.appending("bin")]
    case .crates: [work.cargo.appending("registry"), work.cargo.appending("git")]
    case .dependencies: [work.target]
    case .own: [work.target, work.sources]
    case .hooks: [work.hooks]
    case .tools: [work.tools, work.sharedCache]
    }
  }
}

/// One archive in the cache.
struct CacheArchive: Sendable, Equatable {
  /// Its name, which holds a part of the digest, so that another content has another name.
  let name: String
  /// BLAKE2b of the file, in hexadecimal digits.
  let digest: String
  /// Bytes.
  let size: Int64
  /// What was packed, as a digest of the list of paths: where it is the same and nothing is newer, nothing is packed.
  let list: String
  /// Bytes of the archive when it was first made of an empty folder: see `BuildCache.mayGrow`.
  let firstSize: Int64
}
