//! [`attribute`]: what an element says of itself.

use scraper::node::Element;

/// The value of an attribute. Elements have few: to compare their names takes less than to make
/// of the name what scraper looks for.
pub(in crate::read) fn attribute<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    let named = element.attrs.iter().find(|(it, _)| *it.local == *name && it.ns.is_empty());
    named.map(|(_, value)| &**value)
}
