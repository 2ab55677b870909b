//! Listening: connections within limits, and a stop that lets requests finish.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::from::Peer;
use super::web::Web;

/// Connections at once.
const CONNECTIONS_MAX: usize = 4096;
/// The longest time a client may take to send its headers.
const HEADERS_S: u64 = 10;
/// The longest time that requests have to finish after the stop.
const STOP_S: u64 = 20;

/// Where to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// The address; port 0 takes a free one.
    pub address: SocketAddr,
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Off loopback without a proxy that ends TLS: passwords would travel in the clear.
    #[error(
        "{0} is reachable from other machines; put a reverse proxy with TLS before it and start with --behind-proxy"
    )]
    NeedsProxy(SocketAddr),
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl Web {
    /// Takes the address; connections are answered from [`Web::serve_on`] on.
    pub async fn listen(&self, listen: Listen) -> Result<TcpListener, ServeError> {
        let address = listen.address;
        if !address.ip().is_loopback() && !self.behind_proxy() {
            return Err(ServeError::NeedsProxy(address));
        }
        TcpListener::bind(address)
            .await
            .map_err(|source| ServeError::Listen { address, source })
    }

    /// Listens and answers until the process is told to stop (SIGTERM or SIGINT).
    pub async fn serve(
        &self,
        listen: Listen,
        listening: impl FnOnce(SocketAddr),
    ) -> Result<(), ServeError> {
        let listener = self.listen(listen).await?;
        if let Ok(address) = listener.local_addr() {
            tracing::info!(%address, "listening");
            listening(address);
        }
        self.serve_on(listener, stop_signal()).await;
        Ok(())
    }

    /// Answers requests until `stop` is ready; then takes no new connection, lets requests in work
    /// finish for at most 20 seconds, and returns.
    pub async fn serve_on(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let router = TowerToHyperService::new(self.router());
        let graceful = GracefulShutdown::new();
        let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut stop = std::pin::pin!(stop);
        loop {
            let Ok(place) = room.clone().acquire_owned().await else {
                return;
            };
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => break,
            };
            let (stream, peer) = match accepted {
                Ok((stream, address)) => (stream, Peer(address.ip())),
                Err(error) => {
                    // Too many open files, mostly: it passes, and must not spin meanwhile.
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let router = router.clone();
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(peer);
                router.call(request)
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(Duration::from_secs(HEADERS_S))
                .serve_connection(TokioIo::new(stream), service);
            let watched = graceful.watch(connection);
            tokio::spawn(async move {
                if let Err(error) = watched.await {
                    tracing::debug!(%error, "a connection broke off");
                }
                drop(place);
            });
        }
        drop(listener);
        let finish = Duration::from_secs(STOP_S);
        if tokio::time::timeout(finish, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("requests still in work were cut off");
        }
    }
}

/// Ready when the process is told to stop.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM is not heard; SIGINT still is");
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
    tracing::info!("stopping");
}
