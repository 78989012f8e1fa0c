// Advice that several errors share.

let resetCache =
  "Reset the build cache with \"scalingo --app my-app deployment-delete-cache\", then deploy again."
let retry = "Deploy again in a few minutes: the cause may have been a passing one."
let ourFault =
  "This is a fault of the buildpack or of the machine, not of your app. Deploy again; if it comes back, please open "
  + "an issue at the buildpack's repository with this log."
let smallerVariables =
  "The config vars are too large together for Linux to start a program with them: make them smaller."
let anotherLink =
  "Name another path in the variable RUST_BUILDPACK_LINK of the machine, the same on every deployment."
