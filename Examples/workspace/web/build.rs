//! Makes a Rust array of `data/greetings.txt`.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=data/greetings.txt");

    let greetings = fs::read_to_string("data/greetings.txt")?;
    let lines: Vec<&str> = greetings.lines().collect();
    let out_dir = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(
        Path::new(&out_dir).join("greetings.rs"),
        format!("const GREETINGS: [&str; {}] = {lines:?};\n", lines.len()),
    )
}
