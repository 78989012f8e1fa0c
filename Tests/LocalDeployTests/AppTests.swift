import Testing

@testable import local_deploy

@Suite struct AppTests {
  @Test func theCacheHasTheAppsNameAndItsPathsDigest() {
    let cache = UserCache(environment: ["HOME": "/home/me"])
    #expect(cache.path == "/home/me/.cache/rust-buildpack/local-deploy")
    let folder = cache.folder(ofApp: "/one/my app")
    #expect(folder.hasPrefix("\(cache.path)/my app-"))
    #expect(folder.count == "\(cache.path)/my app-".count + 16)
    #expect(folder == cache.folder(ofApp: "/one/my app"))
    #expect(folder != cache.folder(ofApp: "/two/my app"))
  }

  @Test(arguments: [("/xdg", "/xdg"), ("", "/home/me/.cache"), ("relative", "/home/me/.cache")])
  func theUsersCacheFolder(xdg: String, root: String) {
    let cache = UserCache(environment: ["HOME": "/home/me", "XDG_CACHE_HOME": xdg])
    #expect(cache.path == root + "/rust-buildpack/local-deploy")
  }

  @Test func theProcfilesLine() {
    let procfile = "# a comment: x\nworker: w\r\n web :  bin/web --a=b:c  \nempty:\n"
    #expect(AppCommand.command(of: "web", inProcfile: procfile) == "bin/web --a=b:c")
    #expect(AppCommand.command(of: "worker", inProcfile: procfile) == "w")
    #expect(AppCommand.command(of: "empty", inProcfile: procfile) == nil)
    #expect(AppCommand.command(of: "clock", inProcfile: procfile) == nil)
  }

  @Test(arguments: [
    ("/app/bin/web", "/w/bin/web"),
    ("/app", "/w"),
    ("PATH=/app/bin:/app:/usr/app/bin", "PATH=/w/bin:/w:/usr/app/bin"),
    ("cd \"/app\" && '/app/bin/x y'", "cd \"/w\" && '/w/bin/x y'"),
    ("$HOME/app/x ~/app ./app ${X}/app ${X:-/app}", "$HOME/app/x ~/app ./app ${X}/app ${X:-/w}"),
    ("/application /app-2 /app.log", "/application /app-2 /app.log"),
  ])
  func theAppFolderIsReplaced(text: String, result: String) {
    #expect(AppCommand.replacingAppFolder(in: text, by: "/w") == result)
  }
}
