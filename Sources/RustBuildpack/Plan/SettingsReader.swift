/// Finds one setting in the places where it may stand, the config var first.
struct SettingsReader {
  let environment: Environment
  let sections: [(value: JSON?, origin: String)]

  func text(_ variable: String, _ key: String) throws(BuildpackError) -> Sourced<String>? {
    if let text = environment[variable], !text.isEmpty { return Sourced(value: text, origin: variable) }
    guard let (value, origin) = find(key) else { return nil }
    guard let text = value.string, !text.isEmpty else { throw wrong(key, origin, "must be a text in quotes") }
    return Sourced(value: text, origin: origin)
  }

  func list(_ variable: String?, _ key: String) throws(BuildpackError) -> Sourced<[String]>? {
    let found: Sourced<[String]>
    if let variable, let text = environment[variable], !text.isEmpty {
      found = Sourced(value: Self.items(text), origin: variable)
    } else {
      guard let (value, origin) = find(key) else { return nil }
      guard let items = value.array, items.allSatisfy({ $0.string?.isEmpty == false }) else {
        throw wrong(key, origin, "must be a list of texts: [\"one\", \"two\"]")
      }
      found = Sourced(value: items.compactMap(\.string), origin: origin)
    }
    return found
  }

  func flags(_ variable: String, _ key: String) throws(BuildpackError) -> Sourced<InstallFlags>? {
    let words: Sourced<[String]>
    if let text = environment[variable], !text.isEmpty {
      words = try split(text, key, variable)
    } else {
      guard let (value, origin) = find(key) else { return nil }
      if let text = value.string {
        words = try split(text, key, origin)
      } else {
        guard let list = try list(nil, key) else { return nil }
        words = list
      }
    }
    do throws(InstallFlags.Refusal) {
      return Sourced(value: try InstallFlags(words.value), origin: words.origin)
    } catch {
      throw .setting(name: key, origin: words.origin, problem: error.reason, known: [])
    }
  }

  func flag(_ variable: String, _ key: String) throws(BuildpackError) -> Sourced<Bool>? {
    if let answer = Settings.truth(environment[variable]) { return Sourced(value: answer, origin: variable) }
    guard let (value, origin) = find(key) else { return nil }
    guard let answer = value.bool else { throw wrong(key, origin, "must be true or false") }
    return Sourced(value: answer, origin: origin)
  }

  func tools(_ variable: String, _ key: String) throws(BuildpackError) -> Sourced<[ToolRequest]>? {
    do throws(ToolRequest.Refusal) {
      if let text = environment[variable], !text.isEmpty {
        return Sourced(value: try unique(Self.requests(text)), origin: variable)
      }
      guard let (value, origin) = find(key) else { return nil }
      if let table = value.object {
        var tools: [ToolRequest] = []
        for member in table { tools.append(try ToolRequest(member.value, name: member.key)) }
        return Sourced(value: try unique(tools), origin: origin)
      }
      guard let items = value.array else { throw ToolRequest.Refusal(reason: "must be a list or a table of crates") }
      var tools: [ToolRequest] = []
      for item in items { tools.append(try ToolRequest(item)) }
      return Sourced(value: try unique(tools), origin: origin)
    } catch {
      let origin = environment[variable].map { $0.isEmpty } == false ? variable : find(key)?.1 ?? variable
      throw wrong(key, origin, error.reason)
    }
  }

  private static func requests(_ text: String) throws(ToolRequest.Refusal) -> [ToolRequest] {
    var tools: [ToolRequest] = []
    for item in items(text) { tools.append(try ToolRequest(item)) }
    return tools
  }

  private func unique(_ tools: [ToolRequest]) throws(ToolRequest.Refusal) -> [ToolRequest] {
    var names: Set<String> = []
    for tool in tools where !names.insert(tool.name).inserted {
      throw ToolRequest.Refusal(reason: "names \"\(tool.name)\" twice")
    }
    return tools
  }

  private func split(_ text: String, _ key: String, _ origin: String) throws(BuildpackError) -> Sourced<[String]> {
    do throws(ShellWordsError) {
      return Sourced(value: try ShellWords.split(text), origin: origin)
    } catch { throw wrong(key, origin, "can't be split into words: \(error)") }
  }

  /// A config var's list: separated by commas or spaces.
  private static func items(_ text: String) -> [String] { text.split { $0 == "," || $0.isWhitespace }.map(String.init) }

  private func find(_ key: String) -> (JSON, String)? {
    for section in sections {
      if let value = section.value?[key] { return (value, section.origin) }
    }
    return nil
  }

  private func wrong(_ key: String, _ origin: String, _ problem: String) -> BuildpackError {
    .setting(name: key, origin: origin, problem: "\"\(key)\" \(problem)", known: [])
  }
}
