//! Sealing: XChaCha20-Poly1305 with a random nonce, under keys derived by HKDF-SHA256.
//! Knows nothing of what is sealed; the context it is sealed for must be given again to open it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::config::secret::Secrets;

const NONCE_LENGTH: usize = 24;
/// Bytes of the id of a secret.
const ID_LENGTH: usize = 6;

/// A key for sealing; wiped from memory when dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl From<[u8; 32]> for Key {
    fn from(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl Key {
    /// A key for one `purpose` out of the server's secret and some further material.
    /// Whoever lacks either cannot make it.
    #[must_use]
    pub fn derive(secret: &[u8], material: &[u8], purpose: &str) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        #[expect(clippy::expect_used, reason = "HKDF-SHA256 gives up to 8160 bytes")]
        Hkdf::<Sha256>::new(Some(secret), material)
            .expand(purpose.as_bytes(), key.as_mut_slice())
            .expect("32 bytes");
        Self(key)
    }

    /// The key itself, where it serves as an identifier and never as a key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals `plain` for `context`: nonce, then ciphertext, as base64url.
    #[must_use]
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> String {
        let nonce: [u8; NONCE_LENGTH] = random();
        let payload = Payload {
            msg: plain,
            aad: context,
        };
        #[expect(clippy::expect_used, reason = "fails only beyond 256 GiB")]
        let sealed = XChaCha20Poly1305::new(&(*self.0).into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("short");
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Opens what [`Key::seal`] made for the same context; `None` if anything differs.
    #[must_use]
    pub fn open(&self, context: &[u8], sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LENGTH>()?;
        let payload = Payload {
            msg: sealed,
            aad: context,
        };
        XChaCha20Poly1305::new(&(*self.0).into())
            .decrypt(&XNonce::from(*nonce), payload)
            .ok()
            .map(Zeroizing::new)
    }
}

/// The keys of one purpose, one of each of the server's secrets. What they seal says which of them sealed it.
#[derive(Clone)]
pub struct Keys {
    newest: Named,
    old: Vec<Named>,
}

/// A key and the id of its secret, from which the secret cannot be told.
#[derive(Clone)]
struct Named {
    id: String,
    key: Key,
}

impl Keys {
    /// The keys for one `purpose` out of the server's secrets and some further material.
    #[must_use]
    pub fn derive(secrets: &Secrets, material: &[u8], purpose: &str) -> Self {
        let named = |secret: &[u8]| {
            let id = Key::derive(secret, b"", "whimbrel key id v1");
            let (id, _) = id.as_bytes().split_at(ID_LENGTH);
            Named {
                id: URL_SAFE_NO_PAD.encode(id),
                key: Key::derive(secret, material, purpose),
            }
        };
        Self {
            newest: named(secrets.newest()),
            old: secrets.old().map(named).collect(),
        }
    }

    /// Seals `plain` for `context` with the newest key: its id, a dot, then what [`Key::seal`] says.
    #[must_use]
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> String {
        let Named { id, key } = &self.newest;
        format!("{id}.{}", key.seal(context, plain))
    }

    /// Opens what [`Keys::seal`] made for the same context; `None` if its secret is known no more, or anything
    /// differs.
    #[must_use]
    pub fn open(&self, context: &[u8], sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let (id, sealed) = sealed.split_once('.')?;
        let mut all = std::iter::once(&self.newest).chain(&self.old);
        all.find(|named| named.id == id)?.key.open(context, sealed)
    }

    /// Whether the newest key sealed it, as it says itself.
    #[must_use]
    pub fn is_newest(&self, sealed: &str) -> bool {
        sealed
            .split_once('.')
            .is_some_and(|(id, _)| id == self.newest.id)
    }
}

/// Bytes nobody can guess.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "without randomness nothing here is safe"
    )]
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// A fingerprint from which `bytes` cannot be told, if they could not be guessed; as base64url.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_what_was_sealed_here_for_this() {
        let key = Key::derive(b"secret", b"material", "test");
        let sealed = key.seal(b"place", b"word");
        assert_eq!(key.open(b"place", &sealed).unwrap().as_slice(), b"word");
        assert!(key.open(b"another place", &sealed).is_none());
        for (secret, material, purpose) in [
            ("another", "material", "test"),
            ("secret", "another", "test"),
            ("secret", "material", "another"),
        ] {
            let other = Key::derive(secret.as_bytes(), material.as_bytes(), purpose);
            assert!(other.open(b"place", &sealed).is_none());
        }
    }

    #[test]
    fn a_changed_bit_anywhere_is_noticed() {
        let key = Key::derive(b"secret", b"", "test");
        let sealed = URL_SAFE_NO_PAD.decode(key.seal(b"", b"word")).unwrap();
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(key.open(b"", &URL_SAFE_NO_PAD.encode(changed)).is_none());
        }
        assert!(key.open(b"", "").is_none());
        assert!(key.open(b"", "not base64!").is_none());
    }

    #[test]
    fn the_newest_secret_seals_and_every_known_one_opens() {
        let keys = |secrets: &[u8]| {
            let mut secrets = secrets.iter().map(|&byte| vec![byte; 32]);
            let newest = secrets.next().unwrap();
            Keys::derive(&Secrets::new(newest, secrets.collect()), b"", "test")
        };
        let old = keys(&[1]).seal(b"place", b"word");
        let both = keys(&[2, 1]);
        assert_eq!(both.open(b"place", &old).unwrap().as_slice(), b"word");
        assert!(!both.is_newest(&old) && keys(&[1]).is_newest(&old));
        let new = both.seal(b"place", b"word");
        assert!(both.is_newest(&new));
        assert!(keys(&[2]).open(b"place", &new).is_some());
        for (secrets, sealed) in [(&[2][..], &old), (&[1], &new), (&[3, 4], &old)] {
            assert!(keys(secrets).open(b"place", sealed).is_none());
        }
        // To say that another secret sealed it makes nothing open.
        let id = new.split_once('.').unwrap().0;
        let renamed = format!("{id}.{}", old.split_once('.').unwrap().1);
        assert!(both.open(b"place", &renamed).is_none());
        assert!(both.open(b"place", &old.replace('.', "")).is_none());
    }

    #[test]
    fn the_same_word_never_looks_the_same() {
        let key = Key::derive(b"secret", b"", "test");
        assert_ne!(key.seal(b"", b"word"), key.seal(b"", b"word"));
    }
}
