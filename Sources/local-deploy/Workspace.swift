import Foundation

/// The folders of one deployment, all below one temporary folder that ends with it and that only its user may read.
struct Workspace {
  private let root: String
  let id = UUID().uuidString.lowercased()

  init() throws(Failure) {
    let parent = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    root = "\(parent)/local-deploy-\(id)"
    try Files.createFolder(root + "/build")
    chmod(root, 0o700)
  }

  /// A path that no deployment had before.
  var build: String { "\(root)/build/\(id)" }
  var app: String { root + "/app" }
  var environment: String { root + "/env" }
  var buildpack: String { root + "/buildpack" }
  func output(of phase: String) -> String { "\(root)/\(phase).out" }

  func remove() {
    do throws(Failure) { try Files.remove(root) } catch { Log.warning(error.message) }
  }
}
