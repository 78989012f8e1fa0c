import RustBuildpack

exitProcess(Detect.run(commandLineArguments, process: .ofProcess))
