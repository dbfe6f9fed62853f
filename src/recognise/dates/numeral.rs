//! Numerals as dates write them: `2023`, `２０２３`, `二〇二三`, `廿六`, `两千零四`.

/// The value of one digit, of whatever kind.
pub(super) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        '０'..='９' => u32::from(c) - u32::from('０'),
        '〇' | '○' | '◯' | '零' => 0,
        '一' | '元' | '正' => 1,
        '二' | '两' | '兩' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// The value of a numeral, read digit by digit if it has no 十, 百 or 千, else by its
/// units; `None` if it is not one, or beyond 9999.
pub(super) fn value(text: &str) -> Option<u32> {
    // `total` holds the finished units; `open` the digits that wait for one.
    let (mut total, mut open, mut digits, mut units) = (0_u32, 0_u32, 0, false);
    for c in text.chars() {
        let unit = match c {
            '初' if digits == 0 && !units => continue,
            '十' => 10,
            '廿' => 20,
            '卅' => 30,
            '百' => 100,
            '千' => 1000,
            c => {
                open = open * 10 + digit(c)?;
                digits += 1;
                if digits > 4 {
                    return None;
                }
                continue;
            }
        };
        let times = if c == '廿' || c == '卅' || (open == 0 && !units) { 1 } else { open };
        total += times.max(1) * unit;
        (open, digits, units) = (0, 0, true);
    }
    let value = total + open;
    (!text.is_empty() && (units || digits > 0) && value <= 9999).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_of_every_kind_have_their_value() {
        for (text, expected) in [
            ("2023", 2023),
            ("２０２３", 2023),
            ("二〇二三", 2023),
            ("二○○二", 2002),
            ("两千零四", 2004),
            ("二千", 2000),
            ("一千九百四十九", 1949),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("二十六", 26),
            ("廿六", 26),
            ("廿", 20),
            ("卅一", 31),
            ("初五", 5),
            ("初十", 10),
            ("元", 1),
            ("09", 9),
            ("一百二十", 120),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        for text in ["", "初", "年", "12345", "九千九百九十九千", "1a"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
