/// The buildpack's version: a SemVer that CHANGELOG knows, and the only place in the code where it stands.
package let buildpackVersion = "0.3.0"

/// Prints the version if that is all that was asked for, and says whether it was.
///
/// Every executable asks here before it looks at its arguments.
func tellsVersion(_ arguments: [FilePath]) -> Bool {
  guard arguments.count == 1, arguments[0].string == "--version" else { return false }
  StandardStream.output.write(Array("rust-buildpack \(buildpackVersion)\n".utf8))
  return true
}
