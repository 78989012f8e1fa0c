import Testing

@testable import RustBuildpack

@Suite struct SecretsTests {
  @Test(arguments: [
    (
      "    Updating git repository `https://user:token@git.example.com/app.git`",
      "    Updating git repository `https://…@git.example.com/app.git`"
    ),
    ("fatal: unable to access 'https://token@host/'", "fatal: unable to access 'https://…@host/'"),
    ("registry+https://t@a/index and git+HTTP://u:p@b", "registry+https://…@a/index and git+HTTP://…@b"),
    ("postgres://user:p@ss:word@db:5432/app", "postgres://…@db:5432/app"),
    ("postgres://user@db/app", "postgres://user@db/app"),
    (
      "ssh://git@github.com/a/b.git and git@github.com:a/b.git",
      "ssh://git@github.com/a/b.git and git@github.com:a/b.git"
    ),
    ("https://host/path@1.0?mail=a:b@c", "https://host/path@1.0?mail=a:b@c"),
    (
      "see https://docs.rs or write to a@b.c: https://docs.rs", "see https://docs.rs or write to a@b.c: https://docs.rs"
    ),
    ("https://@host https://", "https://@host https://"),
    ("a:b://c:d@e ::// @:", "a:b://…@e ::// @:"),
    ("two\nhttps://a:b@c\nlines", "two\nhttps://…@c\nlines"),
    ("@", "@"), ("", ""),
  ])
  func credentialsOfAddressesAreNotShown(text: String, shown: String) {
    #expect(String(decoding: withoutCredentials(Array(text.utf8)), as: UTF8.self) == shown)
  }

  @Test func otherBytesStayAsTheyAre() {
    let bytes: [UInt8] = [0xFF, 0x00, 0x3A, 0x2F, 0x2F, 0x40, 0xC3]
    #expect(withoutCredentials(bytes) == bytes)
  }

  @Test(arguments: [
    (["--config", "registries.house.token=\"abc\""], ["--config", "registries.house.token=…"]),
    (["--config=http.proxy-password=\"abc\""], ["--config=http.proxy-password=…"]),
    (["--config", "registries.x={token=\"abc\"}"], ["--config", "registries.x=…"]),
    (["--config", "env.GREETING=\"abc\""], ["--config", "env.GREETING=…"]),
    (["--config", "profile.release.lto=\"fat\""], ["--config", "profile.release.lto=\"fat\""]),
    (["--config", "secrets.toml", "--jobs", "2"], ["--config", "secrets.toml", "--jobs", "2"]),
    (["--features", "token=x"], ["--features", "token=x"]),
  ])
  func secretsOfTheConfigurationAreNotShown(words: [String], shown: [String]) {
    #expect(withoutSecrets(words) == shown)
  }
}
