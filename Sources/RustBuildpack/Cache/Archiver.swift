/// Makes and opens archives with the stack's own `tar` and `zstd`.
///
/// GNU tar never writes outside the folder that it unpacks into: it refuses names with `..`, takes the slash off absolute
/// ones, and makes links to the outside last. Where there is no zstd, archives are not compressed.
struct Archiver {
  private let environment: Environment
  private let hasZstd: Bool

  init(_ environment: Environment) {
    var environment = environment
    for name in ["TAR_OPTIONS", "ZSTD_CLEVEL", "ZSTD_NBTHREADS", "POSIXLY_CORRECT"] { environment[name] = nil }
    environment["LC_ALL"] = "C"
    self.environment = environment
    hasZstd = environment.executable(named: "zstd") != nil
  }

  /// How names of archives end here.
  var ending: String { hasZstd ? ".tar.zst" : ".tar" }

  /// Whether an archive of this name can be opened here.
  func opens(_ name: String) -> Bool { hasZstd || !name.hasSuffix(".zst") }

  /// Unpacks into a folder, with permissions and times as they were packed.
  func unpacking(_ archive: FilePath, into folder: FilePath) -> Command {
    var arguments = ["--extract", "--file", archive.description]
    if archive.lastComponent.hasSuffix(".zst") { arguments += ["-I", "zstd"] }
    arguments += ["--no-same-owner", "--preserve-permissions"]
    return Command("tar", arguments, environment: environment, directory: folder)
  }

  /// Packs what `list`, a file of paths that end with NUL, names below `folder`; of directories the entry alone, unless
  /// `wholeFolders`.
  ///
  /// `time`: one time for everything, in seconds since 1970; nil for the files' own, to the nanosecond.
  func packing(
    _ list: FilePath,
    in folder: FilePath,
    to archive: FilePath,
    level: Int,
    wholeFolders: Bool,
    time: Int64?
  ) -> Command {
    var arguments = ["--create", "--file", archive.description]
    if hasZstd { arguments += ["-I", "zstd -\(level) -T0 -q"] }
    arguments += ["--format=pax", "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime"]
    arguments += ["--owner=0", "--group=0", "--numeric-owner", "--sort=name"]
    if !wholeFolders { arguments.append("--no-recursion") }
    if let time { arguments.append("--mtime=@\(time)") }
    arguments += ["--null", "--verbatim-files-from", "--files-from", list.description]
    // What is not needed at once leaves the processors to cargo.
    return Command("nice", ["-n", "10", "tar"] + arguments, environment: environment, directory: folder)
  }
}
