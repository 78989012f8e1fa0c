//! A web server with nothing but the standard library: a thread for each connection, one page.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn main() -> io::Result<()> {
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let listener = TcpListener::bind(format!("0.0.0.0:{port}"))?;
    println!("Listening on {}", listener.local_addr()?);

    for connection in listener.incoming() {
        // One failed connection is that client's loss, not the server's end.
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

    let (status, body) = respond(&request_line);
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len(),
    )
}

/// The status and the body for a request line such as `GET / HTTP/1.1`.
fn respond(request_line: &str) -> (&'static str, &'static str) {
    let mut words = request_line.split_whitespace();
    match (words.next(), words.next()) {
        (Some("GET"), Some("/")) => ("200 OK", "Hello from Rust on Scalingo!\n"),
        _ => ("404 Not Found", "There is only /\n"),
    }
}
