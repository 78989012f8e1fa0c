import Testing

@testable import local_deploy

@Suite struct ArgumentsTests {
  private func arguments(_ words: String...) throws -> Arguments {
    guard case .deploy(let arguments) = try Request(words) else {
      Issue.record("no deployment: \(words)")
      return Arguments(app: "")
    }
    return arguments
  }

  @Test func theAppAloneIsServed() throws {
    #expect(try arguments("my app") == Arguments(app: "my app"))
    #expect(Arguments(app: "").stack == "scalingo-22")
  }

  @Test func everyOption() throws {
    let found = try arguments(
      "--env",
      "A=1",
      "--once",
      "--env-file",
      ".env",
      "app",
      "--port=8080",
      "--env=B=x=y",
      "--stack",
      "scalingo-26",
      "--buildpack",
      "../other",
      "--clear-cache"
    )
    #expect(
      found
        == Arguments(
          app: "app",
          buildpack: "../other",
          variables: [
            .variable(Variable(name: "A", value: "1")), .file(".env"), .variable(Variable(name: "B", value: "x=y")),
          ],
          stack: "scalingo-26",
          port: 8080,
          ending: .requestOnce,
          clearsCache: true
        )
    )
    #expect(try arguments("--no-run", "app").ending == .stopAfterRelease)
    #expect(try arguments("--", "-app").app == "-app")
  }

  @Test func helpAndStandIns() throws {
    #expect(try Request(["--help"]) == .help)
    #expect(try Request(["app", "-h"]) == .help)
    #expect(try Request(["stand-ins", "--", "make", "--help"]) == .standIns(["--", "make", "--help"]))
  }

  @Test(arguments: [
    (["--onse", "app"], "There is no option --onse. Did you mean --once?"),
    (["--env-fil=x", "app"], "There is no option --env-fil. Did you mean --env-file?"),
    (["-x", "app"], "There is no option -x."),
    (["--something-else", "app"], "There is no option --something-else."),
    ([], "Name the folder of the app to deploy."),
    (["a", "b"], "One app at a time: found \"a\" and \"b\"."),
    (["app", "--env"], "--env needs a value."),
    (["app", "--once=yes"], "--once takes no value."),
    (["app", "--env", "1A=secret"], "--env takes NAME=VALUE, and a name is made of letters, digits and _: \"1A\"."),
    (["app", "--env", "A-B=secret"], "--env takes NAME=VALUE, and a name is made of letters, digits and _: \"A-B\"."),
    (["app", "--port", "0"], "--port takes 1 to 65535, not \"0\"."),
    (["app", "--port", "65536"], "--port takes 1 to 65535, not \"65536\"."),
    (
      ["app", "--stack", "scalingo-23"],
      "There is no stack \"scalingo-23\". The platform has: scalingo-22, scalingo-24, scalingo-26. "
        + "Did you mean scalingo-22?"
    ),
    (
      ["app", "--stack=heroku-24"],
      "There is no stack \"heroku-24\". The platform has: scalingo-22, scalingo-24, scalingo-26."
    ),
    (["app", "--once", "--no-run"], "--once and --no-run exclude each other."),
  ])
  func errors(words: [String], problem: String) {
    #expect(throws: Failure.usage(problem)) { try Request(words) }
  }

  @Test func helpNamesEveryOption() {
    for option in [
      "--buildpack", "--env", "--env-file", "--stack", "--port", "--once", "--no-run", "--clear-cache", "--help",
    ] {
      #expect(Request.helpText.contains("  \(option)") || Request.helpText.contains(", \(option)"), "\(option)")
    }
  }
}
