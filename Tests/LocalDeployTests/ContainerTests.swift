import Foundation
import Testing

@testable import local_deploy

/// What `--container` hands to the script of the checkout.
@Suite struct ContainerTests {
  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  private func arguments(_ words: [String]) throws -> Arguments {
    guard case .deploy(let arguments) = try Request(words) else { throw Failure.usage("no deployment") }
    return arguments
  }

  @Test func theScriptGetsTheAppTheVariablesAndTheStack() throws {
    let words = [
      "--container", "--once", "--stack", "scalingo-24", "--env", "B=two words", "--env", "A=1", "--buildpack", "/b",
      "an app",
    ]
    let deployment = try ContainerDeployment(arguments(words), checkouts: ["/nowhere", Self.checkout])
    #expect(
      deployment.words == [
        Self.checkout + "/Tests/container/run", "--required", "--app", "an app", "--buildpack", "/b", "--env", "A=1",
        "--env",
        "B=two words", "scalingo-24",
      ]
    )
  }

  @Test(arguments: [["--port", "4000"], ["--clear-cache"], ["--no-run"]])
  func whatTheContainerCanNotDoIsRefused(option: [String]) throws {
    let arguments = try arguments(["--container", "app"] + option)
    #expect {
      try ContainerDeployment(arguments, checkouts: [Self.checkout])
    } throws: { error in
      (error as? Failure)?.exitCode == 2
    }
  }

  @Test func outsideOfACheckoutThereIsNoScript() throws {
    let arguments = try arguments(["--container", "app"])
    #expect(throws: Failure.self) { try ContainerDeployment(arguments, checkouts: ["/nowhere"]) }
  }
}
