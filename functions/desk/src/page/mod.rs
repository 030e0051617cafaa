//! What pages are made of. Everything that comes from people or the database goes in as text and comes out escaped.
//!
//! A page is a [`Page`] that [`Desk::page`](crate::desk::Desk::page) puts its frame around; a piece for htmx is a [`piece`].
//!
//! | block | what |
//! |---|---|
//! | [`header`] | the page's title, a word below it, and its actions on the right |
//! | [`card`], [`empty_state`] | a box with a title; what stands where a list has nothing |
//! | [`chip`] | a status in one or two words, in a [`Tone`] |
//! | [`avatar`] | a person's initials |
//! | [`button`], [`link_button`] | actions; [`Kind`] says how loud |
//! | [`field`], [`input`], [`select`], [`hidden`] | parts of forms |
//! | [`notice`], [`toast_response`] | what went well or wrong: in the page, or above it after a request of htmx |
//! | [`moment`] | an instant on a store's clocks |
//! | [`icon`] | a drawing of 20 by 20 |
//!
//! Tables are plain `table.table` in a `div.scroll`; lists of things to open are `ul.list` with one link per item; what
//! belongs side by side stands in a `div.row`, below each other in a `div.stack`.

mod blocks;
mod controls;
mod frame;
mod icons;

pub use blocks::{Tone, avatar, card, chip, empty_state, header, moment, notice, piece, toast_response};
pub use controls::{Kind, button, field, hidden, input, link_button, select};
pub use frame::{Bare, Frame, Page};
pub use icons::icon;
