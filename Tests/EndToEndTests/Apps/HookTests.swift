import Testing

/// The app's own scripts.
@Suite(.needsRust) struct HookTests {
  @Test func scriptsRunBeforeAndAfterTheBuild() throws {
    let platform = try Platform()
    var app = App.package().with([
      "src/main.rs": "fn main() { println!(\"{}\", include_str!(\"made.txt\").trim()); }",
      // No executable bit, as a repository from Windows has it.
      "bin/pre_compile": "#!/usr/bin/env bash\npwd; cargo --version; echo \"made of $INPUT\" > src/made.txt\n",
      // No interpreter.
      "bin/post_compile": "echo \"afterwards: $(bin/hello)\"\ntouch made-after\n",
    ])
    let cold = try platform.deploy(app, env: ["INPUT": "one"])
    #expect(cold.exitCode == 0, "\(cold.log)")
    #expect(
      cold.lines.contains("-----> Running bin/pre_compile") && cold.log.contains("\n       \(platform.link)/app\n")
    )
    #expect(cold.lines.contains { $0.hasPrefix("cargo 1.") } && cold.lines.contains("afterwards: made of one"))
    #expect(cold.output(of: "hello") == "made of one\n" && cold.has("made-after"))
    #expect(try platform.deploy(app, env: ["INPUT": "one"]).compiled == [])
    #expect(try platform.deploy(app, env: ["INPUT": "two"]).output(of: "hello") == "made of two\n")

    app["bin/pre_compile"] = "#!/bin/sh\necho no luck >&2\nexit 3\n"
    let failing = try platform.deploy(app)
    #expect(failing.exitCode == 1 && failing.lines.contains("no luck") && failing.compiled == [], "\(failing.log)")
    #expect(failing.complaint.contains("The app's own script bin/pre_compile failed."), "\(failing.log)")
    #expect(failing.complaint.contains("exit code 3"))

    app["bin/pre_compile"] = "#!/bin/sh\r\necho\r\n"
    let windows = try platform.deploy(app)
    #expect(windows.exitCode == 1 && windows.complaint.contains("Windows' line ends"), "\(windows.log)")
  }
}
