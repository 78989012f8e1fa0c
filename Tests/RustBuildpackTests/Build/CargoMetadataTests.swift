// What "cargo metadata" of cargo 1.95 printed for small workspaces.
import Testing

@testable import RustBuildpack

@Suite struct CargoMetadataTests {
  private func read(_ name: String, without key: String? = nil) throws -> CargoMetadata? {
    var members = try #require(try JSON.parse(recorded(name)).object)
    members.removeAll { $0.key == key }
    return CargoMetadata(.object(members), buildDirectory: "/build")
  }

  @Test func readsARootPackageWithAMember() throws {
    let metadata = try #require(try read("metadata-root-package.json"))
    let root = try #require(metadata.rootPackage)
    #expect(metadata.packages.map(\.name) == ["tool", "my-app"])
    #expect(metadata.defaultMembers.map(\.name) == ["my-app"])
    #expect(metadata.workspaceRoot == "/build")
    #expect(metadata.workspaceSettings == ["profile": "dist"])
    #expect(root.id == "path+file:///build#my-app@1.2.3")
    #expect(root.manifest == "/build/Cargo.toml")
    #expect(root.binaries == ["admin", "my-app", "web"])
    #expect(root.requiredFeatures == ["admin": ["admin"]])
    #expect(root.features.keys.sorted() == ["admin", "default", "tls"])
    #expect(root.defaultRun == "my-app")
    #expect(root.settings == ["addons": [], "features": ["admin"]])
  }

  @Test func readsAVirtualWorkspace() throws {
    let metadata = try #require(try read("metadata-virtual-workspace.json"))
    #expect(metadata.rootPackage == nil)
    #expect(metadata.workspaceSettings == nil)
    #expect(metadata.defaultMembers.map(\.name) == ["macros", "shared", "web", "worker"])
    // A build script is no binary.
    #expect(metadata.packages.map(\.binaries) == [[], [], ["web"], ["worker"]])
    #expect(metadata.packages.allSatisfy { $0.settings == nil && $0.defaultRun == nil && $0.features.isEmpty })
  }

  @Test func guessesDefaultMembersForOldCargo() throws {
    let key = "workspace_default_members"
    #expect(try read("metadata-root-package.json", without: key)?.defaultMembers.map(\.name) == ["my-app"])
    #expect(try read("metadata-virtual-workspace.json", without: key)?.defaultMembers.count == 4)
  }

  @Test(arguments: ["packages", "workspace_root"])
  func needsItsKeys(key: String) throws {
    #expect(try read("metadata-root-package.json", without: key) == nil)
  }

  @Test func leavesOutWhatIsNoMember() throws {
    let metadata = try #require(try read("metadata-root-package.json", without: "workspace_members"))
    #expect(metadata.packages.isEmpty && metadata.defaultMembers.isEmpty && metadata.rootPackage == nil)
  }
}
