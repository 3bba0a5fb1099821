//! Listeners and connections: frames in, answers out, in order.
//!
//! To find where an API is answered, open `handlers/<api>.rs`; [`dispatch`] is the one match that leads there.

mod admission;
mod config_rows;
mod connection;
pub(crate) mod dispatch;
mod endpoints;
mod frames;
pub mod handlers;
mod respond;
mod step;
mod transactional;

pub use admission::Admission;

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
pub async fn serve(admission: Rc<Admission>, name: Rc<str>, listener: TcpListener) {
    let broker = admission.broker().id();
    let mut connections = JoinSet::new();
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(err) => {
                // Out of file descriptors, most likely: wait for some to come back rather than spin.
                tracing::warn!(broker, %err, "connection not accepted");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            }
        };
        match admission.enter(address.ip()).await {
            Ok(place) => {
                let (admission, name) = (Rc::clone(&admission), Rc::clone(&name));
                connections.spawn_local(async move {
                    connection::serve(&admission, name, stream, address).await;
                    drop(place);
                });
            }
            Err(max) => {
                tracing::warn!(broker, peer = %address, max, "connection closed: max.connections.per.ip");
            }
        }
        while connections.try_join_next().is_some() {}
    }
}
