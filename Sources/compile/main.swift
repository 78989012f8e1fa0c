import RustBuildpack

exitProcess(Compile.run(commandLineArguments, process: .ofProcess))
