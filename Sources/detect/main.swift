import RustBuildpack

exitProcess(Detect.run(commandLineArguments))
