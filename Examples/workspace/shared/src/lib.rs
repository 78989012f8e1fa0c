//! What the web server and the worker have in common.

pub use macros::Named;

/// A type that knows its own name; `#[derive(Named)]` writes the implementation.
pub trait Named {
    const NAME: &'static str;
}

/// The line that a process prints when it starts.
pub fn banner<Process: Named>() -> String {
    format!("{} {} is up", Process::NAME, env!("CARGO_PKG_VERSION"))
}
