/// Why a tool failed and what to do about it, recognised from its output.
package struct Hint: Sendable, Equatable {
  /// The name of the row in the table.
  package let id: String
  /// Why it usually happens, in a sentence or two.
  package let cause: String
  /// Steps to take, the likeliest first.
  package let advice: [String]

  /// The hint for a tool that failed, or nothing: a failure that is not known stays with the general words.
  ///
  /// `app` is the folder of the app, which tells a file that is missing inside it from one outside. Rows are tried in
  /// the order of the table; the first that fits wins.
  package static func find(in tail: TailBuffer, app: FilePath? = nil, status: TerminationStatus? = nil) -> Hint? {
    let text = ToolText(tail.content)
    var known: [String: String] = [:]
    if let app { known["app"] = app.description }
    // How a shell ends whose last program was killed.
    let status = status == .exited(137) ? .signaled(9) : status
    for row in HintRow.table {
      if let hint = row.hint(for: text, known: known, status: status) { return hint }
    }
    if case .stopped = status { return tooSlow }
    return nil
  }

  /// For what has a limit of time, which is downloads alone, and was stopped before it said anything known.
  private static let tooSlow = Hint(
    id: "too-slow",
    cause: "What it downloads did not all arrive in that time: the server, or the way to it, is too slow.",
    advice: [retry]
  )
}

/// One row of the table: by which words of a tool a failure is known, why it happens, what to do.
///
/// Patterns are the tools' own words, see `HintPattern`. What stands in their gaps fills those of `cause` and `advice`.
package struct HintRow: Sendable {
  /// When a failure can stop the deployment.
  enum Stage: Sendable {
    case any
    /// While something is fetched: earlier words of the same kind were overcome if cargo went on to compile.
    case fetching
  }

  package let id: String
  /// One of these occurs.
  let any: [String]
  /// And each of these.
  var all: [String] = []
  /// And none of these.
  var unless: [String] = []
  var stage = Stage.any
  /// What fills further gaps if it occurs: the first that does, for each gap.
  var details: [String] = []
  /// The signal that also makes this row fit, whatever the tool said.
  var signal: Int32?
  let cause: String
  let advice: [String]

  /// All rows: the machine's troubles first, since they can look like any other; the most general ones last.
  package static let table: [HintRow] =
    machine + stacks + tools + libraries + linker + compiler + lockFile + dependencies + manifests + configuration
    + rustup + git + network + warnings + general

  func hint(for text: ToolText, known: [String: String], status: TerminationStatus?) -> Hint? {
    if let signal, status == .signaled(signal) { return filled([:]) }
    if stage == .fetching, text.isCompileError { return nil }
    let bytes = stage == .any ? text.whole : text.sinceProgress
    for pattern in unless where HintPattern(pattern, known: known).match(in: bytes) != nil { return nil }
    var gaps: [String: String]?
    for pattern in any {
      gaps = HintPattern(pattern, known: known).match(in: bytes)
      if gaps != nil { break }
    }
    guard var gaps else { return nil }
    for pattern in all {
      guard let more = HintPattern(pattern, known: known).match(in: bytes) else { return nil }
      gaps.merge(more) { first, _ in first }
    }
    for pattern in details {
      for (name, value) in HintPattern(pattern, known: known).match(in: bytes) ?? [:] where gaps[name] == nil {
        gaps[name] = value
      }
    }
    gaps["credential"] = gaps["address"].flatMap { GitCredential.variable(for: $0) } ?? "GIT_CRED__HTTPS__HOST"
    gaps["token"] = GitCredential.registryToken(gaps["registry"] ?? "name")
    if let library = gaps["library"] { gaps["debian"] = SystemLibrary.developmentPackage(of: library) }
    return filled(gaps)
  }

  private func filled(_ gaps: [String: String]) -> Hint {
    Hint(id: id, cause: fill(cause, gaps), advice: advice.map { fill($0, gaps) })
  }
}

/// `words` with its gaps filled.
private func fill(_ words: String, _ gaps: [String: String]) -> String {
  var result = ""
  var rest = words[...]
  while let start = rest.firstIndex(of: "{") {
    result += rest[..<start]
    let tail = rest[rest.index(after: start)...]
    if let end = tail.firstIndex(of: "}"), let value = gaps[String(tail[..<end])] {
      result += value
      rest = tail[tail.index(after: end)...]
    } else {
      result += "{"
      rest = tail
    }
  }
  return result + rest
}
