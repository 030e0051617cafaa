//! Text to [`lanekeeper_domain::understanding::Understanding`]: built in, and by hosted models.

pub mod built_in;
