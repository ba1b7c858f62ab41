//! Small and capital letters of the Latin, Greek and Cyrillic alphabets, by arithmetic. The standard library
//! knows all of Unicode's by tables, which would be 24 kB of every first visit. Not for what is on the wire.

/// The text with its capitals made small; scripts other than those three stay as they are.
#[must_use]
pub fn small(text: &str) -> String {
    text.chars().map(small_letter).collect()
}

/// The letter as a capital, if it has one.
#[must_use]
pub fn capital(letter: char) -> char {
    const DISTANCES: [u32; 4] = [32, 1, 80, 37];
    DISTANCES
        .into_iter()
        .filter_map(|distance| char::from_u32(u32::from(letter).checked_sub(distance)?))
        .find(|capital| *capital != letter && small_letter(*capital) == letter)
        .unwrap_or(letter)
}

fn small_letter(letter: char) -> char {
    let code = u32::from(letter);
    let small = match letter {
        'İ' => u32::from('i'),
        'Ÿ' => u32::from('ÿ'),
        // At the end of a word; the same letter all the same.
        'ς' => u32::from('σ'),
        'Ά' => u32::from('ά'),
        'Ό' => u32::from('ό'),
        '×' => code,
        'A'..='Z' | 'À'..='Þ' | 'Α'..='Ϋ' | 'А'..='Я' => code + 32,
        'Έ'..='Ί' => code + 37,
        'Ύ' | 'Ώ' => code + 63,
        'Ѐ'..='Џ' => code + 80,
        // Pairs, the capital first.
        'Ĺ'..='ň' | 'Ź'..='ž' => code + code % 2,
        'Ā'..='ķ' | 'Ŋ'..='ŷ' | 'Ҋ'..='ҿ' | 'Ḁ'..='ẕ' | 'Ạ'..='ỿ' => code | 1,
        _ => code,
    };
    char::from_u32(small).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::{capital, small};

    #[test]
    fn knows_the_letters_of_three_alphabets() {
        for text in [
            "Transects",
            "ÄRZTE × ÉCOLE",
            "ŁÓDŹ ŽELEZNÁ ŇĎŤ",
            "ΣΧΕΤ ΆΈΉΊΌΎΏ",
            "ПЕРЕСЛ ЁЖ ЄЇ",
            "VIỆT ĐỨC",
            "回复",
        ] {
            assert_eq!(small(text), text.to_lowercase(), "{text}");
        }
        assert_eq!(small("İLT"), "ilt");
    }

    #[test]
    fn knows_the_capital() {
        for (letter, wanted) in [('a', 'A'), ('ø', 'Ø'), ('ž', 'Ž'), ('ж', 'Ж'), ('陈', '陈')]
        {
            assert_eq!(capital(letter), wanted);
        }
        assert_eq!(capital('A'), 'A');
        assert_eq!(capital('7'), '7');
    }
}
