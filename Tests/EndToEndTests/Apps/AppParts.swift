import StandIns

extension App {
  /// The same app with another one, without its lock file, in a folder of it.
  func with(_ part: App, in folder: String) -> App {
    var app = self
    for (path, text) in part.files where path != "Cargo.lock" { app.files["\(folder)/\(path)"] = text }
    return app
  }

  /// A workspace of packages that depend on nothing outside it, each in the folder of its name.
  static func workspace(_ manifest: String, _ members: [String: App]) -> App {
    var app: App = ["Cargo.toml": "[workspace]\nresolver = \"2\"\n\(manifest)"]
    for (folder, member) in members { app = app.with(member, in: folder) }
    return app
  }

  /// A library without content.
  static func library(_ name: String, manifest: String = "", source: String = "") -> App {
    [
      "Cargo.toml": "[package]\nname = \"\(name)\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\(manifest)",
      "src/lib.rs": source,
    ]
  }

  /// The app that the tests of settings share: two members with binaries, one of them wanting a feature, and a library.
  static let shop = App.workspace(
    "members = [\"server\", \"worker\", \"core\"]\n",
    [
      "server": App.package(
        "server",
        manifest: """
          [features]
          extra = []
          admin = ["extra"]
          [dependencies]
          core = { path = "../core", package = "shop-core" }
          [[bin]]
          name = "server"
          path = "src/main.rs"
          [[bin]]
          name = "admin"
          path = "src/bin/admin.rs"
          required-features = ["admin"]
          """
      ).with([
        "src/main.rs": "fn main() { println!(\"extra {} fast {}\", cfg!(feature = \"extra\"), core::fast()); }\n",
        "src/bin/admin.rs": "fn main() { println!(\"admin\"); }\n",
      ]),
      "worker": App.package(
        "worker",
        manifest: "[features]\nextra = []\n[dependencies]\nshop-core = { path = \"../core\" }\n"
      ).with([
        "src/main.rs":
          "fn main() { println!(\"extra {} debug {}\", cfg!(feature = \"extra\"), cfg!(debug_assertions)); }\n"
      ]),
      "core": App.library(
        "shop-core",
        manifest: "[features]\nfast = []\n",
        source: "pub fn fast() -> bool { cfg!(feature = \"fast\") }\n"
      ),
    ]
  ).with([
    "Cargo.lock": """
    version = 4

    [[package]]
    name = "server"
    version = "0.1.0"
    dependencies = [
     "shop-core",
    ]

    [[package]]
    name = "shop-core"
    version = "0.1.0"

    [[package]]
    name = "worker"
    version = "0.1.0"
    dependencies = [
     "shop-core",
    ]

    """
  ])
}

extension Deployment {
  /// The last error or warning of the log as one text, its lines joined by spaces, without colours.
  var complaint: String {
    let lines = log.split(separator: "\n").filter { $0.hasPrefix(" !") }
    return lines.map { $0.drop { $0 == " " || $0 == "!" } }.joined(separator: " ")
  }
}
