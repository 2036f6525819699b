//! An independent reader gets back what was written, for every style that can be read back.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;

use super::*;

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

fn query(style: Style, value: &impl Serialize) -> String {
    style.pieces("p", value, Escape::Query).unwrap().join("&")
}

/// The decoded names and values of a query.
fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .map(|piece| piece.split_once('=').unwrap())
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// What stands after `p=`, split before it is decoded.
fn split(query: &str, delimiter: &str) -> Vec<String> {
    query.strip_prefix("p=").unwrap().split(delimiter).map(decoded).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_come_back(items in prop::collection::vec("\\PC*", 1..5)) {
        let repeated = pairs(&query(Style::FORM.exploded(), &items));
        prop_assert!(repeated.iter().all(|(name, _)| name == "p"));
        prop_assert_eq!(&repeated.into_iter().map(|(_, value)| value).collect::<Vec<_>>(), &items);
        prop_assert_eq!(&split(&query(Style::FORM, &items), ","), &items);

        let matrix = Style::MATRIX.exploded().pieces("p", &items, Escape::Path).unwrap();
        let values = matrix.iter().map(|piece| decoded(piece.strip_prefix("p").unwrap().trim_start_matches('=')));
        prop_assert_eq!(values.collect::<Vec<_>>(), items);
    }

    #[test]
    fn delimited_lists_come_back_where_they_do_not_hold_their_delimiter(
        items in prop::collection::vec("[^ |]*", 1..5),
    ) {
        prop_assert_eq!(&split(&query(Style::SPACE_DELIMITED, &items), "%20"), &items);
        prop_assert_eq!(&split(&query(Style::PIPE_DELIMITED, &items), "%7C"), &items);
    }

    #[test]
    fn objects_come_back(members in prop::collection::btree_map("[^\\[\\]]+", "\\PC*", 1..5)) {
        let exploded: BTreeMap<_, _> = pairs(&query(Style::FORM.exploded(), &members)).into_iter().collect();
        prop_assert_eq!(&exploded, &members);

        let flat = split(&query(Style::FORM, &members), ",");
        let flat: BTreeMap<_, _> = flat.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        prop_assert_eq!(&flat, &members);

        let nested: BTreeMap<_, _> = pairs(&query(Style::DEEP_OBJECT, &BTreeMap::from([("m", &members)])))
            .into_iter()
            .map(|(name, value)| (name["p[m][".len()..name.len() - 1].to_owned(), value))
            .collect();
        prop_assert_eq!(&nested, &members);
    }

    #[test]
    fn forms_and_json_come_back(text in "\\PC*") {
        let form = Style::FORM.pieces("p", &text, Escape::Form).unwrap();
        prop_assert_eq!(decoded(&form[0].replace('+', " ")), format!("p={text}"));
        let json = pairs(&query(Style::JSON, &[&text])).remove(0).1;
        prop_assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
    }

    #[test]
    fn reserved_text_stays_one_value(text in "\\PC*") {
        let query = query(Style::FORM.reserved(), &text);
        let url = reqwest::Url::parse(&format!("https://bank.example/?{query}&q=1")).unwrap();
        prop_assert_eq!(url.query_pairs().count(), 2, "{}", url);
        prop_assert_eq!(url.fragment(), None);
    }

    #[test]
    fn cookies_hold_what_a_cookie_may(text in "\\PC*") {
        let cookie = Style::FORM.pieces("p", &text, Escape::Cookie).unwrap().remove(0);
        prop_assert!(cookie.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)), "{}", cookie);
        prop_assert_eq!(decoded(&cookie), format!("p={text}"));
    }
}
