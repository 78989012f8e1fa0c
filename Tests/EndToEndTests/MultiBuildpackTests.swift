import Foundation
import StandIns
import Testing

/// Beside other buildpacks, driven by the platform's multi-buildpack.
@Suite(.needsStandIns) struct MultiBuildpackTests {
  private static let assets = App.package().with([
    "src/main.rs": "fn main() { print!(\"{}\", include_str!(\"../public/app.js\")); }\n"
  ])

  /// Fills the build directory as a build of assets does, with the time of the deployment on everything.
  private func bundler(_ text: String) -> OtherBuildpack {
    OtherBuildpack(
      compile: """
        mkdir -p "$1/public" "$1/node_modules/.bin" "$1/node_modules/left" "$1/bin" "$1/.profile.d" "$2/node"
        echo '\(text)' >"$1/public/app.js"
        for i in $(seq 200); do echo "module $i" >"$1/node_modules/left/$i.js"; done
        ln -s ../left/1.js "$1/node_modules/.bin/left"
        printf '#!/bin/sh\\necho node\\n' >"$1/bin/node"
        chmod +x "$1/bin/node"
        echo 'export NODE_HOME="$HOME/node_modules"' >"$1/.profile.d/node.sh"
        echo cached >>"$2/node/runs"
        """,
      release: "printf 'default_process_types:\\n  web: node\\n'"
    )
  }

