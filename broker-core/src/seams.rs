//! The only ways out of this crate's logic: disk, clock, link, randomness, and the pool for slow work.
//! Each has a real form and one for tests, so that faults and time can be played.

pub mod clock;
pub mod disk;
pub mod disk_copy;
pub mod disk_faults;
pub mod disk_gate;
pub mod disk_guard;
pub mod disk_keeper;
pub mod disk_memory;
pub mod disk_room;
pub mod link;
pub mod pool;
pub mod rng;

pub use clock::{Clock, ManualClock, Now, RealClock};
pub use disk::{Disk, DiskFile, RealDisk, Volume};
pub use disk_copy::{CopyFailed, FileSum, TreeCopy};
pub use disk_faults::{DiskFault, FaultDisk};
pub use disk_gate::{DiskGate, GatedDisk};
pub use disk_guard::{GuardedDisk, Incarnation};
pub use disk_memory::{Fault, MemoryDisk};
pub use disk_room::Room;
pub use link::{CLIENTS, CONTROLLER, LinkDown, Network};
pub use pool::Pool;
pub use rng::Rng;
