//! Pages put components together.
