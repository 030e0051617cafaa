//! The URL that a provider called, as the provider knows it.

use lanekeeper_platform::Request;

/// The full URL of the request as the outside world writes it, which is what providers sign. `public_url` is the setting
/// `PUBLIC_URL`: it replaces scheme and authority when a proxy or a tunnel stands before us, and may add a path prefix.
pub fn public_url(request: &Request, public_url: Option<&str>) -> String {
    let origin = public_url.map(str::trim).filter(|setting| !setting.is_empty()).unwrap_or(&request.origin);
    let mut url = format!("{}{}", origin.trim_end_matches('/'), request.path);
    if !request.query.is_empty() {
        url.push('?');
        url.push_str(&request.query);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_replaces_the_origin() {
        let mut request = Request {
            origin: "http://127.0.0.1:8787".into(),
            path: "/channels/twilio/lakeside-sms".into(),
            ..Request::default()
        };
        assert_eq!(public_url(&request, None), "http://127.0.0.1:8787/channels/twilio/lakeside-sms");
        request.query = "a=%27".into();
        let expected = "https://edge.example/channels/twilio/lakeside-sms?a=%27";
        assert_eq!(public_url(&request, Some("https://edge.example/")), expected);
        assert_eq!(public_url(&request, Some(" ")), "http://127.0.0.1:8787/channels/twilio/lakeside-sms?a=%27");
    }
}
