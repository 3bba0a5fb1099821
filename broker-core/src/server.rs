//! Listeners and connections: frames in, answers out, in order.
//!
//! To find where an API is answered, open `handlers/<api>.rs`; [`dispatch`] is the one match that leads there.

mod connection;
pub(crate) mod dispatch;
pub mod handlers;
mod respond;
mod transactional;

use std::rc::Rc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::broker::Broker;

/// What a handler may use: the broker it runs on, and who asks.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The broker.
    pub broker: Rc<Broker>,
    /// The version of the request.
    pub version: i16,
    /// The client.id of the request.
    pub client_id: String,
    /// The client's host, with Kafka's leading slash.
    pub client_host: String,
    /// The name of the listener it came to.
    pub listener: Rc<str>,
    /// The connection's number in the client table.
    pub connection: u64,
    /// Held by the produce request of this connection that appends: they append in order.
    pub appends: Rc<tokio::sync::Mutex<()>>,
}

/// Accepts connections until dropped; dropping closes them all.
pub async fn serve(broker: Rc<Broker>, name: Rc<str>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => {
                    connections.spawn_local(connection::serve(Rc::clone(&broker), Rc::clone(&name), stream, address));
                }
                Err(err) => {
                    // Out of file descriptors, most likely: wait for some to come back rather than spin.
                    tracing::warn!(broker = broker.id(), %err, "connection not accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}
