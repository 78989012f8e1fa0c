import StandIns
import Testing

/// A build script that writes a source file beside the committed ones, which the next deployment does not have.
@Suite(.needsStandIns) struct GeneratedSourceTests {
  private let app: App = App.package().without("src/main.rs").with([
    "build.rs": """
    fn main() {
        println!("cargo:rerun-if-changed=input.txt");
        let text = std::fs::read_to_string("input.txt").unwrap();
        std::fs::create_dir_all("src/made").unwrap();
        std::fs::write("src/made/mod.rs", format!("pub const TEXT: &str = {:?};", text)).unwrap();
    }
    """,
    "input.txt": "one",
    "src/main.rs": "mod made;\nfn main() { println!(\"{}\", made::TEXT); }\n",
  ])

  @Test func isWrittenAgainOnEveryDeployment() throws {
    let platform = try Platform()
    for _ in 1...3 {
      let deployment = try platform.deploy(app)
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.output(of: "hello") == "one\n")
    }
    #expect(try platform.deploy(app.with(["input.txt": "two"])).output(of: "hello") == "two\n")
  }

  @Test func isWrittenOverACommittedOneOnEveryDeployment() throws {
    let platform = try Platform()
    let committed = app.with(["src/made/mod.rs": "pub const TEXT: &str = \"old\";"])
    for round in 1...3 {
      let deployment = try platform.deploy(committed)
      #expect(deployment.output(of: "hello") == "one\n", "\(deployment.log)")
      #expect(deployment.log.contains("wrote src/made/mod.rs, which is not as it left it") == (round > 1))
    }
  }

  @Test func isWrittenAgainAfterAFailedBuildAndNotWhereItIsCommitted() throws {
    let platform = try Platform()
    let broken = try platform.deploy(app.with(["src/main.rs": "mod made;\nfn main() { nonsense }\n"]))
    #expect(broken.exitCode == 1)
    #expect(try platform.deploy(app).output(of: "hello") == "one\n")

    let committed = app.with(["src/made/mod.rs": "pub const TEXT: &str = \"one\";"])
    _ = try platform.deploy(committed)
    let again = try platform.deploy(committed)
    #expect(again.output(of: "hello") == "one\n")
    #expect(again.compiled == [], "\(again.log)")
  }
}
