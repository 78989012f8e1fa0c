import RustBuildpack

exitProcess(Release.run(commandLineArguments))
