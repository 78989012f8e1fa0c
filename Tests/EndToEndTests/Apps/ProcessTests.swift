import StandIns
import Testing

/// What is started, and with which variables.
@Suite(.needsRust) struct ProcessTests {
  @Test func processTypesComeOfTheBinaries() throws {
    let platform = try Platform()
    let one = try platform.deploy(.package("only-one"))
    #expect(one.release.output.contains("web: /app/bin/only-one"), "\(one.release.output)")

    let several = App.package("web").with([
      "src/bin/worker.rs": "fn main() {}", "src/bin/with-hyphen.rs": "fn main() {}",
    ])
    let named = try platform.deploy(several)
    #expect(named.lines.contains("Process type web: /app/bin/web"), "\(named.log)")
    #expect(named.release.output.contains("worker: /app/bin/worker"))
    #expect(!named.release.output.contains("with-hyphen:"))

    let unclear = try platform.deploy(App.package("first").with(["src/bin/second.rs": "fn main() {}"]))
    #expect(unclear.exitCode == 0 && !unclear.release.output.contains("default_process_types"), "\(unclear.log)")
    #expect(unclear.complaint.contains("It is not clear which executable is the web process: first, second."))
    #expect(unclear.complaint.contains("web: first"))
  }

  @Test func aProcfileIsTheAppsOwnChoice() throws {
    let platform = try Platform()
    let app = App.package("server")
    let old = try platform.deploy(
      app.with([
        "Procfile": "web: ROCKET_PORT=$PORT ./target/release/server --quiet\nclock: /app/target/release/server\n"
      ])
    )
    #expect(old.exitCode == 0 && old.complaint.isEmpty, "\(old.log)")
    #expect(try shell("readlink \"$1\"/target/release/server", old.directory) == "../../bin/server\n")
    #expect(try shell("\"$1\"/target/release/server", old.directory) == "hello\n")
    #expect(!old.release.output.contains("default_process_types"))
    #expect(old.contents("Procfile")?.hasPrefix("web: ROCKET_PORT") == true)

    let misspelled = try platform.deploy(app.with(["Procfile": "web: bin/sever\nother: target/release/gone\n"]))
    #expect(misspelled.exitCode == 0, "\(misspelled.log)")
    #expect(misspelled.complaint.contains("process \"web\" starts \"bin/sever\""), "\(misspelled.log)")
    #expect(misspelled.complaint.contains("Did you mean bin/server?"))
    #expect(misspelled.complaint.contains("process \"other\" starts \"target/release/gone\""))

    var made = app.with([
      "Procfile": "web: bin/late\nnode: npm start -- target/site bin/\nx: bin/$NAME\n",
      "bin/post_compile": "#!/bin/sh\ncp bin/server bin/late\n",
    ])
    made.executables = ["bin/post_compile"]
    let hooked = try platform.deploy(made)
    #expect(hooked.exitCode == 0 && hooked.complaint.isEmpty, "\(hooked.log)")
  }

  @Test(.needsStandIns) func frameworksAreToldWhereToListen() throws {
    let rust = try #require(Rust.shared)
    let expected = [
      "rocket": "ROCKET_ADDRESS=0.0.0.0 ROCKET_PORT=4711", "leptos": "LEPTOS_SITE_ADDR=0.0.0.0:4711",
      "dioxus": "IP=0.0.0.0",
    ]
    let names = ["ROCKET_ADDRESS", "ROCKET_PORT", "LEPTOS_SITE_ADDR", "IP"]
    let script =
      "set -eu; . \"$1/.profile.d/rust.sh\"; for name in \(names.joined(separator: " ")); do "
      + "eval \"value=\\${$name:-}\"; [ -z \"$value\" ] || printf '%s=%s ' $name \"$value\"; done"
    func start(_ deployment: Deployment, _ variables: [String: String]) throws -> String {
      let environment = ["PATH": "/usr/bin:/bin", "HOME": "/app"].merging(variables) { $1 }
      let run = try ToolRun(["bash", "-c", script, "bash", deployment.directory], environment: environment)
      #expect(run.status == 0 && run.errors == "", "\(run.errors)")
      return run.output.trimmingPrefix(" ").split(separator: " ").joined(separator: " ")
    }
    let platform = try Platform()
    for (crate, variables) in expected {
      try rust.registry.add(.init(crate, "0.5.0"))
      let app = App.package(manifest: "[dependencies]\n\(crate) = \"0.5\"\n").without("Cargo.lock")
      let deployment = try platform.deploy(app)
      #expect(deployment.lines.contains { $0.hasPrefix("The app depends on \(crate)") }, "\(deployment.log)")
      #expect(try start(deployment, ["PORT": "4711"]) == variables, "\(crate)")
      let own = ["ROCKET_ADDRESS", "ROCKET_PORT", "LEPTOS_SITE_ADDR", "IP"].reduce(into: [:]) { $0[$1] = "mine" }
      #expect(try start(deployment, own) == names.map { "\($0)=mine" }.joined(separator: " "), "\(crate)")
      if crate == "rocket" { #expect(try start(deployment, [:]) == "ROCKET_ADDRESS=0.0.0.0") }
    }
    #expect(try start(platform.deploy(.package()), ["PORT": "4711"]) == "")
  }
}
