import Foundation

/// The sources of an app that is to be deployed.
struct App: ExpressibleByDictionaryLiteral {
  /// The times that the platform gives all files and folders of a deployment.
  enum Times {
    /// The moment of the deployment, as a copy has it.
    case now
    /// A fixed moment: a commit's, or one long ago or far ahead.
    case at(Int)

    static let y1980 = Times.at(315_532_800)
    static let future = Times.at(4_102_444_800)
  }

  /// Content by path; what is in `folder` as well is replaced.
  var files: [String: String]
  /// Paths that get the executable bit.
  var executables: Set<String> = []
  /// A folder that is copied first, without `.git` and `target`.
  var folder: String?

  init(_ files: [String: String], executables: Set<String> = []) {
    self.files = files
    self.executables = executables
  }

  init(dictionaryLiteral elements: (String, String)...) {
    files = Dictionary(elements) { $1 }
  }

  /// A folder of the repository, such as `Examples/hello-web`.
  init(repository path: String) {
    files = [:]
    folder = repositoryFolder + "/" + path
  }

  /// A package without dependencies, with one binary of its own name that prints `text`, and its lock file.
  static func package(_ name: String = "hello", printing text: String = "hello", manifest: String = "") -> App {
    [
      "Cargo.toml": "[package]\nname = \"\(name)\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\(manifest)",
      "Cargo.lock": lockFile([name]),
      "src/main.rs": "fn main() { println!(\"\(text)\"); }\n",
    ]
  }

  /// The lock file of packages that depend on nothing.
  static func lockFile(_ names: [String]) -> String {
    "version = 4\n" + names.sorted().map { "\n[[package]]\nname = \"\($0)\"\nversion = \"0.1.0\"\n" }.joined()
  }

  subscript(path: String) -> String? {
    get { files[path] }
    set { files[path] = newValue }
  }

  /// The same app with other files replaced or added.
  func with(_ changes: [String: String]) -> App {
    var app = self
    app.files.merge(changes) { $1 }
    return app
  }

  /// The same app without some files.
  func without(_ paths: String...) -> App {
    var app = self
    for path in paths { app.files[path] = nil }
    return app
  }

  /// Writes the app into a folder, with the same time for everything.
  func write(to directory: String, times: Times) throws {
    let manager = FileManager.default
    try manager.createDirectory(atPath: directory, withIntermediateDirectories: true)
    if let folder {
      for name in try manager.contentsOfDirectory(atPath: folder) where name != ".git" && name != "target" {
        try manager.copyItem(atPath: "\(folder)/\(name)", toPath: "\(directory)/\(name)")
      }
    }
    for (path, text) in files {
      let url = URL(fileURLWithPath: "\(directory)/\(path)")
      try manager.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      if executables.contains(path) { try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path) }
    }
    try setTimes(below: directory, times)
  }
}

/// The repository that the tests belong to.
let repositoryFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// Gives a folder and everything in it one time.
private func setTimes(below directory: String, _ times: App.Times) throws {
  guard case .at(let seconds) = times else { return }
  let date = Date(timeIntervalSince1970: Double(seconds))
  let paths = try FileManager.default.subpathsOfDirectory(atPath: directory)
  for path in paths.sorted(by: >) {
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(directory)/\(path)")
  }
  try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: directory)
}
