import Foundation

exit(LocalDeploy.run(Array(CommandLine.arguments.dropFirst())))
