/// Web frameworks that take the address to listen on from the environment, and listen on 127.0.0.1 without it.
struct Framework {
  /// The crate whose presence among the app's packages means that the framework is used.
  let crate: String
  /// Lines of the profile script, which keep what the app's owner has set.
  let lines: [String]

  /// Sources: Rocket's guide ("Configuration"), leptos_config's and dioxus-cli-config's documentation. Axum, Actix and
  /// the others take their address from the app's own code.
  static let all = [
    Framework(
      crate: "rocket",
      lines: [
        "export ROCKET_ADDRESS=\"${ROCKET_ADDRESS:-0.0.0.0}\"",
        "[ -z \"${PORT:-}\" ] || export ROCKET_PORT=\"${ROCKET_PORT:-$PORT}\"",
      ]
    ),
    Framework(
      crate: "leptos",
      lines: ["[ -z \"${PORT:-}\" ] || export LEPTOS_SITE_ADDR=\"${LEPTOS_SITE_ADDR:-0.0.0.0:$PORT}\""]
    ),
    Framework(crate: "dioxus", lines: ["export IP=\"${IP:-0.0.0.0}\""]),
  ]
}
