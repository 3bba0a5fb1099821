//! One payload as a line ([`Preview`]) or in full ([`Body`]). null, empty, text and binary are told apart;
//! text is cut on character boundaries only.

use super::{hex, json_indent};
use crate::dto::{Body, Preview};

const PREVIEW_CHARS_MAX: usize = 256;
const PREVIEW_HEX_BYTES_MAX: usize = 64;
const BODY_TEXT_BYTES_MAX: usize = 2 << 20;
const BODY_HEX_BYTES_MAX: usize = 64 << 10;

/// Returns the start of a payload for a grid.
pub fn preview(payload: Option<&[u8]>) -> Preview {
    let Some(bytes) = payload else {
        return Preview::Null;
    };
    if bytes.is_empty() {
        return Preview::Empty;
    }
    // Four bytes a character, plus one cut character at the end of the slice.
    let head = &bytes[..bytes.len().min(PREVIEW_CHARS_MAX * 4)];
    match readable_prefix(head, bytes.len() > head.len()) {
        Some(text) => {
            let cut = text.char_indices().nth(PREVIEW_CHARS_MAX).map_or(text.len(), |(at, _)| at);
            Preview::Text { text: text[..cut].to_owned(), truncated: cut < bytes.len() }
        }
        None => {
            let shown = &bytes[..bytes.len().min(PREVIEW_HEX_BYTES_MAX)];
            Preview::Binary {
                hex: hex(shown),
                bytes: bytes.len() as u64,
                truncated: shown.len() < bytes.len(),
            }
        }
    }
}

/// Returns a payload in full, up to 2 MiB of text and 64 KiB of hexadecimal.
pub fn body(payload: Option<&[u8]>) -> Body {
    let Some(all) = payload else {
        return Body::Null;
    };
    if all.is_empty() {
        return Body::Empty;
    }
    let bytes = all.len() as u64;
    let hex_bytes = &all[..all.len().min(BODY_HEX_BYTES_MAX)];
    let hex = hex(hex_bytes);
    let head = &all[..all.len().min(BODY_TEXT_BYTES_MAX)];
    let truncated = head.len() < all.len();
    match readable_prefix(head, truncated) {
        None => Body::Binary { bytes, truncated: hex_bytes.len() < all.len(), hex },
        Some(text) if truncated => Body::Text { text: text.to_owned(), bytes, truncated, hex },
        Some(text) => match json_indent::indent(text) {
            Some(text) => Body::Json { text, bytes, truncated, hex },
            None => Body::Text { text: text.to_owned(), bytes, truncated, hex },
        },
    }
}

/// Returns the bytes as text when they are UTF-8 without control characters that only binary data has.
/// `cut` says that the slice was cut from something longer, so its last character may be incomplete.
fn readable_prefix(bytes: &[u8], cut: bool) -> Option<&str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // error_len() is None when the slice ended inside a character.
        Err(error) if cut && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let binary = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b);
    (!text.bytes().any(binary)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_empty_are_different() {
        assert_eq!(preview(None), Preview::Null);
        assert_eq!(preview(Some(b"")), Preview::Empty);
        assert_eq!(body(None), Body::Null);
        assert_eq!(body(Some(b"")), Body::Empty);
    }

    #[test]
    fn a_preview_is_cut_between_characters() {
        let long = "é".repeat(1_000);
        let Preview::Text { text, truncated } = preview(Some(long.as_bytes())) else {
            panic!("text expected");
        };
        assert_eq!((text.chars().count(), truncated), (256, true));
        let emoji = "🦀".repeat(2_000);
        assert!(matches!(preview(Some(emoji.as_bytes())), Preview::Text { truncated: true, .. }));
        // One byte before the four-byte characters moves every cut off the boundary.
        let shifted = format!("a{emoji}");
        assert!(matches!(preview(Some(shifted.as_bytes())), Preview::Text { truncated: true, .. }));
    }

    #[test]
    fn bytes_that_are_no_text_are_binary() {
        assert_eq!(
            preview(Some(&[0, 1, 255])),
            Preview::Binary { hex: "0001ff".into(), bytes: 3, truncated: false }
        );
        assert!(matches!(body(Some(&[0xc3])), Body::Binary { .. }));
    }

    #[test]
    fn json_is_indented_and_plain_text_is_not() {
        let Body::Json { text, bytes, .. } = body(Some(br#"{"n":12345678901234567890}"#)) else {
            panic!("json expected");
        };
        assert_eq!((text.as_str(), bytes), ("{\n  \"n\": 12345678901234567890\n}", 26));
        assert!(matches!(body(Some(b"{not json")), Body::Text { .. }));
    }

    #[test]
    fn ten_megabytes_on_one_line_are_cut() {
        let long = vec![b'x'; 10 << 20];
        let Body::Text { text, truncated, bytes, hex } = body(Some(&long)) else {
            panic!("text expected");
        };
        assert_eq!((text.len(), truncated, bytes), (2 << 20, true, 10 << 20));
        assert_eq!(hex.len(), 2 * (64 << 10));
    }
}
