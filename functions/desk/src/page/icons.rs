//! Drawings, all in one weight.

use maud::{Markup, html};

/// Each drawing's name and its lines on a square of 20.
const ICONS: &[(&str, &str)] = &[
    ("add", "M10 4v12M4 10h12"),
    ("alert", "M10 3 2.5 16.5h15zM10 8v4M10 14.4v.1"),
    ("back", "M12 4 6 10l6 6"),
    ("bell", "M5 14V9a5 5 0 0 1 10 0v5l1.500 1.500h-13zM8.500 17.500h3"),
    ("bolt", "M11 2.500 4.500 11.500h4.500l-1 6 6.500-9h-4.500z"),
    ("calendar", "M3 5.5h14v11.5H3zM3 9h14M7 3v4M13 3v4"),
    ("chat", "M3 4h14v10H9l-4 3.5V14H3z"),
    ("check", "M4 10.5 8.2 15 16 5.5"),
    ("chevron", "M7 8l3 3 3-3"),
    ("clock", "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.200l2.800 1.800"),
    ("close", "M5 5l10 10M15 5 5 15"),
    ("inbox", "M3 11.5 5 4h10l2 7.5V16H3zM3 11.5h4l1 2h4l1-2h4"),
    ("leave", "M8 4H4v12h4M8.5 10H17M13.5 6.5 17 10l-3.5 3.5"),
    ("log", "M5 3h10v14H5zM8 7h4M8 10h4M8 13h2.5"),
    ("more", "M4.5 10h.1M10 10h.1M15.5 10h.1"),
    ("note", "M4 3.500h12v9L12.500 16.500H4zM12.500 16.500v-4H16M7 7h6M7 10h4"),
    (
        "people",
        "M7.5 9a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2.5 16.5c0-3 2-5 5-5s5 2 5 5M13 3.8a2.6 2.6 0 0 1 0 5M14.5 11.8c1.9.6 3 2.3 3 4.7",
    ),
    ("person", "M10 9.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM4 17c0-3.4 2.4-5.2 6-5.2s6 1.8 6 5.2"),
    (
        "phone",
        "M5 3h3l1.5 4-2 1.5a8 8 0 0 0 4 4l1.5-2 4 1.5v3A2 2 0 0 1 15 17C8.500 16.500 3.500 11.500 3 5a2 2 0 0 1 2-2z",
    ),
    ("search", "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4"),
    ("send", "M3.500 10 16.500 4l-4 12.500-3-5zM9.500 11.500l7-7.500"),
    (
        "settings",
        "M10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM10 2.500v2M10 15.500v2M2.500 10h2M15.500 10h2M4.700 4.700l1.400 1.400M13.900 13.900l1.400 1.400M4.700 15.300l1.400-1.400M13.900 6.100l1.400-1.400",
    ),
    ("spark", "M10 3l1.700 5.300L17 10l-5.300 1.700L10 17l-1.700-5.300L3 10l5.300-1.700z"),
    (
        "store",
        "M3 8.500 4.500 3.500h11L17 8.500M3 8.500c0 3 4.600 3 4.600 0 0 3 4.800 3 4.800 0 0 3 4.600 3 4.600 0M4.500 11v6h11v-6",
    ),
    (
        "wrench",
        "M13.500 3.200a4 4 0 0 0-4.900 5.300L3.500 13.600l2.900 2.900 5.100-5.100a4 4 0 0 0 5.300-4.900l-2.500 2.500-2.600-.7-.7-2.600z",
    ),
];

/// The drawing of this name, which says nothing to those who do not see it: what it means must stand beside it.
pub fn icon(name: &str) -> Markup {
    let lines = ICONS.iter().find(|(known, _)| *known == name).map_or("", |(_, lines)| lines);
    html! {
        svg.icon viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" { path d=(lines) {} }
    }
}

/// The mark: a lane between two edges.
pub fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" {
            rect.tile width="32" height="32" rx="9" {}
            path.edge d="M9 27 13 5M23 27 19 5" {}
            path.dash d="M16 26v-5m0-4v-4m0-4V6" {}
        }
    }
}
