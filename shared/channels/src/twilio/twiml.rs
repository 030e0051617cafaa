//! Replies: "TwiML for Programmable Messaging" (<https://www.twilio.com/docs/messaging/twiml>).

use lanekeeper_platform::Response;

/// The answer to a message webhook: each text is sent to the customer as a message of its own, none means silence.
pub fn reply(messages: &[impl AsRef<str>]) -> Response {
    Response::new(200, "text/xml; charset=utf-8", twiml(messages))
}

/// The TwiML document that sends these texts. Characters that XML cannot hold are left out, and so is a message of
/// which nothing is left: Twilio takes an empty one for an error.
pub fn twiml(messages: &[impl AsRef<str>]) -> String {
    let mut content = String::new();
    for text in messages.iter().map(|text| escaped(text.as_ref())).filter(|text| !text.trim().is_empty()) {
        content.push_str("<Message>");
        content.push_str(&text);
        content.push_str("</Message>");
    }
    let response =
        if content.is_empty() { "<Response/>".to_owned() } else { format!("<Response>{content}</Response>") };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{response}")
}

fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars().filter(|character| is_xml_character(*character)) {
        match character {
            '&' => result.push_str("&amp;"),
            '<' => result.push_str("&lt;"),
            // Only `]]>` must not be, but then it is simpler never to write it.
            '>' => result.push_str("&gt;"),
            // A bare one would be read as a line feed.
            '\r' => result.push_str("&#13;"),
            other => result.push(other),
        }
    }
    result
}

/// `Char` of XML 1.0, fifth edition, 2.2. Rust's characters hold no surrogates.
fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NONE: [&str; 0] = [];

    fn read_back(document: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(document).unwrap();
        assert_eq!(document.root_element().tag_name().name(), "Response");
        document.root_element().children().map(|message| message.text().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn renders_messages() {
        assert_eq!(
            twiml(&["Oil & filter <$50>", "下周二见"]),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>Oil &amp; filter &lt;$50&gt;</Message>\
             <Message>下周二见</Message></Response>"
        );
    }

    #[test]
    fn silence_is_an_empty_response() {
        assert_eq!(twiml(&NONE), "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>");
        assert_eq!(twiml(&["", " \u{1}"]), twiml(&NONE));
    }

    #[test]
    fn says_what_it_is() {
        let response = reply(&["Hello"]);
        assert_eq!(response.status, 200);
        assert_eq!(response.headers, [("content-type".to_owned(), "text/xml; charset=utf-8".to_owned())]);
        assert_eq!(response.body, twiml(&["Hello"]).into_bytes());
    }

    proptest! {
        #[test]
        fn texts_come_back_as_they_were(texts in proptest::collection::vec(any::<String>(), 0..4)) {
            let expected: Vec<String> = texts
                .iter()
                .map(|text| text.chars().filter(|character| is_xml_character(*character)).collect::<String>())
                .filter(|text| !text.trim().is_empty())
                .collect();
            prop_assert_eq!(read_back(&twiml(&texts)), expected);
        }

        #[test]
        fn markup_stays_text(text in "[<>&;\\[\\]!\r\n\t -~\u{0}-\u{1f}\u{fffe}\u{ffff}]{1,40}x") {
            let expected: String = text.chars().filter(|character| is_xml_character(*character)).collect();
            prop_assert_eq!(read_back(&twiml(&[text])), [expected]);
        }
    }
}