  @Test func aLaterBuildpackBuildsWithOurCargo() throws {
    let platform = try Platform.installed()
    let later = OtherBuildpack(
      compile: """
        echo "       $(cargo --version), home $CARGO_HOME"
        mkdir -p "$2/native"
        cd "$1/native"
        cargo build --release --locked --target-dir "$2/native/target"
        cp "$2/native/target/release/native" "$1/bin/native"
        """,
      release: "printf 'config_vars:\\n  LAST: other\\n'"
    )
    let app = App.package(manifest: "[workspace]\nexclude = [\"native\"]\n")
      .with(.package("native", printing: "native"), in: "native")
      .with(["native/Cargo.lock": App.lockFile(["native"])])
    for run in ["cold", "warm"] {
      let deployment = try platform.deploy(app, with: [.rust, .other(later)])
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.lines.contains { $0.hasPrefix("cargo 1.") && $0.hasSuffix("\(platform.link)/cargo") })
      #expect(deployment.output(of: "hello") == "hello\n")
      #expect(deployment.output(of: "native") == "native\n")
      #expect(deployment.release.output == "config_vars:\n  LAST: other\n", "the last one's release")
      #expect(deployment.has(".profile.d/rust.sh"), "what the start needs does not hang on release")
      #expect(deployment.compiled.contains("hello") == (run == "cold"), "\(run): \(deployment.log)")
    }
  }

  @Test func anEarlierBuildpackFillsTheBuildDirectoryAndSharesTheCache() throws {
    let platform = try Platform.installed()
    for (run, text, compiled) in [
      ("cold", "one", ["hello"]), ("warm", "one", []), ("changed", "two", ["hello"]), ("back", "one", ["hello"]),
    ] {
      let deployment = try platform.deploy(Self.assets, with: [.other(bundler(text)), .rust])
      #expect(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.compiled == compiled, "\(run): \(deployment.log)")
      #expect(deployment.output(of: "hello") == "\(text)\n", "\(run)")
      #expect(deployment.output(of: "node") == "node\n", "what was in bin/ before stays")
      #expect(deployment.names(".profile.d") == ["node.sh", "rust.sh"])
      #expect(deployment.names("node_modules/left").count == 200)
      #expect(deployment.release.output.contains("  web: /app/bin/hello\n"), "the last one is ours")
    }
    let runs = try String(contentsOfFile: platform.cache + "/node/runs", encoding: .utf8)
    #expect(runs == String(repeating: "cached\n", count: 4), "what is theirs in the cache stays")
  }

  @Test func aBuildpackThatEmptiesTheCacheCostsTimeAndNothingElse() throws {
    let wiper = OtherBuildpack(compile: "find \"$2\" -mindepth 1 -delete; echo theirs >\"$2/only\"")
    for order in ["before", "after"] {
      let platform = try Platform.installed()
      for run in 1...2 {
        let list = [ListedBuildpack.other(wiper), .rust]
        let deployment = try platform.deploy(.package(), with: order == "before" ? list : list.reversed())
        #expect(deployment.exitCode == 0, "\(deployment.log)")
        #expect(deployment.output(of: "hello") == "hello\n", "\(order), \(run)")
        // After us it takes what the toolchain template had, too.
        #expect(deployment.compiled == ["hello"], "\(order), \(run): \(deployment.log)")
        let isInstalled = deployment.lines.contains { $0.hasPrefix("Installed Rust ") }
        #expect(isInstalled == (order == "before" || run == 2), "\(order), \(run): \(deployment.log)")
        #expect(FileManager.default.fileExists(atPath: platform.cache + "/only"))
      }
    }
  }

  /// What the apt buildpack does with libraries: unpacked below the build directory, and found by variables that name it.
  private func packages(version: Int) -> OtherBuildpack {
    OtherBuildpack(
      compile: """
        lib="$1/.apt/usr/lib" include="$1/.apt/usr/include"
        mkdir -p "$lib/pkgconfig" "$include"
        echo '#define STAND_VERSION \(version)' >"$include/stand.h"
        printf '#include "%s/stand.h"\\nint stand_version(void) { return STAND_VERSION; }\\n' "$include" >"$1/.apt/stand.c"
        gcc -c -o "$1/.apt/stand.o" "$1/.apt/stand.c"
        ar crsD "$lib/libstand.a" "$1/.apt/stand.o"
        rm "$1/.apt/stand.o" "$1/.apt/stand.c"
        printf 'prefix=%s\\nlibdir=${prefix}/lib\\nName: stand\\nDescription: x\\nVersion: 1\\nLibs: -L${libdir} -lstand\\n' \\
          "$1/.apt/usr" >"$lib/pkgconfig/stand.pc"
        cat >export <<END
        export PKG_CONFIG_PATH="$lib/pkgconfig"
        export CPATH="$include"
        export LIBRARY_PATH="$lib"
        END
        """
    )
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/pkg-config"), "no pkg-config"))
  func librariesBelowAMovingBuildDirectoryAreTheRightOnesAndCostTheirCrates() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try rust.registry.add(.init("other", "1.0.0", files: ["src/lib.rs": "pub fn other() {}\n"]))
    try rust.registry.add(
      .init(
        "stand-sys",
        "1.0.0",
        files: [
          "build.rs": """
          use std::process::Command;
          fn main() {
              println!("cargo:rerun-if-env-changed=PKG_CONFIG_PATH");
              // As the crate pkg-config does it, since LIBRARY_PATH makes the folder one of the system's.
              let mut command = Command::new("pkg-config");
              command.env("PKG_CONFIG_ALLOW_SYSTEM_LIBS", "1").args(["--libs-only-L", "stand"]);
              let run = command.output().unwrap();
              assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
              let folder = String::from_utf8(run.stdout).unwrap().trim().trim_start_matches("-L").to_string();
              println!("cargo:rustc-link-search=native={folder}");
              println!("cargo:rustc-link-lib=static=stand");
          }
          """,
          "src/lib.rs": """
          extern "C" { fn stand_version() -> std::os::raw::c_int; }
          pub fn version() -> i32 { unsafe { stand_version() } }
          """,
        ]
      )
    )
    let platform = try Platform(rust: rust)
    var app = App.package(manifest: "[dependencies]\nother = \"1\"\nstand-sys = \"1\"\n").without("Cargo.lock")
      .with(["src/main.rs": "fn main() { other::other(); println!(\"{}\", stand_sys::version()); }\n"])
    for (run, version, compiled) in [
      ("cold", 1, ["hello", "other", "stand-sys"]),
      // The build script's answer holds the old path, at which there is nothing any more: it has to be asked again.
      ("moved", 1, ["hello", "stand-sys"]), ("a newer library", 2, ["hello", "stand-sys"]),
    ] {
      let deployment = try platform.deploy(app, with: [.other(packages(version: version)), .rust])
      #expect(deployment.exitCode == 0, "\(run): \(deployment.log)")
      #expect(deployment.compiled.sorted() == compiled, "\(run): \(deployment.log)")
      #expect(deployment.output(of: "hello") == "\(version)\n", "\(run)")
      app["Cargo.lock"] = deployment.contents("Cargo.lock")
    }
  }
}
