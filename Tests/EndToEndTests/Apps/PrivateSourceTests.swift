import Foundation
import StandIns
import Testing

/// Private git repositories and registries: reached, and their secrets nowhere afterwards.
@Suite(.needsStandIns) struct PrivateSourceTests {
  private static let secret = "canary-8d1f3a77c2"

  /// Where the secret stands: in the log, the image, the cache, or the buildpack's own folder.
  private func places(of secret: String, _ deployment: Deployment, _ platform: Platform) throws -> String {
    let found = try shell(
      "grep -rlaF -e \"$1\" \"$2\" \"$3\" \"$4\" || true",
      secret,
      deployment.directory,
      platform.cache,
      platform.buildpack
    )
    return found + (deployment.log.contains(secret) ? "the log" : "")
  }

  @Test(
    .enabled(if: GitServer.isInstalled, "this machine's git has no http-backend"),
    arguments: ["git's own server, HTTPS", "git's own server, HTTP", "plain files, HTTP"]
  )
  func gitWithCredentials(kind: String) throws {
    let (isSmart, isSecure) = (kind.hasPrefix("git's"), kind.hasSuffix("HTTPS"))
    if isSecure, !TLSFront.isPossible {
      print("NOT DONE: private git over HTTPS: no openssl, or no python3 with TLS; it is done over HTTP")
      return
    }
    let platform = try Platform()
    try GitRepositories.make(platform.folder + "/git")
    let git = GitServer(repositories: platform.folder + "/git")
    for (value, basic) in [
      ("user:\(Self.secret)", "user:\(Self.secret)"), (Self.secret, "\(Self.secret):x-oauth-basic"),
    ] {
      let expected = "Basic \(Data(basic.utf8).base64EncodedString())"
      let server = try LoopbackServer(root: platform.folder + "/git") { request in
        guard request.headers["authorization"] == expected else {
          return HTTPResponse(status: 401, headers: ["WWW-Authenticate": "Basic realm=\"git\""], text: "who are you?\n")
        }
        guard isSmart else { return nil }
        do { return try git.answer(request) } catch { return HTTPResponse(status: 500, text: "\(error)\n") }
      }
      defer { server.stop() }
      let front = isSecure ? try TLSFront(before: server) : nil
      defer { front?.stop() }
      let (scheme, port) = (front == nil ? "http" : "https", front?.port ?? server.port)
      var trust: [String: String] = [:]
      if let front { trust["GIT_SSL_CAINFO"] = front.certificate }
      let app = App.package(manifest: "[dependencies]\nplain = { git = \"\(scheme)://127.0.0.1:\(port)/plain.git\" }\n")
        .without("Cargo.lock").with(["src/main.rs": "fn main() { println!(\"{}\", plain::TEXT); }"])
      let name = "GIT_CRED__\(scheme.uppercased())__127__0__0__1__\(port)"
      let deployment = try platform.deploy(app, env: trust.merging([name: value]) { $1 })
      #expect(deployment.output(of: "hello") == "private\n", "\(deployment.log)")
      let asked = server.requests.contains { $0.hasPrefix("POST /plain.git/git-upload-pack") }
      #expect(asked == isSmart, "\(server.requests)")
      #expect(deployment.lines.contains("Using the credentials in \(name) for git on 127.0.0.1:\(port)"))
      #expect(try places(of: Self.secret, deployment, platform) == "")
      #expect(try places(of: Data(basic.utf8).base64EncodedString(), deployment, platform) == "")

      let refused = try platform.deploy(
        app.with(["x": "y"]),
        env: trust.merging([name: "user:mistaken-token"]) { $1 }
      )
      #expect(refused.exitCode == 1 && !refused.log.contains("mistaken-token"), "\(refused.log)")
      let malformed = try platform.deploy(.package(), env: ["GIT_CRED__FTP__HOST": value])
      #expect(malformed.log.contains("GIT_CRED__FTP__HOST is not of the form"), "\(malformed.log)")
      #expect(!malformed.log.contains(Self.secret))
    }
  }

