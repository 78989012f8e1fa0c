import Foundation

/// Folders and files, with the failures in this tool's words.
enum Files {
  static func createFolder(_ path: String) throws(Failure) {
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw .files(action: "create", path: path, reason: error.localizedDescription)
    }
  }

  static func write(_ text: String, to path: String) throws(Failure) {
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) } catch {
      throw .files(action: "write", path: path, reason: error.localizedDescription)
    }
  }

  static func read(_ path: String) throws(Failure) -> String {
    do { return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self) } catch {
      throw .files(action: "read", path: path, reason: error.localizedDescription)
    }
  }

  static func move(_ path: String, to destination: String) throws(Failure) {
    do { try FileManager.default.moveItem(atPath: path, toPath: destination) } catch {
      throw .files(action: "move", path: path, reason: error.localizedDescription)
    }
  }

  /// Removes the path if it exists, folders that were made read-only included.
  static func remove(_ path: String) throws(Failure) {
    guard (try? FileManager.default.attributesOfItem(atPath: path)) != nil else { return }
    do { try FileManager.default.removeItem(atPath: path) } catch {
      let status = try ChildProcess.run(
        ChildCommand(
          words: ["bash", "-c", "chmod -R u+rwX -- \"$1\"; rm -rf -- \"$1\"", "bash", path],
          environment: ProcessInfo.processInfo.environment,
          directory: "/"
        )
      )
      guard status.isSuccess else { throw .files(action: "remove", path: path, reason: error.localizedDescription) }
    }
  }

  /// Copies what the folder holds, links as links and modes kept; `including` says which of its entries.
  static func copyContent(
    of folder: String,
    to destination: String,
    including isIncluded: (String) -> Bool
  ) throws(Failure) {
    try createFolder(destination)
    let entries: [String]
    do { entries = try FileManager.default.contentsOfDirectory(atPath: folder).filter(isIncluded) } catch {
      throw .files(action: "read", path: folder, reason: error.localizedDescription)
    }
    guard !entries.isEmpty else { return }
    let status = try ChildProcess.run(
      ChildCommand(
        words: ["cp", "-pPR", "--"] + entries.map { "\(folder)/\($0)" } + [destination],
        environment: ProcessInfo.processInfo.environment,
        directory: "/"
      )
    )
    guard status.isSuccess else { throw .files(action: "copy", path: folder, reason: "cp \(status.words)") }
  }
}
