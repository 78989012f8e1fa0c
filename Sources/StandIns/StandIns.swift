/// The folder names that copies of an app leave out.
package let ignoredInApps: Set<String> = [".git", "target"]
