//! A derive macro with the compiler's own `proc_macro` only.

use proc_macro::TokenStream;

/// Implements `shared::Named` for a struct or an enum without generic parameters: its name, as it is written.
#[proc_macro_derive(Named)]
pub fn derive_named(item: TokenStream) -> TokenStream {
    let mut tokens = item.into_iter().map(|token| token.to_string());
    let name = tokens
        .find(|token| token == "struct" || token == "enum")
        .and_then(|_| tokens.next());
    let code = match (name, tokens.next().as_deref()) {
        (Some(_), Some("<")) | (None, _) => {
            "compile_error!(\"Named can be derived for a struct or an enum without generics\");"
                .to_owned()
        }
        (Some(name), _) => {
            format!("impl ::shared::Named for {name} {{ const NAME: &'static str = {name:?}; }}")
        }
    };
    code.parse()
        .expect("the generated code has balanced tokens")
}