  @Test func aRegistryWithAToken() throws {
    let platform = try Platform()
    let rust = try #require(Rust.shared)
    let folder = platform.folder + "/registry"
    let registry = try CrateRegistry(directory: folder, toolchain: rust.toolchain)
    try registry.add(.init("inhouse", "1.0.0", files: ["src/lib.rs": "pub const NAME: &str = \"in-house\";"]))
    let secret = Self.secret
    let server = try LoopbackServer(root: folder) { CrateRegistry.privateAnswer($0, token: secret) }
    defer { server.stop() }
    let app = App.package(manifest: "[dependencies]\ninhouse = { version = \"1\", registry = \"house\" }\n")
      .without("Cargo.lock").with([
        "src/main.rs": "fn main() { println!(\"{}\", inhouse::NAME); }",
        ".cargo/config.toml": """
        [registries.house]
        index = "sparse+\(server.url)/index/"
        [registry]
        global-credential-providers = ["cargo:token"]
        """,
      ])
    let deployment = try platform.deploy(app, env: ["CARGO_REGISTRIES_HOUSE_TOKEN": Self.secret])
    #expect(deployment.output(of: "hello") == "in-house\n", "\(deployment.log)")
    #expect(try places(of: Self.secret, deployment, platform) == "")
  }

  @Test func aLoginNeverStaysInTheCache() throws {
    let platform = try Platform()
    var app = App.package().with([
      "bin/pre_compile":
        "#!/bin/sh\nfor name in credentials credentials.toml config.toml; do echo '# \(Self.secret)' > $CARGO_HOME/$name; done\n"
    ])
    app.executables = ["bin/pre_compile"]
    let good = try platform.deploy(app)
    #expect(good.exitCode == 0, "\(good.log)")
    app["src/main.rs"] = "broken"
    let bad = try platform.deploy(app)
    #expect(bad.exitCode == 1)
    for name in ["credentials", "credentials.toml", "config.toml"] {
      #expect(!FileManager.default.fileExists(atPath: "\(platform.rustCache)/cargo/\(name)"))
    }
    #expect(try shell("grep -rlaF -e \"$1\" \"$2\" || true", Self.secret, platform.cache) == "")
  }

  /// As Scalingo's ssh-private-key buildpack leaves it: a key in the home, and no agent. In ssh's place stands a script
  /// that finds the repositories here; only git's own client starts one.
  @Test func gitOverSSHWithAKey() throws {
    let platform = try Platform()
    try GitRepositories.make(platform.folder + "/git")
    let ssh = platform.folder + "/own-ssh"
    try Data(
      """
      #!/bin/sh
      echo "$*" >>'\(platform.folder)/asked'
      for command; do :; done
      path=${command#*\\'}
      exec git-upload-pack '\(platform.folder)/git'"${path%\\'}"

      """.utf8
    ).write(to: URL(fileURLWithPath: ssh))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: ssh)
    let app = App.package(manifest: "[dependencies]\nplain = { git = \"ssh://git@git.example.com/plain.git\" }\n")
      .without("Cargo.lock").with([
        "src/main.rs": "fn main() { println!(\"{}\", plain::TEXT); }", ".ssh/id_rsa": Self.secret,
      ])
    let deployment = try platform.deploy(app, env: ["GIT_SSH_COMMAND": ssh])
    #expect(deployment.output(of: "hello") == "private\n", "\(deployment.log)")
    let asked = try String(contentsOfFile: platform.folder + "/asked", encoding: .utf8)
    #expect(asked.contains("git@git.example.com git-upload-pack '/plain.git'"), "\(asked)")
    #expect(!deployment.log.contains(Self.secret))
    #expect(try shell("grep -rlaF -e \"$1\" \"$2\" || true", Self.secret, platform.cache) == "")
  }

  @Test func aKeyMakesGitItsOwnClient() throws {
    let platform = try Platform()
    let print = "fn main() { println!(\"{:?}\", option_env!(\"CARGO_NET_GIT_FETCH_WITH_CLI\")); }"
    let app = App.package().with(["src/main.rs": print, ".ssh/id_ed25519": "not a real key\n"])
    let keyed = try platform.deploy(app)
    #expect(keyed.lines.contains("Using git's own client for fetches, since there is an SSH key"), "\(keyed.log)")
    #expect(keyed.output(of: "hello") == "Some(\"true\")\n")
    let own = try platform.deploy(app, env: ["CARGO_NET_GIT_FETCH_WITH_CLI": "false"])
    #expect(own.output(of: "hello") == "Some(\"false\")\n", "\(own.log)")
  }
}

extension CrateRegistry {
  /// Answers as a registry does that wants a token for everything; nil leaves the request to the registry's files.
  static func privateAnswer(_ request: HTTPRequest, token: String) -> HTTPResponse? {
    guard request.headers["authorization"] == token else { return HTTPResponse(status: 401, text: "who are you?\n") }
    guard request.path == "/index/config.json" else { return nil }
    let base = "http://\(request.headers["host"] ?? "")"
    return HTTPResponse(text: "{\"dl\":\"\(base)/crates/{crate}/{crate}-{version}.crate\",\"auth-required\":true}")
  }
}
