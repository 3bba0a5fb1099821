//! Broker configs that say which broker this is and where it is: given by the cluster, shown as they are.

use super::Check::{Any, Min, Names, SomeOf};
use super::Kind::{Int, List, String as Text};
use super::{ConfigDef, plain as told, unset};

/// By name. To set one has no effect; the launcher reads listeners from a `server.properties` by itself.
#[rustfmt::skip]
pub const IDENTITY_CONFIGS: &[ConfigDef] = &[
    unset("advertised.listeners", List, Names { some: true },
        "Where clients are told that this broker is, by listener."),
    told("broker.id", Int, "-1", Any,
        "Id of this broker, under the name that node.id replaces."),
    unset("broker.rack", Text, Any,
        "Rack of this broker."),
    told("listener.security.protocol.map", Text, "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT", Any,
        "Which protocol each listener speaks."),
    told("listeners", List, "PLAINTEXT://:9092", Names { some: true },
        "Addresses that this broker listens on."),
    unset("log.dirs", List, Names { some: true },
        "Directories of this broker's logs."),
    unset("node.id", Int, Min(0),
        "Id of this broker."),
    unset("process.roles", List, SomeOf(&["broker", "controller"]),
        "What this broker does beside serving clients; the controller stands for itself, in the same process."),
];
