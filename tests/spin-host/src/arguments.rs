//! The command line.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// How it is used.
pub const USAGE: &str = "\
usage: spin-host --component FILE --sqlite FILE [option …]

  --component FILE          the component to run (wasm)
  --component ROUTE=FILE    the one that answers what is at or under this path, e.g. /api=desk.wasm; may be repeated, and
                            the longest route wins
  --sqlite FILE             the default database; made when it is missing. Repeated, it adds `shard2`, `shard3` …
  --listen ADDRESS:PORT     where to listen; port 0 picks one (default 127.0.0.1:3000)
  --variable NAME=VALUE     a variable, by its lower-case name; may be repeated. SPIN_VARIABLE_NAME in the environment
                            does the same
  --allow-host HOST         a host besides this machine that the component may ask by http; may be repeated
  --reuse COUNT             requests that one instance serves before it is dropped (default 128, as Spin)
  --concurrency COUNT       requests that one instance serves at once (default 16, as Spin)

Prints `listening on http://ADDRESS:PORT` when it is ready. Ends on SIGTERM or SIGINT.";

/// What was asked for.
pub struct Arguments {
    /// The components' files by their routes, which have no slash at the end; the longest come first.
    pub components: Vec<(String, PathBuf)>,
    /// The files of the default database, of `shard2`, `shard3` …
    pub sqlite: Vec<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Variables by lower-case name.
    pub variables: BTreeMap<String, String>,
    /// Hosts that may be asked besides this machine.
    pub allowed_hosts: Vec<String>,
    /// How instances are shared.
    pub sharing: Sharing,
}

/// How instances are shared between requests.
#[derive(Clone, Copy)]
pub struct Sharing {
    /// Requests that one instance serves before it is dropped.
    pub reuse: usize,
    /// Requests that one instance serves at once.
    pub concurrency: usize,
}

impl Arguments {
    /// Reads the words after the program's name. The error says what is wrong.
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut words = words;
        let (mut components, mut sqlite) = (Vec::new(), Vec::new());
        let mut listen = SocketAddr::from(([127, 0, 0, 1], 3000));
        let mut variables: BTreeMap<String, String> = std::env::vars()
            .filter_map(|(name, value)| Some((name.strip_prefix("SPIN_VARIABLE_")?.to_ascii_lowercase(), value)))
            .collect();
        let mut allowed_hosts = Vec::new();
        let mut sharing = Sharing { reuse: 128, concurrency: 16 };

        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} wants a value"))?;
            match option.as_str() {
                "--component" => {
                    let (route, file) = value.split_once('=').unwrap_or(("", &value));
                    components.push((route.trim_end_matches('/').to_owned(), file.into()));
                }
                "--sqlite" => sqlite.push(value.into()),
                "--listen" => listen = value.parse().map_err(|_| format!("not an address with a port: {value}"))?,
                "--variable" => {
                    let (name, value) = value.split_once('=').ok_or_else(|| format!("not NAME=VALUE: {value}"))?;
                    variables.insert(name.to_owned(), value.to_owned());
                }
                "--allow-host" => allowed_hosts.push(value),
                "--reuse" => sharing.reuse = count(&value)?,
                "--concurrency" => sharing.concurrency = count(&value)?,
                _ => return Err(format!("unknown option: {option}")),
            }
        }
        components.sort_by_key(|(route, _): &(String, PathBuf)| std::cmp::Reverse(route.len()));
        if components.is_empty() {
            return Err("--component is missing".to_owned());
        }
        if sqlite.is_empty() {
            return Err("--sqlite is missing".to_owned());
        }
        Ok(Self { components, sqlite, listen, variables, allowed_hosts, sharing })
    }
}

fn count(value: &str) -> Result<usize, String> {
    value.parse().ok().filter(|count| *count > 0).ok_or_else(|| format!("not a count of at least 1: {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn reads_options_in_any_order() {
        let arguments = parse("--sqlite a.db --variable url=http://x/?a=b --component a.wasm --reuse 1").unwrap();
        assert_eq!(arguments.variables["url"], "http://x/?a=b");
        assert_eq!(arguments.sharing.reuse, 1);
        assert_eq!(arguments.sharing.concurrency, 16);
        assert_eq!(arguments.listen.port(), 3000);
    }

    #[test]
    fn the_longest_route_comes_first() {
        let arguments = parse("--sqlite a.db --component /=front.wasm --component /api=desk.wasm").unwrap();
        let routes: Vec<&str> = arguments.components.iter().map(|(route, _)| route.as_str()).collect();
        assert_eq!(routes, ["/api", ""]);
    }

    #[test]
    fn says_what_is_wrong() {
        for (line, reason) in [
            ("--sqlite a.db", "--component is missing"),
            ("--component", "--component wants a value"),
            ("--component a.wasm", "--sqlite is missing"),
            ("--colour red", "unknown option: --colour"),
            ("--variable url", "not NAME=VALUE: url"),
            ("--reuse 0", "not a count of at least 1: 0"),
        ] {
            assert_eq!(parse(line).err().as_deref(), Some(reason));
        }
    }
}
