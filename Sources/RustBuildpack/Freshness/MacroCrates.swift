/// Procedural macros that read nothing but the tokens they are given.
///
/// Cargo is told nothing of what a procedural macro reads while it expands: a migration, a template, a translation.
/// A package that expands a macro which may read files is therefore compiled again when a file changed that nothing
/// declared. A macro in these tables cannot be the cause; one that is in none of them may read. The names are those of
/// the packages that hold the macros (`serde_derive`), not of those that hand them on (`serde`).
///
/// Every row was checked in the package's own source, for most of them that of several years, and in the helpers it
/// expands with (`…-core`, `…-codegen`, `…-impl`), for access to files, processes and the environment. A new row needs
/// the same: outside of tests no `std::fs`, no `std::process`, no `env::var`. Doubt keeps a name out: a missing row
/// costs a compilation, a wrong one ships a stale program.
///
/// What a macro only emits does not count: rustc records each `include_str!`, `include_bytes!` and `env!` itself. Nor
/// does a variable that makes a macro print what it made.
enum MacroCrates {
  /// Names of packages whose macros read no file, run no program and ask the environment for nothing.
  static let readNothing: Set<String> = [
    "actix-macros", "actix-multipart-derive", "actix-web-codegen", "actix_derive", "aide-macros", "ambassador",
    "arg_enum_proc_macro", "argh_derive", "asn1-rs-derive", "asn1-rs-impl", "async-attributes", "async-openai-macros",
    "async-recursion", "async-stream-impl", "async-trait", "auto_enums", "auto_impl", "axum-macros", "binrw_derive",
    "bon-macros", "bpaf_derive", "bytecheck_derive", "bytemuck_derive", "clickhouse-macros", "confique-macro",
    "const-str-proc-macro", "const_format_proc_macros", "cssparser-macros", "ctor", "ctor-proc-macro",
    "curve25519-dalek-derive", "darling_macro", "data-encoding-macro-internal", "delegate", "der_derive",
    "derivative", "derive-new", "derive-where", "derive_arbitrary", "derive_builder", "derive_builder_macro",
    "derive_more", "derive_more-impl", "derive_setters", "devise_codegen", "displaydoc", "divan-macros",
    "dropshot_endpoint", "dtor-proc-macro", "dummy", "duplicate", "easy-ext", "educe", "enum-as-inner",
    "enum-iterator-derive", "enum-ordinalize", "enum-ordinalize-derive", "enum_dispatch", "enumflags2_derive",
    "envconfig_derive", "ext-trait-proc_macros", "failure_derive", "fastrace-macro", "foreign-types-macros",
    "futures-macro", "garde_derive", "genawaiter-proc-macro", "getset", "ghost", "gumdrop_derive", "hex-literal",
    "icu_provider_macros", "impl-trait-for-tuples", "implicit-clone-derive", "indoc", "indoc-impl", "inherent",
    "interpolate_name", "inventory-impl", "juniper_codegen", "kinded_macros", "konst_proc_macros",
    "lazy-regex-proc_macros", "leptos_router_macro", "linkme-impl", "liquid-derive", "logcall", "logos-derive",
    "macro_rules_attribute-proc_macro", "markup-proc-macro", "maud_macros", "maybe-async", "miette-derive",
    "mockall_derive", "mockall_double", "modular-bitfield-impl", "mongodb-internal-macros", "monostate-impl",
    "nom-derive-impl", "ntest_test_cases", "ntex-macros", "num-derive", "nutype_macros", "openssl-macros",
    "ouroboros_macro", "parse-display-derive", "pear_codegen", "phf_macros", "pin-project-internal",
    "postgres-derive", "proc-macro-error-attr", "proc-macro-error-attr2", "proc-macro-hack", "profiling-procmacros",
    "prometheus-client-derive-encode", "proptest-derive", "prost-derive", "quickcheck_macros",
    "reactive_stores_macro", "readonly", "recursive-proc-macro-impl", "redis-macros-derive", "ref-cast-impl",
    "remain", "revision-derive", "rkyv_derive", "rmcp-macros", "rocket_db_pools_codegen", "rocket_okapi_codegen",
    "rocket_sync_db_pools_codegen", "rust_decimal_macros", "rustversion", "schemars_derive", "scroll_derive",
    "scylla-macros", "sea-bae", "sea-orm-rocket-codegen", "sea-query-derive", "sea-schema-derive", "sealed",
    "seq-macro", "serde_derive", "serde_repr", "serde_with_macros", "serial_test_derive", "server_fn_macro_default",
    "smart-default", "snafu-derive", "speedy-derive", "structmeta-derive", "strum_macros", "tabled_derive",
    "tarpc-plugins", "test-case", "test-case-macros", "test-log", "test-log-macros", "thiserror-impl", "time-macros",
    "tls_codec_derive", "tokio-macros", "tower-lsp-macros", "tracing-attributes", "tracing-test-macro",
    "trait-variant", "typed-builder", "typed-builder-macro", "typeshare-annotation", "typetag-impl",
    "unic-langid-macros-impl", "uuid-macro-internal", "validator_derive", "valuable-derive", "windows-implement",
    "windows-interface", "yew-agent-macro", "yew-router-macro", "yoke-derive", "zerocopy-derive", "zerofrom-derive",
    "zeroize_derive", "zerovec-derive",
  ]

  /// Names of packages whose macros read the manifest and no other file.
  ///
  /// Most look up the name under which their own library is known there (`proc-macro-crate`, which also reads the
  /// workspace's manifest and runs `cargo locate-project` to find it). `clap_derive`, `structopt-derive` and
  /// `utoipa-gen` take values that cargo passes on from it, such as `CARGO_PKG_DESCRIPTION`; since 1.85 cargo compiles
  /// nothing again for those unless the code says `env!`. All of them are harmless only where a changed `Cargo.toml`
  /// counts as a change of its package, and the workspace's as one of every member.
  static let readManifest: Set<String> = [
    "async-graphql-derive", "borsh-derive", "cached_proc_macro", "clap_derive", "deku_derive", "document-features",
    "enumset_derive", "jsonrpsee-proc-macros", "ntest_timeout", "num_enum_derive", "parity-scale-codec-derive",
    "poem-derive", "poem-mcpserver-macros", "poem-openapi-derive", "salvo-craft-macros", "salvo-oapi-macros",
    "salvo_macros", "scale-info-derive", "sea-orm-macros", "structopt-derive", "utoipa-gen", "zbus_macros",
    "zvariant_derive",
  ]

  /// Names of packages whose macros read no file of an app, but more than their tokens: a variable of the environment,
  /// random numbers, the compiler's version.
  ///
  /// A changed file does not change what they make. A changed variable can: `paste` reads one where it is told to, by
  /// `[<env!("NAME")>]`.
  static let readSurroundings: Set<String> = [
    "const-random-macro", "diesel_derives", "paste", "paste-impl", "pastey", "rocket_codegen", "rstest_reuse",
    "yew-macro",
  ]

  /// Whether the macros of a package read no file.
  static func readNoFile(_ name: String) -> Bool { readNothing.contains(name) || readSurroundings.contains(name) }
}
