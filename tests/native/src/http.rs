//! Other people's servers, as the test wants them.

use crate::give_way;
use lanekeeper_platform::{HttpClient, HttpError, OutboundRequest, OutboundResponse};
use std::cell::RefCell;
use std::collections::VecDeque;

type Answer = Result<OutboundResponse, HttpError>;
type Server = Box<dyn FnMut(&OutboundRequest) -> Answer>;

/// Answers outbound requests from a script, and keeps what was asked. Without a script nobody can be reached.
#[derive(Default)]
pub struct ScriptedHttp {
    answers: RefCell<VecDeque<Answer>>,
    server: RefCell<Option<Server>>,
    requests: RefCell<Vec<OutboundRequest>>,
}

impl ScriptedHttp {
    /// Adds an answer for one request; requests are answered in the order they are made.
    pub fn answer(&self, answer: Result<OutboundResponse, HttpError>) {
        self.answers.borrow_mut().push_back(answer);
    }

    /// Lets a function answer whatever [`ScriptedHttp::answer`] has nothing for.
    pub fn serve(&self, server: impl FnMut(&OutboundRequest) -> Result<OutboundResponse, HttpError> + 'static) {
        *self.server.borrow_mut() = Some(Box::new(server));
    }

    /// Every request so far, in order.
    pub fn requests(&self) -> Vec<OutboundRequest> {
        self.requests.borrow().clone()
    }
}

impl HttpClient for ScriptedHttp {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, HttpError> {
        give_way().await;
        self.requests.borrow_mut().push(request.clone());
        if let Some(answer) = self.answers.borrow_mut().pop_front() {
            return answer;
        }
        match self.server.borrow_mut().as_mut() {
            Some(server) => server(&request),
            None => Err(HttpError::Unreachable("no answer is scripted".to_owned())),
        }
    }
}

/// An answer with a JSON body.
pub fn json_answer(status: u16, body: &serde_json::Value) -> OutboundResponse {
    OutboundResponse {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_string().into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use lanekeeper_platform::Method;
    use std::time::Duration;

    fn get(url: &str) -> OutboundRequest {
        let timeout = Duration::from_secs(1);
        OutboundRequest { method: Method::Get, url: url.to_owned(), headers: vec![], body: vec![], timeout }
    }

    #[test]
    fn answers_in_order_then_asks_the_server() {
        let http = ScriptedHttp::default();
        assert!(matches!(block_on(http.send(get("http://a/0"))), Err(HttpError::Unreachable(_))));

        http.answer(Err(HttpError::Timeout));
        http.serve(|request| Ok(json_answer(200, &serde_json::json!({"asked": request.url}))));
        assert_eq!(block_on(http.send(get("http://a/1"))).unwrap_err(), HttpError::Timeout);
        let answer = block_on(http.send(get("http://a/2"))).unwrap();
        assert_eq!(answer.body, br#"{"asked":"http://a/2"}"#);

        let urls: Vec<_> = http.requests().into_iter().map(|request| request.url).collect();
        assert_eq!(urls, ["http://a/0", "http://a/1", "http://a/2"]);
    }
}
