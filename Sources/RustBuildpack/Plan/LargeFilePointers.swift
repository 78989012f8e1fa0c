/// Files that Git LFS keeps elsewhere: what a deployment has of them are pointers of about 130 bytes.
///
/// Source: git-lfs's specification, `docs/spec.md`: a pointer is a text of less than 1,024 bytes whose first line is
/// `version https://git-lfs.github.com/spec/v1`.
package enum LargeFilePointers {
  private static let start = Array("version https://git-lfs.github.com/spec/v1\n".utf8)
  /// The first line, a digest and a size take no less than this.
  private static let sizes: ClosedRange<Int64> = 120...1_023

  /// The pointers among an app's files, relative to its folder, sorted; links are not followed.
  ///
  /// Only files of a pointer's size are read. At most `limit` are returned, so the rest need not be looked for.
  package static func find(in app: FilePath, limit: Int = 1_000) throws(FileError) -> [String] {
    var found: [String] = []
    try app.walk { (entry, status) throws(FileError) in
      if status.kind == .directory { return found.count < limit && entry.lastComponent != ".git" }
      if found.count < limit, status.kind == .file, sizes.contains(status.size), isPointer(entry) {
        found.append(String(decoding: entry.bytes.dropFirst(app.bytes.count + 1), as: UTF8.self))
      }
      return false
    }
    return found.sorted()
  }

  /// A file that can't be read is none that anything could be said of.
  private static func isPointer(_ file: FilePath) -> Bool {
    guard let content = try? file.contents(limit: Int(sizes.upperBound)) else { return false }
    return content.starts(with: start)
  }

  /// What the log says of such files; nil when there are none.
  package static func warning(_ files: [String]) -> String? {
    guard !files.isEmpty else { return nil }
    let more = files.count > 10 ? ["  … and \(files.count - 10) more"] : []
    return """
      Warning: \(countText(files.count, "file is a Git LFS pointer", "files are Git LFS pointers")), not the real content:

      \((files.prefix(10).map { "  \($0)" } + more).joined(separator: "\n"))

      The platform does not fetch from Git LFS: the app is built and started with these pointers of about 130 bytes.
      Commit the real files (git lfs migrate export --include="…"), or download them in bin/pre_compile.
      """
  }
}
