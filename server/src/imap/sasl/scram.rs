//! The sums of SCRAM-SHA-256 (RFC 5802 §3, RFC 7677). Bytes to bytes; knows no connection.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A server that wants more rounds of hashing wants our time, not safety.
const MOST_ROUNDS: u32 = 200_000;

/// `client-first-message-bare`.
pub(super) fn first(user: &str, nonce: &str) -> String {
    let user = user.replace('=', "=3D").replace(',', "=2C");
    format!("n={user},r={nonce}")
}

/// `client-final-message` in answer to `server-first-message`, and the signature that the server owes.
pub(super) fn finish(
    user: &str,
    password: &str,
    nonce: &str,
    server_first: &[u8],
) -> Option<(String, [u8; 32])> {
    let server_first = std::str::from_utf8(server_first).ok()?;
    let both = attribute(server_first, "r=")?;
    if both.len() <= nonce.len() || !both.starts_with(nonce) {
        return None;
    }
    let salt = STANDARD.decode(attribute(server_first, "s=")?).ok()?;
    let rounds: u32 = attribute(server_first, "i=")?.parse().ok()?;
    if !(1..=MOST_ROUNDS).contains(&rounds) {
        return None;
    }
    let salted = salted(password.as_bytes(), &salt, rounds)?;
    let without_proof = format!("c=biws,r={both}");
    let all = format!("{},{server_first},{without_proof}", first(user, nonce));
    let client_key = sign(&salted, b"Client Key")?;
    let stored_key: [u8; 32] = Sha256::digest(client_key).into();
    let proof = xor(client_key, &sign(&stored_key, all.as_bytes())?);
    let signature = sign(&sign(&salted, b"Server Key")?, all.as_bytes())?;
    Some((
        format!("{without_proof},p={}", STANDARD.encode(proof)),
        signature,
    ))
}

/// Whether `server-final-message` carries the signature.
pub(super) fn is_signed(server_final: &[u8], signature: &[u8; 32]) -> bool {
    std::str::from_utf8(server_final)
        .ok()
        .and_then(|text| attribute(text, "v="))
        .and_then(|value| STANDARD.decode(value).ok())
        .is_some_and(|value| value.ct_eq(signature).into())
}

fn attribute<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message.split(',').find_map(|part| part.strip_prefix(name))
}

fn sign(key: &[u8], text: &[u8]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text);
    Some(mac.finalize().into_bytes().into())
}

/// `Hi()`: PBKDF2 of one block.
fn salted(password: &[u8], salt: &[u8], rounds: u32) -> Option<[u8; 32]> {
    let mut block = sign(password, &[salt, &1_u32.to_be_bytes()].concat())?;
    let mut all = block;
    for _ in 1..rounds {
        block = sign(password, &block)?;
        all = xor(all, &block);
    }
    Some(all)
}

fn xor(mut one: [u8; 32], other: &[u8; 32]) -> [u8; 32] {
    one.iter_mut().zip(other).for_each(|(a, b)| *a ^= b);
    one
}
