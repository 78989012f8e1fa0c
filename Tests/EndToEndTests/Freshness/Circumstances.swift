import StandIns

/// What a deployment depends on beside its sources.
struct Circumstances: Equatable {
  var channel: String
  var stack = "scalingo-24"
  /// cargo's profile; nil for its usual one.
  var profile: String?
  var hasFeature = false
  var hasFlags = false
  var usesNewLayout = false

  /// The variables of cargo itself, for a build anywhere.
  var cargoVariables: [String: String] {
    var variables: [String: String] = [:]
    if hasFlags { variables["RUSTFLAGS"] = "--cfg flag" }
    if usesNewLayout { variables["CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT"] = "true" }
    return variables
  }

  /// The variables of a deployment.
  var variables: [String: String?] {
    var variables: [String: String?] = ["STACK": stack, "RUST_INSTALL_PROFILE": profile]
    variables["RUST_INSTALL_FEATURES"] = hasFeature ? "extra" : nil
    return variables.merging(cargoVariables) { $1 }
  }

  /// Whether what was compiled under others can't be used.
  func discards(_ others: Circumstances) -> Bool {
    discardsHooks(others) || profile != others.profile
  }

  /// Whether what the app's scripts compiled can't be used.
  func discardsHooks(_ others: Circumstances) -> Bool {
    channel != others.channel || stack != others.stack || hasFlags != others.hasFlags
      || usesNewLayout != others.usesNewLayout
  }

  /// Changes one of them; what was done, for the history.
  mutating func change(_ channels: [String], newLayout: Bool, _ numbers: inout SeededNumbers) -> String {
    switch Int.random(in: 0..<(newLayout ? 7 : 5), using: &numbers) {
    case 0: channel = channels.first { $0 != channel } ?? channel
    case 1: stack = stack == "scalingo-24" ? "scalingo-22" : "scalingo-24"
    case 2: profile = profile == nil ? "dev" : nil
    case 3: hasFeature.toggle()
    case 4: hasFlags.toggle()
    default: usesNewLayout.toggle()
    }
    return "under \(channel), \(stack), \(profile ?? "release")\(hasFeature ? ", extra" : "")"
      + "\(hasFlags ? ", flags" : "")\(usesNewLayout ? ", new layout" : "")"
  }
}
