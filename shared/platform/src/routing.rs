//! Finding a route in a table of routes, whose paths have places in them.

use percent_encoding::percent_decode_str;

/// The values of the words in braces, by name.
pub type Places = Vec<(&'static str, String)>;

/// Why no route was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRoute {
    /// None has this path.
    Path,
    /// The path has other methods: these, as the header `Allow` lists them.
    Method(String),
}

/// The number, in a table of methods and patterns, of the route of this method and path, and what its places hold. HEAD is
/// answered as GET. A pattern is e.g. `/api/v1/stores/{store}`: words in braces stand for one segment each, which is not empty.
pub fn find_route(
    routes: impl Iterator<Item = (&'static str, &'static str)>,
    method: &str,
    path: &str,
) -> Result<(usize, Places), NoRoute> {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut allowed = Vec::new();
    for (number, (has, pattern)) in routes.enumerate() {
        let Some(places) = places(pattern, path) else { continue };
        if has == method {
            return Ok((number, places));
        }
        allowed.push(has);
    }
    if allowed.is_empty() {
        return Err(NoRoute::Path);
    }
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    allowed.push("OPTIONS");
    Err(NoRoute::Method(allowed.join(", ")))
}

fn places(pattern: &'static str, path: &str) -> Option<Places> {
    let mut segments = path.split('/');
    let mut places = Vec::new();
    for word in pattern.split('/') {
        let segment = segments.next()?;
        match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            Some(name) => {
                let value = percent_decode_str(segment).decode_utf8().ok().filter(|value| !value.is_empty())?;
                places.push((name, value.into_owned()));
            }
            None if word == segment => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_whole_segments_decoded() {
        assert_eq!(places("/a/{x}/b/{y}", "/a/1%20%E6%97%A9/b/2"), Some(vec![("x", "1 早".into()), ("y", "2".into())]));
        assert_eq!(places("/a/{x}", "/a/"), None, "an empty segment is no value");
        assert_eq!(places("/a/{x}", "/a/1/2"), None);
        assert_eq!(places("/a/{x}", "/a/%ff"), None, "not UTF-8");
    }

    #[test]
    fn a_path_with_other_methods_says_which() {
        let routes = [("GET", "/a/{x}"), ("POST", "/a/{x}")];
        let found = |method, path| find_route(routes.into_iter(), method, path);
        assert_eq!(found("POST", "/a/1"), Ok((1, vec![("x", "1".into())])));
        assert_eq!(found("HEAD", "/a/1").map(|(number, _)| number), Ok(0));
        assert_eq!(found("PUT", "/a/1"), Err(NoRoute::Method("GET, POST, HEAD, OPTIONS".into())));
        assert_eq!(found("GET", "/b"), Err(NoRoute::Path));
    }
}
