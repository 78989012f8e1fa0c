extension Request {
  static let helpText = """
    Deploys an app on this machine the way the platform does: detect, compile, release, then its web process.

    USAGE
      local-deploy [OPTIONS] APP
      local-deploy stand-ins …          serve this machine's Rust toolchain as static.rust-lang.org
      local-deploy serve FOLDER -- …    run a command while a folder is served; its address is in SERVED_AT

    APP is the folder of a Rust app. A copy of it is built (without .git and target), at a new path every time, with a
    cache that is kept for the next deployment. Everything else is removed at the end.

    OPTIONS
      --buildpack DIR     the folder that holds bin/detect, bin/compile and bin/release (default: this checkout)
      --env NAME=VALUE    a variable of the app, at build and at run time; can be repeated
      --env-file FILE     such variables, one NAME=VALUE in a line, # for comments; can be repeated, the last one wins
      --stack NAME        the stack that the build is told to be on: scalingo-22 (default), scalingo-24 or scalingo-26
      --port N            the PORT of the web process (default: a free one)
      --once              request / once, print the answer, stop; fails when there is none, its status is 500 or more, or
                          the platform could not reach the app
      --no-run            stop after release
      --clear-cache       empty the app's cache first, as "scalingo deployment-delete-cache" does
      --container         deploy in the platform's container, or a stand-in for it, as Tests/container/run does: twice
                          from an empty cache, as root and as an ordinary user, and request / each time
      -h, --help          this text

    The exit code is that of the phase that failed. Ctrl-C stops the web process: TERM, and KILL after 30 seconds.
    """
}
