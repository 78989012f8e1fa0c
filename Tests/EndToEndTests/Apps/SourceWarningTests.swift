import Testing

/// What a build takes without a word, and the log tells of all the same.
@Suite(.needsRust) struct SourceWarningTests {
  @Test func gitLFSPointers() throws {
    let pointer = """
      version https://git-lfs.github.com/spec/v1
      oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
      size 7340032

      """
    let platform = try Platform()
    let app = App.package().with(["assets/model.bin": pointer])
    let deployment = try platform.deploy(app)
    #expect(deployment.exitCode == 0, "\(deployment.log)")
    #expect(deployment.complaint.contains("1 file is a Git LFS pointer"), "\(deployment.log)")
    #expect(deployment.complaint.contains("assets/model.bin"))

    // The app's own script fetches them.
    var fetching = app.with(["bin/pre_compile": "#!/bin/sh\necho real > assets/model.bin\n"])
    fetching.executables = ["bin/pre_compile"]
    let fetched = try platform.deploy(fetching)
    #expect(fetched.exitCode == 0 && fetched.complaint.isEmpty, "\(fetched.log)")
  }

  @Test func theMachinesOwnProcessor() throws {
    let platform = try Platform()
    let flags = "[build]\nrustflags = [\"-C\", \"target-cpu=native\"]\n"
    let file = try platform.deploy(App.package().with([".cargo/config.toml": flags]))
    #expect(file.exitCode == 0 && file.complaint.contains("target-cpu=native in .cargo/config.toml"), "\(file.log)")
    let variable = try platform.deploy(App.package(), env: ["RUSTFLAGS": "-C target-cpu=native"])
    #expect(variable.complaint.contains("target-cpu=native in RUSTFLAGS"), "\(variable.log)")
    #expect(try platform.deploy(App.package()).complaint.isEmpty)
  }
}
