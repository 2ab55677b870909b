//! A proxy that spoils answers on their way: a fault between the product and whoever looks, which
//! the checks must see.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use walk::Answer;

type Failed = Box<dyn std::error::Error>;
type Spoil = dyn Fn(&str, &mut Answer) + Send + Sync;

/// A running proxy; ends with this value.
pub struct Proxy {
    /// Its address.
    pub base: String,
    port: u16,
    over: Arc<AtomicBool>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for the next connection.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl Proxy {
    /// Starts one before a server; `spoil` gets the path of each request and may change the answer.
    pub fn start(
        upstream: &str,
        spoil: impl Fn(&str, &mut Answer) + Send + Sync + 'static,
    ) -> Result<Proxy, Failed> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let over = Arc::new(AtomicBool::new(false));
        let spoil: Arc<Spoil> = Arc::new(spoil);
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let ended = Arc::clone(&over);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (spoil, upstream) = (Arc::clone(&spoil), upstream.clone());
                let Ok(stream) = stream else { continue };
                std::thread::spawn(move || {
                    // A broken connection is the visitor's to notice.
                    let _ = pass(stream, &upstream, &spoil);
                });
            }
        });
        Ok(Proxy {
            base: format!("http://127.0.0.1:{port}"),
            port,
            over,
        })
    }
}

/// Passes one request and its answer; the connection ends with it.
fn pass(stream: TcpStream, upstream: &str, spoil: &Arc<Spoil>) -> Result<(), Failed> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (head, length) = read_head(&mut reader)?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let path = head
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let mut server = TcpStream::connect(upstream)?;
    server.write_all(&with_close(&head))?;
    server.write_all(&body)?;
    let mut raw = Vec::new();
    server.read_to_end(&mut raw)?;
    let mut stream = stream;
    match parse(&raw) {
        Some((line, mut answer)) if is_text(&answer) => {
            spoil(&path, &mut answer);
            stream.write_all(&written(&line, &answer))?;
        }
        _ => stream.write_all(&raw)?,
    }
    Ok(())
}

fn is_text(answer: &Answer) -> bool {
    let kind = answer.header("content-type");
    kind.is_empty() || kind.starts_with("text/html") || kind.starts_with("application/json")
}

fn read_head(reader: &mut impl BufRead) -> Result<(String, usize), Failed> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err("the visitor left".into());
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
        head.push_str(&line);
        if line == "\r\n" {
            return Ok((head, length));
        }
    }
}

/// One request a connection keeps the reading simple.
fn with_close(head: &str) -> Vec<u8> {
    let kept = head.split_inclusive("\r\n").filter(|line| {
        let name = line.split(':').next().unwrap_or_default();
        *line != "\r\n" && !name.eq_ignore_ascii_case("connection")
    });
    let mut out: String = kept.collect();
    out.push_str("connection: close\r\n\r\n");
    out.into_bytes()
}

/// Status line and answer; the server writes lengths, never chunks, because its bodies are whole.
fn parse(raw: &[u8]) -> Option<(String, Answer)> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&raw[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let line = lines.next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    if headers.iter().any(|(name, _)| name == "transfer-encoding") {
        return None;
    }
    let status = line.split_whitespace().nth(1)?.parse().ok()?;
    let body = String::from_utf8(raw[end + 4..].to_vec()).ok()?;
    Some((
        line,
        Answer {
            status,
            headers,
            body,
        },
    ))
}

fn written(line: &str, answer: &Answer) -> Vec<u8> {
    let mut out = String::new();
    // A spoiled status has no reason phrase of its own; none is needed.
    let version = line.split_whitespace().next().unwrap_or("HTTP/1.1");
    out.push_str(&format!("{version} {}\r\n", answer.status));
    for (name, value) in &answer.headers {
        if name != "content-length" {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    out.push_str(&format!(
        "content-length: {}\r\n\r\n{}",
        answer.body.len(),
        answer.body
    ));
    out.into_bytes()
}
