//! What lives across calls. Everything else is done by the commands themselves.

pub mod calls;
pub mod connections;
pub mod embedded;
pub mod jobs;
pub mod plans;
pub mod sampler;
pub mod scans;
pub mod settings;
pub mod shop;
