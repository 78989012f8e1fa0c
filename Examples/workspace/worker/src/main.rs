//! The `worker` process: does a job every few seconds, until it is stopped.

use shared::{banner, Named};
use std::thread;
use std::time::Duration;

#[derive(Named)]
enum Worker {}

fn main() {
    println!("{}", banner::<Worker>());
    for job in 1_u64.. {
        println!("Job {job} is done");
        thread::sleep(Duration::from_secs(5));
    }
}
