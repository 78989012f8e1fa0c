// A trailing closure does not infer a typed throw; these turn the errors of `System` into a deployment's errors.

/// Runs `body`; a file operation that fails becomes the deployment's error.
package func guardingFiles<Value>(_ body: () throws(FileError) -> Value) throws(BuildpackError) -> Value {
  do throws(FileError) { return try body() } catch { throw .file(error) }
}

/// Runs `body`; a program that can't be started becomes the deployment's error.
package func guardingCommands<Value>(_ body: () throws(CommandError) -> Value) throws(BuildpackError) -> Value {
  do throws(CommandError) { return try body() } catch { throw .programMissing(error) }
}
