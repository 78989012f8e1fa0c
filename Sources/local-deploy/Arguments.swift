import RustBuildpack

/// What the command line asks for.
enum Request: Equatable {
  case help
  case standIns([String])
  case serve([String])
  case deploy(Arguments)
}

/// What a deployment was asked to be.
struct Arguments: Equatable {
  /// Where a variable of the app comes from; a later one wins over an earlier one.
  enum VariableSource: Equatable {
    case variable(Variable)
    case file(String)
  }

  /// How far a deployment goes after `release`.
  enum Ending: Equatable {
    case serveUntilStopped
    case requestOnce
    case stopAfterRelease
  }

  /// The platform's stacks, the oldest first.
  static let stacks = ["scalingo-22", "scalingo-24", "scalingo-26"]

  var app: String
  var buildpack: String?
  var variables: [VariableSource] = []
  var stack = "scalingo-22"
  var port: UInt16?
  var ending = Ending.serveUntilStopped
  var clearsCache = false
  /// Whether it happens in the platform's container, not on the machine itself.
  var usesContainer = false
}

extension Request {
  private static let options = [
    "--buildpack", "--clear-cache", "--container", "--env", "--env-file", "--help", "--no-run", "--once", "--port",
    "--stack",
  ]

  init(_ words: [String]) throws(Failure) {
    if words.first == "stand-ins" {
      self = .standIns(Array(words.dropFirst()))
      return
    }
    if words.first == "serve" {
      self = .serve(Array(words.dropFirst()))
      return
    }
    var arguments = Arguments(app: "")
    var apps: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("-"), word != "-" else {
        apps.append(word)
        continue
      }
      if word == "--" {
        apps += rest
        break
      }
      if word == "--help" || word == "-h" {
        self = .help
        return
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      var inlineValue = parts.count > 1 ? parts[1] : nil
      try Self.read(parts[0], into: &arguments) { () throws(Failure) in
        defer { inlineValue = nil }
        guard let value = inlineValue ?? rest.popFirst() else { throw .usage("\(parts[0]) needs a value.") }
        return value
      }
      if inlineValue != nil { throw .usage("\(parts[0]) takes no value.") }
    }
    guard let app = apps.first, !app.isEmpty else { throw .usage("Name the folder of the app to deploy.") }
    guard apps.count == 1 else {
      throw .usage("One app at a time: found \(apps.map { "\"\($0)\"" }.joined(separator: " and ")).")
    }
    arguments.app = app
    self = .deploy(arguments)
  }

  private static func read(
    _ option: String,
    into arguments: inout Arguments,
    value: () throws(Failure) -> String
  ) throws(Failure) {
    switch option {
    case "--buildpack": arguments.buildpack = try value()
    case "--stack": arguments.stack = try stack(try value())
    case "--env-file": arguments.variables.append(.file(try value()))
    case "--env":
      let text = try value()
      guard let variable = Variable(text) else {
        throw .usage("--env takes NAME=VALUE, and a name is made of letters, digits and _: \"\(name(of: text))\".")
      }
      arguments.variables.append(.variable(variable))
    case "--port":
      let text = try value()
      guard let port = UInt16(text), port > 0 else { throw .usage("--port takes 1 to 65535, not \"\(text)\".") }
      arguments.port = port
    case "--once": arguments.ending = try ending(.requestOnce, after: arguments.ending)
    case "--no-run": arguments.ending = try ending(.stopAfterRelease, after: arguments.ending)
    case "--clear-cache": arguments.clearsCache = true
    case "--container": arguments.usesContainer = true
    default:
      let hint = nearest(option, among: options).map { " Did you mean \($0)?" } ?? ""
      throw .usage("There is no option \(option).\(hint)")
    }
  }

  private static func stack(_ name: String) throws(Failure) -> String {
    guard !Arguments.stacks.contains(name) else { return name }
    let hint = nearest(name, among: Arguments.stacks).map { " Did you mean \($0)?" } ?? ""
    throw .usage(
      "There is no stack \"\(name)\". The platform has: \(Arguments.stacks.joined(separator: ", ")).\(hint)"
    )
  }

  private static func ending(_ new: Arguments.Ending, after old: Arguments.Ending) throws(Failure) -> Arguments.Ending {
    guard old == .serveUntilStopped || old == new else { throw .usage("--once and --no-run exclude each other.") }
    return new
  }

  /// The part of a malformed variable that may be shown: its value stays out of the log.
  private static func name(of text: String) -> Substring {
    text.prefix { $0 != "=" }
  }
}
