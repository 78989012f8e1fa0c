import Foundation
import Glibc

/// A deployment in the platform's container: all of it is done by a script of the checkout.
struct ContainerDeployment {
  /// Where that script is in the checkout.
  static let script = "Tests/container/run"

  /// The script and its arguments.
  let words: [String]

  init(
    _ arguments: Arguments,
    checkouts: [String] = [FileManager.default.currentDirectoryPath]
      + BuildpackFolder.checkouts(above: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path)
  ) throws(Failure) {
    guard !arguments.clearsCache, arguments.port == nil, arguments.ending != .stopAfterRelease else {
      throw .usage(
        "--container takes neither --clear-cache nor --port nor --no-run: its cache is empty, its port free."
      )
    }
    let scripts = checkouts.map { "\($0)/\(Self.script)" }
    guard let script = scripts.first(where: FileManager.default.isExecutableFile) else {
      throw .files(action: "find", path: Self.script, reason: "no checkout of the buildpack is around")
    }
    var words = [script, "--required", "--app", arguments.app]
    if let buildpack = arguments.buildpack { words += ["--buildpack", buildpack] }
    for (name, value) in try [Variable](arguments.variables).dictionary.sorted(by: { $0.key < $1.key }) {
      words += ["--env", "\(name)=\(value)"]
    }
    self.words = words + [arguments.stack]
  }

  /// Puts the script in this process's place; returns only if that fails.
  func run() throws(Failure) -> Int32 {
    var arguments = words.map { strdup($0) } + [nil]
    execv(words[0], &arguments)
    throw .notStarted(command: words[0], reason: String(cString: strerror(errno)))
  }
}
