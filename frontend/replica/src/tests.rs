//! The whole replica against a server in memory: what a person sees, what goes over the line, and that
//! both agree when all has come to rest.

mod audit;
mod desk;
mod line;
mod lists;
mod mailboxes;
mod model;
mod operations;
mod random;
mod wire;
