/// What will go wrong with the processes that an app's Procfile names, told before it does.
///
/// It warns only of what is certain from here: a command that may be right is passed over, and so is one that it does
/// not understand.
package struct ProcfileCheck {
  private let app: FilePath
  private let executables: [String]
  private let tools: [String]
  private let programs: KnownPrograms
  /// The executable that examples name.
  private let example: String

  /// `executables`: what the build installed of the app's own; `tools`: what it installed of other crates; `packages`:
  /// where the executables come from.
  package init(
    _ app: FilePath,
    executables: [String],
    tools: [String],
    packages: [String],
    environment: Environment
  ) {
    self.app = app
    self.executables = executables
    self.tools = tools
    programs = KnownPrograms(app, installed: executables + tools, environment)
    example = "bin/\(LikelyWebProcess.choose(among: executables, packages: packages) ?? "app")"
  }

  /// A text for the log for each trouble, in the order of the file.
  package var warnings: [String] {
    guard let procfile = Procfile(app) else { return misnamedFile.map { [$0] } ?? [] }
    var warnings = ofFile()
    if procfile.processes.allSatisfy({ $0.command.isEmpty }) {
      warnings.append(
        """
        Warning: The Procfile names no process.

        The platform has nothing to start. Write a line such as "web: \(example)" into it; or remove it, if
        "web" should be what the buildpack chooses.
        """
      )
      return warnings
    }
    warnings += ofNames(procfile.processes)
    for process in procfile.processes {
      // A command that isn't understood may be right.
      guard let command = ProcessCommand(process.command) else { continue }
      warnings += missing(process.name, command)
      if let warning = shellThatStays(process, command) { warnings.append(warning) }
    }
    return warnings
  }

  // MARK: The file

  private var misnamedFile: String? {
    let names = ((try? app.names()) ?? []).map { String(decoding: $0, as: UTF8.self) }
    guard let name = names.first(where: { $0.lowercased() == "procfile" }), app.appending(name).isFile else {
      return nil
    }
    return """
      Warning: The file "\(name)" is not read: the platform looks for "Procfile".

      The processes that it names will not be started. Rename it: git mv \(name) Procfile
      """
  }

  private func ofFile() -> [String] {
    let content = (try? app.appending("Procfile").contents(limit: 1 << 20)) ?? []
    var warnings: [String] = []
    if content.starts(with: Procfile.byteOrderMark) {
      warnings.append(
        """
        Warning: The Procfile begins with a byte order mark, an invisible character.

        It may be taken for a part of the first process's name, which is then not started. Save the file as
        "UTF-8 without BOM".
        """
      )
    }
    if content.contains(UInt8(ascii: "\r")) {
      warnings.append(
        """
        Warning: The Procfile has the line ends of Windows.

        Each command may get an invisible character at its end, so that its program is not found or misreads its
        last argument. Save the file with the line ends of Unix (LF), and add "Procfile text eol=lf" to
        .gitattributes.
        """
      )
    }
    return warnings
  }

  // MARK: Names

  private func ofNames(_ processes: [(name: String, command: String)]) -> [String] {
    var warnings: [String] = []
    let names = processes.map { $0.name }
    if !names.contains("web") {
      if let process = processes.first(where: { $0.name.lowercased() == "web" }) {
        warnings.append(
          """
          Warning: The Procfile has a process "\(process.name)", and none called "web".

          The platform starts only "web" by itself, and sends it the app's requests. Write the name in small letters:

            web: \(process.command)
          """
        )
      } else {
        warnings.append(
          """
          Warning: The Procfile has no process called "web".

          The platform starts only "web" by itself, and sends it the app's requests. If the app answers requests,
          add a line such as

            web: \(example)

          If it does not, start what it has: scalingo --app my-app scale web:0 \(scalable(names)):1
          """
        )
      }
    }
    for name in names where !LaunchRecord.isProcessType(name) {
      let letters = String(name.filter { LaunchRecord.isProcessType(String($0)) }.prefix(24))
      warnings.append(
        """
        Warning: The platform does not take "\(name)" as the name of a process.

        A name is made of letters and digits only, at most 24 of them; the process can't be started.
        Rename it in the Procfile\(letters.isEmpty ? "." : ", for example to \"\(letters)\".")
        """
      )
    }
    return warnings
  }

  private func scalable(_ names: [String]) -> String {
    names.first { LaunchRecord.isProcessType($0) && $0 != "postdeploy" } ?? "worker"
  }

  // MARK: Commands

  /// Programs of a command that are not there.
  private func missing(_ process: String, _ command: ProcessCommand) -> [String] {
    var warnings: [String] = []
    var isElsewhere = false
    var isAlternative = false
    for program in command.programs {
      let mayFail = isAlternative || program.joint == .or
      isAlternative = program.joint == .or
      // What changes PATH or defines names makes everything after it unknown.
      if program.assigned.contains("PATH") { return warnings }
      let words = program.invocation
      guard let first = words.first else { continue }
      if first.isLiteral, KnownPrograms.definesNames.contains(first.text) { return warnings }
      if mayFail { continue }
      if first.isLiteral, ["cd", "pushd", "popd"].contains(first.text) {
        isElsewhere = true
      } else if first.isLiteral, ["sh", "bash", "dash"].contains(FilePath(first.text).lastComponent) {
        if !isElsewhere { warnings += inner(process, words.dropFirst()) }
      } else if first.isLiteral, first.text == "cargo", !programs.has("cargo") {
        warnings.append(ofCargo(process, words))
      } else if let path = Procfile.path(of: first.text) {
        let isRelative = !first.text.hasPrefix("/") && !first.text.hasPrefix("$")
        if !(isElsewhere && isRelative), !app.appending(path).exists {
          warnings.append(ofPath(process, first.text))
        }
      } else if first.isLiteral, !first.text.contains("/"), !programs.mayHave(first.text) {
        warnings.append(ofName(process, first.text))
      }
    }
    return warnings
  }

  /// What "bash -c TEXT" starts.
  private func inner(_ process: String, _ words: ArraySlice<ProcessCommand.Word>) -> [String] {
    guard words.count == 2, let option = words.first, let text = words.last, option.text == "-c", text.isLiteral,
      let command = ProcessCommand(text.text)
    else { return [] }
    return missing(process, command)
  }

  private func installed(_ suggestion: String?) -> String {
    wrapped("\(suggestion ?? "")Installed in bin/: \((executables + tools).joined(separator: ", ")).")
  }

  private func ofPath(_ process: String, _ written: String) -> String {
    let name = nearest(FilePath(written).lastComponent, among: executables + tools)
    return """
      Warning: The Procfile's process "\(process)" starts "\(written)", which the build did not make.

      That command will fail with "No such file or directory".
      \(installed(name.map { "Did you mean bin/\($0)? " }))
      """
  }

  private func ofName(_ process: String, _ written: String) -> String {
    let name = nearest(written, among: executables + tools)
    return """
      Warning: The Procfile's process "\(process)" starts "\(written)", which is not there.

      That command will fail with "\(written): command not found".
      \(installed(name.map { "Did you mean \"\($0)\"? " }))
      """
  }

  private func ofCargo(_ process: String, _ words: ArraySlice<ProcessCommand.Word>) -> String {
    let texts = words.map { $0.text }
    let asked = zip(texts, texts.dropFirst()).first { ["--bin", "-p", "--package"].contains($0.0) }?.1
    let binary = asked.flatMap { name in executables.contains(name) ? "bin/\(name)" : nil } ?? example
    let arguments = texts.firstIndex(of: "--").map { texts[($0 + 1)...].map { " \($0)" }.joined() } ?? ""
    return """
      Warning: The Procfile's process "\(process)" runs cargo, which is not part of the app's image.

      That command will fail with "cargo: command not found". Start the executable itself:

        \(process): \(binary)\(texts.dropFirst().first == "run" ? arguments : "")
      """
  }

  // MARK: Signals

  /// Of a shell that stays in front of the app's executable, as bash does for a pipe and after `&`.
  ///
  /// Not for `a && b` and `a; b`: since version 5.1, which all stacks have, bash gives its place to the last program.
  private func shellThatStays(_ process: (name: String, command: String), _ command: ProcessCommand) -> String? {
    let programs = command.programs
    let isTrapped = programs.contains { ["trap", "wait"].contains($0.invocation.first?.text) }
    guard process.name != "postdeploy", !isTrapped, programs.count == 2, let joint = programs[0].joint else {
      return nil
    }
    let own = programs.map { isOwn($0) }
    let parts = process.command.split(separator: joint == .pipe ? "|" : "&", omittingEmptySubsequences: false)
      .map { trimmed($0) }
    guard parts.count == 2, programs[1].joint == nil, !programs[1].isExecuted else { return nil }
    let better: String
    switch joint {
    case .pipe where own == [true, false]: better = "exec \(parts[0]) > >(\(parts[1]))"
    case .pipe where own == [false, true]: better = "exec \(parts[1]) < <(\(parts[0]))"
    case .background where own[1]: better = "\(parts[0]) & exec \(parts[1])"
    default: return nil
    }
    return """
      Warning: The Procfile's process "\(process.name)" leaves a shell in front of the app.

      The platform ends a container with SIGTERM, which that shell does not pass on: the app can't end what it is
      doing, and is killed after 30 seconds at each release and restart. Let the app take the shell's place:

        \(process.name): \(better)
      """
  }

  private func isOwn(_ program: ProcessCommand.Program) -> Bool {
    guard let word = program.invocation.first else { return false }
    let name = Procfile.path(of: word.text).map { FilePath($0).lastComponent } ?? word.text
    return executables.contains(name)
  }

  private func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
