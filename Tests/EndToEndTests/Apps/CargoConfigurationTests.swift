import Foundation
import StandIns
import Testing

/// The app's own configuration of cargo, its vendored sources, patches and git dependencies.
@Suite(.needsRust) struct CargoConfigurationTests {
  @Test func theAppsConfigurationCounts() throws {
    let platform = try Platform()
    var app = App.package().with([
      "src/main.rs":
        "fn main() { println!(\"{} {}\", cfg!(special), option_env!(\"FROM_CONFIG\").unwrap_or(\"none\")); }",
      ".cargo/config.toml": """
      [build]
      rustflags = ["--cfg", "special"]
      target-dir = "elsewhere"
      [install]
      root = "elsewhere"
      [env]
      FROM_CONFIG = "yes"
      [target.x86_64-unknown-linux-gnu]
      linker = "tools/own-cc"
      """,
      "tools/own-cc": "#!/bin/sh\ntouch \"$LINKED\"\nexec cc \"$@\"\n",
    ])
    app.executables = ["tools/own-cc"]
    let deployment = try platform.deploy(app, env: ["LINKED": platform.folder + "/linked"])
    #expect(deployment.output(of: "hello") == "true yes\n", "\(deployment.log)")
    #expect(FileManager.default.fileExists(atPath: platform.folder + "/linked"))
    #expect(!deployment.has("elsewhere"))
  }

  @Test func vendoredSourcesStayFresh() throws {
    let platform = try Platform()
    let app = App.package(manifest: "[dependencies]\nleaf = \"1\"\n").with([
      "src/main.rs": "fn main() { println!(\"{}\", leaf::NAME); }",
      "Cargo.lock": """
      version = 4
      [[package]]
      name = "hello"
      version = "0.1.0"
      dependencies = [
       "leaf",
      ]
      [[package]]
      name = "leaf"
      version = "1.0.0"
      source = "registry+https://github.com/rust-lang/crates.io-index"
      """,
      ".cargo/config.toml": """
      [source.crates-io]
      replace-with = "vendored-sources"
      [source.vendored-sources]
      directory = "vendor"
      """,
      "vendor/leaf/Cargo.toml":
        "[package]\nname = \"leaf\"\nversion = \"1.0.0\"\nedition = \"2021\"\nbuild = \"build.rs\"\n",
      "vendor/leaf/build.rs": "fn main() {}",
      "vendor/leaf/src/lib.rs": "pub const NAME: &str = \"vendored\";",
      "vendor/leaf/.cargo-checksum.json": "{\"files\":{},\"package\":null}",
    ])
    let cold = try platform.deploy(app, times: .y1980)
    #expect(cold.output(of: "hello") == "vendored\n" && cold.compiled == ["leaf", "hello"], "\(cold.log)")
    #expect(try platform.deploy(app, times: .future).compiled == [])
    #expect(try platform.deploy(app, times: .now).compiled == [])
    let changed = try platform.deploy(
      app.with(["src/main.rs": "fn main() { println!(\"new {}\", leaf::NAME); }"]),
      times: .y1980
    )
    #expect(changed.compiled == ["hello"] && changed.output(of: "hello") == "new vendored\n", "\(changed.log)")
  }

  @Test(.needsStandIns) func aPatchTakesTheCratesPlace() throws {
    let rust = try #require(Rust.shared)
    try rust.registry.add(
      .init("patched-leaf", "1.0.0", files: ["src/lib.rs": "pub const NAME: &str = \"published\";"])
    )
    let platform = try Platform()
    let app = App.package(
      manifest: "[dependencies]\npatched-leaf = \"1\"\n[patch.crates-io]\npatched-leaf = { path = \"mine\" }\n"
    ).with([
      "src/main.rs": "fn main() { println!(\"{}\", patched_leaf::NAME); }",
      "mine/Cargo.toml": "[package]\nname = \"patched-leaf\"\nversion = \"1.0.1\"\nedition = \"2021\"\n",
      "mine/src/lib.rs": "pub const NAME: &str = \"patched\";",
      "Cargo.lock": """
      version = 4
      [[package]]
      name = "hello"
      version = "0.1.0"
      dependencies = [
       "patched-leaf",
      ]
      [[package]]
      name = "patched-leaf"
      version = "1.0.1"
      """,
    ])
    let deployment = try platform.deploy(app)
    #expect(deployment.output(of: "hello") == "patched\n", "\(deployment.log)")
  }

  @Test func aGitDependencyWithASubmodule() throws {
    let platform = try Platform()
    try GitRepositories.make(platform.folder + "/git")
    let app = App.package(
      manifest: "[dependencies]\nouter = { git = \"file://\(platform.folder)/git/outer.git\" }\n"
    ).without("Cargo.lock").with(["src/main.rs": "fn main() { println!(\"{}\", outer::TEXT.trim()); }"])
    let cold = try platform.deploy(app)
    #expect(cold.output(of: "hello") == "from the submodule\n", "\(cold.log)")
    let warm = try platform.deploy(app)
    #expect(warm.compiled == [] && warm.output(of: "hello") == "from the submodule\n", "\(warm.log)")
  }

  @Test func sqlxIsToldToWorkOffline() throws {
    let platform = try Platform()
    let app = App.package().with([
      "src/main.rs": "fn main() { println!(\"{:?}\", option_env!(\"SQLX_OFFLINE\")); }", ".sqlx/query-1.json": "{}",
    ])
    let chosen = try platform.deploy(app)
    #expect(chosen.output(of: "hello") == "Some(\"true\")\n", "\(chosen.log)")
    #expect(chosen.lines.contains("Setting SQLX_OFFLINE=true for the build, since the app has a folder .sqlx"))
    let own = try platform.deploy(app, env: ["SQLX_OFFLINE": "false"])
    #expect(own.output(of: "hello") == "Some(\"false\")\n" && !own.log.contains("Setting SQLX_OFFLINE"), "\(own.log)")
    let without = try platform.deploy(app.without(".sqlx/query-1.json"))
    #expect(without.output(of: "hello") == "None\n", "\(without.log)")
  }
}

/// Repositories with a crate each.
enum GitRepositories {
  /// Makes `outer.git`, whose crate has a text from its submodule `inner.git`, and `plain.git`; they can be served as
  /// plain files, too.
  static func make(_ folder: String) throws {
    try makeFolder(folder)
    try shell(
      """
      set -e; cd "$1"
      export HOME="$1" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE='2026-01-01T00:00:00Z'
      git config --global user.name Test; git config --global user.email test@example.com
      git config --global protocol.file.allow always; git config --global init.defaultBranch main
      make() { git -C "$1" add -A; git -C "$1" commit -qm First; git clone -q --bare "$1" "$1.git"; git -C "$1.git" update-server-info; }
      git init -q inner; echo 'from the submodule' > inner/text.txt; make inner
      git init -q outer; mkdir outer/src; git -C outer submodule --quiet add "file://$1/inner.git" data
      printf '[package]\\nname = "outer"\\nversion = "0.1.0"\\nedition = "2021"\\n' > outer/Cargo.toml
      echo 'pub const TEXT: &str = include_str!("../data/text.txt");' > outer/src/lib.rs; make outer
      git init -q plain; mkdir plain/src
      printf '[package]\\nname = "plain"\\nversion = "0.1.0"\\nedition = "2021"\\n' > plain/Cargo.toml
      echo 'pub const TEXT: &str = "private";' > plain/src/lib.rs
      echo 'fn main() { println!("{}", plain::TEXT); }' > plain/src/main.rs; make plain
      """,
      folder
    )
  }
}
