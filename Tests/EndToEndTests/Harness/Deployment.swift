import Foundation
import StandIns

/// One of the three executables, run to its end.
struct PhaseRun {
  let exitCode: Int32
  /// stdout; for compile, stdout and stderr in the order of writing.
  let output: String
  /// stderr of detect and release.
  let errors: String
  let seconds: Double
  /// The most memory that it has held itself, without its children, in kB; 0 where that was not looked at.
  var peakMemory = 0
}

/// What came of a deployment.
struct Deployment {
  /// Kept, so that its folders outlive the last look at what is in them.
  let platform: Platform
  /// BUILD_DIR.
  let directory: String
  /// CACHE_DIR.
  let cache: String
  let detection: PhaseRun
  let compilation: PhaseRun
  let release: PhaseRun

  /// compile's exit code.
  var exitCode: Int32 { compilation.exitCode }
  /// What compile wrote to both outputs, in order.
  var log: String { compilation.output }
  /// The lines of the log without indent and marks.
  var lines: [String] {
    log.split(separator: "\n").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " !")) }
  }

  /// What an installed executable prints; nothing when it fails.
  func output(of executable: String, _ arguments: String...) -> String? {
    let run = try? ToolRun(
      ["\(directory)/bin/\(executable)"] + arguments,
      environment: ["PATH": "/usr/bin:/bin"],
      timeout: 20
    )
    return run?.status == 0 ? run?.output : nil
  }

  /// Whether there is an entry, be it a link to nowhere, at a path of the build directory.
  func has(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(path)")) != nil
  }

  /// The content of a file of the build directory.
  func contents(_ path: String) -> String? {
    try? String(contentsOfFile: "\(directory)/\(path)", encoding: .utf8)
  }

  /// The names at a path of the build directory, sorted.
  func names(_ path: String = "") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(path)")) ?? []).sorted()
  }

  /// The crates that cargo says it compiled, in its order.
  var compiled: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      return words.first == "Compiling" && words.count > 2 && words[2].hasPrefix("v") ? String(words[1]) : nil
    }
  }

  /// The log with what differs from run to run replaced by words in brackets.
  var redactedLog: String {
    var text = log.replacingOccurrences(of: directory, with: "[BUILD_DIR]")
      .replacingOccurrences(of: cache, with: "[CACHE_DIR]")
      .replacingOccurrences(of: platform.link, with: "[WORK]")
    let patterns = [
      (#"\b\d+(\.\d+)? (B|kB|MB|GB)\b"#, "[SIZE]"), (#"\b\d+ min \d+ s\b"#, "[TIME]"),
      (#"\b\d+(\.\d+)? s\b"#, "[TIME]"), (#"\b(\d+m )?\d+\.\d+s\b"#, "[TIME]"),
      (#"http://127\.0\.0\.1:\d+"#, "[SERVER]"),
    ]
    for (pattern, word) in patterns {
      text = text.replacingOccurrences(of: pattern, with: word, options: .regularExpression)
    }
    return text
  }
}
