// swift-tools-version: 6.0
import PackageDescription

let gnuSource: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]

// Unoptimised, checking rustup's sum takes a second; every deployment of a test does it.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "rust-buildpack",
  products: [
    .executable(name: "detect", targets: ["detect"]),
    .executable(name: "compile", targets: ["compile"]),
    .executable(name: "release", targets: ["release"]),
    .executable(name: "local-deploy", targets: ["local-deploy"]),
  ],
  targets: [
    // What ships: one library and three executables of a few lines each.
    .target(name: "RustBuildpack", swiftSettings: gnuSource + optimized),
    .executableTarget(name: "detect", dependencies: ["RustBuildpack"]),
    .executableTarget(name: "compile", dependencies: ["RustBuildpack"]),
    .executableTarget(name: "release", dependencies: ["RustBuildpack"]),
    // What helps to develop: the platform, rustup's servers and crates.io, played on this machine.
    .target(name: "StandIns", dependencies: ["RustBuildpack"], swiftSettings: gnuSource),
    .executableTarget(name: "local-deploy", dependencies: ["RustBuildpack", "StandIns"], swiftSettings: gnuSource),
    .testTarget(name: "RustBuildpackTests", dependencies: ["RustBuildpack"]),
    .testTarget(name: "LocalDeployTests", dependencies: ["local-deploy", "StandIns"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["RustBuildpack", "StandIns", "detect", "compile", "release"],
      swiftSettings: gnuSource
    ),
  ],
  swiftLanguageModes: [.v6]
)
