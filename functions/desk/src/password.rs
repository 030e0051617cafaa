//! Passwords: kept as argon2id with the parameters of OWASP's password storage cheat sheet (19 MiB, two rounds, one lane),
//! which are the crate's own defaults too.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use lanekeeper_platform::Random;

/// A hash that no password is known for. It is compared with where there is no account, so that this takes as long.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCEhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The fewest characters of a password (NIST SP 800-63B asks for eight at least, and for no rules of composition).
pub const SHORTEST: usize = 10;
/// The most characters of a password.
pub const LONGEST: usize = 200;

/// The password as it is kept: a PHC string with a salt of its own. `None` only where argon2 refuses, which it does not for
/// passwords of these lengths.
pub fn hash(password: &str, random: &impl Random) -> Option<String> {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).ok().map(|hash| hash.to_string())
}

/// Whether this is the password that was kept; it is not where none was, which takes as long to say.
pub fn is_right(password: &str, kept: Option<&str>) -> bool {
    // What is longer is nobody's, and only costs time.
    let password = if password.len() > 4 * LONGEST { "" } else { password };
    Argon2::default().verify_password(password.as_bytes(), kept.unwrap_or(NOBODYS)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_native::SeededRandom;

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let kept = hash("correct horse", &SeededRandom::new(1)).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(is_right("correct horse", Some(&kept)));
        assert!(!is_right("correct horse ", Some(&kept)));
        assert_ne!(hash("correct horse", &SeededRandom::new(2)).unwrap(), kept, "each has a salt of its own");
    }

    #[test]
    fn where_there_is_none_the_same_work_is_done() {
        assert!(!is_right("", None));
        // It is a hash that can be compared with: a broken one would be refused at once.
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODYS).is_ok());
    }
}
