/// The buildpack's version: a SemVer that CHANGELOG knows, and the only place in the code where it stands.
package let buildpackVersion = "0.1.0"
