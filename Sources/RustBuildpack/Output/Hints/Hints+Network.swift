// Networks and git. Addresses are never repeated: they may hold a token, or be the value of a variable.

private let again = "Deploy again in a few minutes: the cause is often a passing one."
private let mirrors =
  "If a mirror or a private registry is set (RUSTUP_DIST_SERVER, RUSTUP_UPDATE_ROOT, [source] or [registries] in "
  + ".cargo/config.toml), check its address and that it can be reached from the internet."
private let keyOrToken =
  "Give the build a way in: set {credential}=user:token, with a token of the git host, for an address with https://; or "
  + "use Scalingo's ssh-private-key buildpack before this one in .buildpacks, with CARGO_NET_GIT_FETCH_WITH_CLI=true."
private let places = [
  "could not read Username for '{address}'", "could not read Password for '{address}'",
  "Authentication failed for '{address}'", "unable to update {address}",
]

extension HintRow {
  static let git: [HintRow] = [
    HintRow(
      id: "git-submodule",
      any: ["failed to update submodule `{name}`", "failed to fetch submodule `{name}`"],
      stage: .fetching,
      details: places,
      cause: "A git dependency has the submodule {name}, which could not be fetched.",
      advice: [
        "See in the dependency's .gitmodules where it lies; a relative or ssh address needs the same access.",
        keyOrToken,
      ]
    ),
    HintRow(
      id: "git-host-key",
      any: [
        "Host key verification failed", "unknown SSH host key", "The SSH host key for `{host}` is not known",
        "error: unknown SSH host key", "SSH host key has changed",
      ],
      stage: .fetching,
      cause: "A dependency comes over SSH from a server whose host key the build does not know (or no longer knows).",
      advice: [
        "Depend on it by https:// instead of ssh://, with a token of the git host if it is private.",
        "Or use Scalingo's ssh-private-key buildpack before this one in .buildpacks, with "
          + "CARGO_NET_GIT_FETCH_WITH_CLI=true; it brings the key and the known hosts.",
      ]
    ),
    HintRow(
      id: "git-authentication",
      any: [
        "Permission denied (publickey", "could not read Username for", "could not read Password for",
        "failed to authenticate when downloading repository", "Authentication failed for",
        "failed to acquire username/password", "no authentication methods succeeded",
        "authentication required but no callback set",
        "failed to receive HTTP 200 response: got 401", "failed to receive HTTP 200 response: got 403",
        "remote authentication required",
      ],
      stage: .fetching,
      details: places,
      cause:
        "A dependency lies in a git repository that did not let the build in: it is private, or its address is wrong.",
      advice: [
        keyOrToken,
        "If {credential} is set: the host refused it. See whether the token has expired, and may read this repository.",
        "If it is public, check its address in Cargo.toml: git hosts ask for a password where there is nothing.",
      ]
    ),
    HintRow(
      id: "git-repository-missing",
      any: [
        "failed to receive HTTP 200 response: got 404", "Repository not found", "fatal: repository '",
        "does not appear to be a git repository",
      ],
      stage: .fetching,
      details: places,
      cause: "There is no git repository at the address of a dependency, or none that may be seen without logging in.",
      advice: [
        "Check the address in Cargo.toml: the repository may have moved or become private. Then run \"cargo check\" and "
          + "commit Cargo.toml and Cargo.lock.",
        "If it is private: \(keyOrToken)",
      ]
    ),
    HintRow(
      id: "git-reference-missing",
      any: [
        "failed to find branch `{name}`", "failed to find tag `{name}`", "revspec '{name}' not found",
        "couldn't find remote ref {name}", "unable to find object for revision {name}", "not our ref {name}",
      ],
      stage: .fetching,
      cause:
        "The repository of a git dependency has no \"{name}\": a branch or tag that was removed, or a commit that was "
        + "overwritten or never pushed.",
      advice: [
        "Push it, or name another branch, tag or rev in Cargo.toml; then run \"cargo check\" and commit Cargo.lock.",
        "If only Cargo.lock is behind: \"cargo update PACKAGE\", and commit Cargo.lock.",
      ]
    ),
    HintRow(
      id: "registry-token-rejected",
      any: ["token rejected for `{registry}`"],
      stage: .fetching,
      cause: "The registry \"{registry}\" refused the token in {token}.",
      advice: [
        "See whether the token has expired, belongs to this registry, and may read the crate; then set {token} to a good "
          + "one. Some registries want it with a word before it, such as \"Bearer …\"."
      ]
    ),
    HintRow(
      id: "registry-login",
      any: [
        "authenticated registries require a credential-provider", "no token found for `{registry}`",
        "no token found, please run `cargo login`",
      ],
      stage: .fetching,
      cause: "A private registry wants a token.",
      advice: [
        "Set {token} to it (the registry's name in capitals stands for NAME), and "
          + "CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS=cargo:token."
      ]
    ),
  ]

