// What the tests of the library share: a real folder of one's own, and looking at what is in it.
import Glibc
import Testing

@testable import RustBuildpack

/// A folder for one test, removed with all it holds when the value is no longer used.
final class TemporaryFolder {
  let path: FilePath

  init() throws {
    var template = Array("/tmp/rust-buildpack-tests.XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    path = try #require(FilePath(String(cString: made)).resolved)
  }

  deinit { try? path.removeTree() }

  /// A path in the folder.
  subscript(_ name: String) -> FilePath { path.appending(name) }

  /// Writes a file, making the folders above it, and returns its path.
  @discardableResult
  func write(_ text: String, to name: String, permissions: UInt16 = 0o644) throws -> FilePath {
    let file = path.appending(name)
    try file.parent.makeDirectories()
    try file.write(Array(text.utf8), permissions: permissions)
    return file
  }

  /// Makes a folder and those above it.
  @discardableResult
  func makeFolder(_ name: String) throws -> FilePath {
    try path.appending(name).makeDirectories()
    return path.appending(name)
  }

  /// Makes a link, and the folders above it.
  @discardableResult
  func link(_ name: String, to target: FilePath) throws -> FilePath {
    let link = path.appending(name)
    try link.parent.makeDirectories()
    try link.makeLink(to: target)
    return link
  }

  /// Makes a FIFO.
  @discardableResult
  func fifo(_ name: String) throws -> FilePath {
    let fifo = path.appending(name)
    try #require(fifo.withCString { mkfifo($0, 0o644) } == 0)
    return fifo
  }

  /// Every entry below the folder, sorted: folders end in a slash, links show where they lead.
  func listing(_ name: String = "") throws -> [String] {
    let root = path.appending(name)
    var found: [String] = []
    try root.walk { (entry, status) throws(FileError) in
      let shown = String(entry.description.dropFirst(root.description.count + 1))
      switch status.kind {
      case .directory: found.append(shown + "/")
      case .link: found.append("\(shown) -> \(try entry.linkText())")
      default: found.append(shown)
      }
      return true
    }
    return found.sorted()
  }
}

extension FilePath {
  /// The content as text.
  func text() throws -> String { String(decoding: try contents(), as: UTF8.self) }
}

/// The variables that a small program needs.
let plainEnvironment = Environment(["PATH": Array("/usr/local/bin:/usr/bin:/bin".utf8)])

/// Gives up root's rights, so that a refusal can be provoked: for the body of an exit test only, whose process is its own.
func becomeOrdinaryUser() {
  guard geteuid() == 0 else { return }
  setegid(65534)
  seteuid(65534)
}

/// Whether nobody holds the lock.
func isFree(_ lock: FilePath) throws -> Bool {
  guard let taken = try FileLock(lock, waiting: false) else { return false }
  _ = consume taken
  return true
}

/// The words of the error that `body` ends in, as the log shows them.
func errorText(_ body: () throws(BuildpackError) -> Void) -> String {
  do throws(BuildpackError) {
    try body()
    return "no error"
  } catch {
    return error.words.text
  }
}

/// The text of a recorded output below `Tests/Fixtures/recorded`.
func recorded(_ name: String) throws -> [UInt8] {
  try FilePath(#filePath).parent.parent.appending("Fixtures/recorded").appending(name).contents()
}
