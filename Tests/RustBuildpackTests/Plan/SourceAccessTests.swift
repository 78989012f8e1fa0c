import Testing

@testable import RustBuildpack

@Suite struct SourceAccessTests {
  @Test(
    arguments: [
      ("HTTPS__GITHUB__COM", "https://github.com"), ("HTTP__127__0__0__1", "http://127.0.0.1"),
      ("HTTP__127__0__0__1__8080", "http://127.0.0.1:8080"),
      ("HTTPS__GIT__EXAMPLE__COM__8443", "https://git.example.com:8443"),
      ("HTTPS__GIT_HOST__EXAMPLE__COM", "https://git-host.example.com"),
      ("HTTPS__LOCALHOST__81", "https://localhost:81"),
      ("FTP__EXAMPLE__COM", nil), ("HTTPS", nil), ("HTTPS__", nil),
    ] as [(String, String?)]
  )
  func theNameOfAVariableNamesAHost(name: String, place: String?) {
    #expect(SourceAccess.place(name[...]).map { "\($0.proto)://\($0.host)" } == place)
  }

  @Test func settingsForGitOfTheAppsOwnerStayInForce() {
    var environment = Environment()
    environment["GIT_CONFIG_COUNT"] = "2"
    environment["GIT_CRED__HTTPS__A__B"] = "user:secret:with:colons"
    let access = SourceAccess(environment)
    #expect(access.variables["GIT_CONFIG_COUNT"] == "3")
    #expect(access.variables["GIT_CONFIG_KEY_2"] == "credential.https://a.b.helper")
    #expect(access.variables["RUST_BUILDPACK_GIT_TOKEN_0"] == "secret:with:colons")
    #expect(!access.remarks.joined().contains("secret"))
  }
}
