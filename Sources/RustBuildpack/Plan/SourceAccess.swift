/// What gives cargo access to private sources during the build: never written anywhere, never shown.
package struct SourceAccess: Sendable {
  /// Variables for cargo and for the git that it starts.
  package private(set) var variables: [String: String] = [:]
  /// For the log.
  package private(set) var remarks: [String] = []

  private static let prefix = "GIT_CRED__"

  /// Collects credentials: `GIT_CRED__<PROTO>__<HOST>` with the value `user:token`, or `token` alone (dots of the host
  /// as `__`, as Scalingo's Go buildpack has it), and an SSH key as Scalingo's ssh-private-key buildpack leaves it.
  package init(_ environment: Environment) {
    var settings: [(key: String, value: String)] = []
    for name in environment.values.keys.sorted() where name.hasPrefix(Self.prefix) {
      guard let place = Self.place(name.dropFirst(Self.prefix.count)), let value = environment[name], !value.isEmpty
      else {
        remarks.append("\(name) is not of the form GIT_CRED__HTTPS__HOST=user:token and is not used")
        continue
      }
      let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let number = settings.count
      // git asks the helper, and the helper the environment: the token stands in no file and on no command line.
      variables["RUST_BUILDPACK_GIT_USER_\(number)"] = parts[0]
      // A token alone is the user's name, with the password that GitHub wants beside it.
      variables["RUST_BUILDPACK_GIT_TOKEN_\(number)"] = parts.count == 2 ? parts[1] : "x-oauth-basic"
      let helper =
        "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' "
        + "\"$RUST_BUILDPACK_GIT_USER_\(number)\" \"$RUST_BUILDPACK_GIT_TOKEN_\(number)\"; }; f"
      settings.append((key: "credential.\(place.proto)://\(place.host).helper", value: helper))
      remarks.append("Using the credentials in \(name) for git on \(place.host)")
    }
    // Settings that the app's owner passes to git the same way stay in force.
    let first = environment["GIT_CONFIG_COUNT"].flatMap { Int($0) } ?? 0
    for (index, setting) in settings.enumerated() {
      variables["GIT_CONFIG_KEY_\(first + index)"] = setting.key
      variables["GIT_CONFIG_VALUE_\(first + index)"] = setting.value
    }
    if !settings.isEmpty { variables["GIT_CONFIG_COUNT"] = String(first + settings.count) }

    let hasKey = Self.homes(environment).contains(where: Self.hasKey)
    if hasKey { remarks.append("Using git's own client for fetches, since there is an SSH key") }
    if hasKey || !settings.isEmpty, environment["CARGO_NET_GIT_FETCH_WITH_CLI"] == nil {
      variables["CARGO_NET_GIT_FETCH_WITH_CLI"] = "true"
    }
    // There is nobody to answer, and git would ask a terminal if there is one.
    if environment["GIT_TERMINAL_PROMPT"] == nil { variables["GIT_TERMINAL_PROMPT"] = "0" }
  }

  /// Protocol and host of a variable's name without its prefix: "HTTPS__GIT__EXAMPLE__COM". A variable's name can hold
  /// neither hyphen nor colon: a lone `_` is a hyphen, which no host name has otherwise, and a number behind a whole
  /// host name or address is a port.
  static func place(_ name: Substring) -> (proto: String, host: String)? {
    let parts = parts(name.lowercased())
    guard parts.count >= 2, ["http", "https"].contains(parts[0]) else { return nil }
    var labels = parts.dropFirst().map { String($0.map { $0 == "_" ? "-" : $0 }) }
    let isNumber = labels.map { $0.allSatisfy(\.isNumber) }
    let isAddress = isNumber.prefix(4).allSatisfy { $0 } && labels.count >= 4
    var port = ""
    if isNumber.last == true, isAddress ? labels.count == 5 : labels.count > 1 { port = ":\(labels.removeLast())" }
    return (parts[0], labels.joined(separator: ".") + port)
  }

  /// The parts between double underscores.
  static func parts(_ text: String) -> [String] {
    var parts = [""]
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "_", rest.first == "_" {
        rest.removeFirst()
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.filter { !$0.isEmpty }
  }

  /// HOME, and the user's home by the password file: ssh uses the latter, whatever HOME says.
  private static func homes(_ environment: Environment) -> [FilePath] {
    var homes = (environment["HOME"]).map { [FilePath($0)] } ?? []
    let user = String(Machine.userNumber)
    let lines = (try? FilePath("/etc/passwd").contents(limit: 1 << 20)) ?? []
    for line in String(decoding: lines, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      if fields.count > 5, fields[2] == user, !fields[5].isEmpty { homes.append(FilePath(String(fields[5]))) }
    }
    return homes
  }

  private static func hasKey(_ home: FilePath) -> Bool {
    home.appending(".ssh").entries.contains {
      $0.lastComponent.hasPrefix("id_") && !$0.lastComponent.hasSuffix(".pub") && $0.isFile
    }
  }
}
