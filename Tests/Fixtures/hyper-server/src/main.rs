//! Answers every request with JSON, on 0.0.0.0:$PORT.

use std::convert::Infallible;
use std::net::SocketAddr;

use clap::Parser;
use hyper::service::{make_service_fn, service_fn};
use hyper::{Body, Request, Response, Server};
use serde::Serialize;

#[derive(Parser)]
struct Options {
    /// What to greet with.
    #[arg(long, default_value = "Hello")]
    greeting: String,
}

#[derive(Serialize)]
struct Answer {
    greeting: String,
    path: String,
    number: u32,
}

async fn answer(request: Request<Body>, greeting: String) -> Result<Response<Body>, Infallible> {
    let answer = Answer {
        greeting,
        path: request.uri().path().to_string(),
        number: rand::random(),
    };
    tracing::info!(path = %answer.path, "request");
    let text = serde_json::to_string(&answer).expect("an answer is always JSON");
    Ok(Response::new(Body::from(text)))
}

#[tokio::main]
async fn main() {
    let greeting = Options::parse().greeting;
    let port = std::env::var("PORT").map_or(3000, |port| port.parse().expect("PORT is a number"));
    let service = make_service_fn(move |_| {
        let greeting = greeting.clone();
        futures_util::future::ok::<_, Infallible>(service_fn(move |request| {
            answer(request, greeting.clone())
        }))
    });
    let server = Server::bind(&SocketAddr::from(([0, 0, 0, 0], port))).serve(service);
    let server = server.with_graceful_shutdown(async {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .expect("SIGTERM can be handled");
        terminate.recv().await;
    });
    server.await.expect("the server runs");
}
