//! The `web` process: answers `GET /` with the greetings of `data/greetings.txt`.

use shared::{banner, Named};
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

include!(concat!(env!("OUT_DIR"), "/greetings.rs"));

#[derive(Named)]
struct Web;

fn main() -> io::Result<()> {
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let listener = TcpListener::bind(format!("0.0.0.0:{port}"))?;
    println!("{} on {}", banner::<Web>(), listener.local_addr()?);

    for connection in listener.incoming() {
        match connection {
            Ok(stream) => drop(thread::spawn(move || {
                if let Err(error) = answer(&stream) {
                    eprintln!("Connection failed: {error}");
                }
            })),
            Err(error) => eprintln!("Cannot accept: {error}"),
        }
    }
    Ok(())
}

/// Reads one request, writes one response, and closes the connection.
fn answer(mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut lines = BufReader::new(stream).lines();
    let Some(request_line) = lines.next().transpose()? else {
        return Ok(()); // connected, asked nothing
    };
    for header in lines {
        if header?.is_empty() {
            break;
        }
    }

    let (status, body) = if request_line.starts_with("GET / ") {
        ("200 OK", GREETINGS.join("\n") + "\n")
    } else {
        ("404 Not Found", "There is only /\n".to_owned())
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len(),
    )
}
