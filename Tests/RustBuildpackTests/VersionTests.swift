import RustBuildpack
import Testing

@Test func versionIsSemantic() {
  #expect(buildpackVersion.split(separator: ".").count == 3)
}