  /// In the order of what is most telling: a proxy's answer comes with other words as well.
  static let network: [HintRow] = [
    HintRow(
      id: "proxy",
      any: [
        "CONNECT tunnel failed", "Could not resolve proxy", "Received HTTP code {code} from proxy", "proxy connect",
      ],
      stage: .fetching,
      cause: "The proxy that the build was told to use did not pass the request on.",
      advice: [
        "Check the variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and CARGO_HTTP_PROXY, or remove them: builds on Scalingo "
          + "reach the internet without one."
      ]
    ),
    HintRow(
      id: "dns",
      any: [
        "Could not resolve host", "Couldn't resolve host", "dns error", "failed to lookup address information",
        "Temporary failure in name resolution", "failed to resolve address for",
      ],
      stage: .fetching,
      cause: "The name of a server could not be resolved.",
      advice: [again, mirrors]
    ),
    HintRow(
      id: "tls",
      any: [
        "SSL certificate problem", "SSL peer certificate", "invalid peer certificate",
        "server certificate verification failed",
        "SSL connect error", "certificate verify failed", "the SSL certificate is invalid",
      ],
      stage: .fetching,
      cause: "The server's certificate was not accepted: it has expired, is self-signed, or something stands between.",
      advice: [
        mirrors,
        "If it is signed by an authority of your own: name a file with its certificate in SSL_CERT_FILE, which curl, "
          + "rustup, cargo and git read; for cargo alone, cainfo = \"…\" in [http] of .cargo/config.toml.",
        again,
      ]
    ),
    HintRow(
      id: "too-many-requests",
      any: ["), got 429", "returned error: 429", "unsuccessful status code: 429"],
      stage: .fetching,
      cause: "The server says that too many requests came (429).",
      advice: ["Wait some minutes, then deploy again."]
    ),
    HintRow(
      id: "forbidden",
      any: [
        "), got 403", "returned error: 403", "unsuccessful status code: 403", "), got 401", "returned error: 401",
        "unsuccessful status code: 401",
      ],
      stage: .fetching,
      cause: "The server refused the request (401 or 403): it wants a login, or blocks this address.",
      advice: [
        mirrors,
        "For a private registry set CARGO_REGISTRIES_NAME_TOKEN, with its name in capitals for NAME.",
        again,
      ]
    ),
    HintRow(
      id: "not-found",
      any: [
        "), got 404", "returned error: 404", "unsuccessful status code: 404", "config.json not found in registry",
        "), got 410", "returned error: 410",
      ],
      stage: .fetching,
      cause: "The server does not have the file (404).",
      advice: [mirrors, again]
    ),
    HintRow(
      id: "server-error",
      any: ["), got 5{rest}", "returned error: 5{rest}", "unsuccessful status code: 5{rest}"],
      stage: .fetching,
      cause: "The server is in trouble (5{rest}).",
      advice: [again, mirrors]
    ),
    HintRow(
      id: "timeout",
      any: [
        "[28] Timeout", "curl: (28)", "Operation too slow", "operation timed out", "Connection timed out",
        "Operation timed out",
      ],
      stage: .fetching,
      cause: "The server did not answer in time, or too slowly.",
      advice: [
        again,
        mirrors,
        "If it is only slow: set CARGO_HTTP_TIMEOUT=120 and CARGO_NET_RETRY=5, and RUSTUP_DOWNLOAD_TIMEOUT=180.",
      ]
    ),
    HintRow(
      id: "no-connection",
      any: [
        "Could not connect to server", "Couldn't connect to server", "Connection refused", "Network is unreachable",
        "No route to host", "tcp connect error", "failed to connect to",
      ],
      stage: .fetching,
      cause: "There was no connection to the server.",
      advice: [again, mirrors, "If a proxy is set (HTTPS_PROXY, CARGO_HTTP_PROXY), check its address."]
    ),
    HintRow(
      id: "connection-lost",
      any: [
        "Connection reset by peer", "Recv failure", "transfer closed with", "peer closed connection without",
        "early EOF",
        "error decoding response body", "connection closed before message completed", "HTTP2 framing layer",
      ],
      stage: .fetching,
      cause: "The connection to the server broke off.",
      advice: [
        again,
        "If it happens again and again: set CARGO_HTTP_MULTIPLEXING=false and CARGO_NET_RETRY=5.",
        mirrors,
      ]
    ),
  ]

  /// What remains when nothing else fits.
  static let general: [HintRow] = [
    HintRow(
      id: "build-script",
      any: ["failed to run custom build command for `{package}`"],
      cause: "The build script of {package} failed. See its output above, below \"--- stderr\".",
      advice: [
        "If it could not find a program or a library: \(aptfile("its-package"))",
        "If it works on your machine: compare the variables it reads, and the files and programs that are there but not in "
          + "the repository.",
      ]
    )
  ]
}
