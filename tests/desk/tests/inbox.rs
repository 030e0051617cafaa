//! The inbox and its conversations as people use them.

use lanekeeper_desk_tests::{Answer, Browser, Deployment};
use lanekeeper_platform::Platform;
use lanekeeper_platform::Statement;
use serde_json::Value;

const TALK: &str = "/desk/stores/lakeside/conversations/conversation-lakeside";

fn app() -> Deployment {
    let app = Deployment::new();
    let waiting =
        "UPDATE conversations SET waiting_since = 1795190000000, handover_reason = 'asked', updated_at = 1795190000000";
    for shard in app.platform.shards().iter() {
        shard.database.script(waiting).unwrap();
    }
    app
}

fn rows(app: &Deployment, sql: &'static str) -> Vec<Value> {
    app.platform.directory().look(Statement::new(sql)).unwrap().0.into_iter().map(Value::Object).collect()
}

fn htmx(browser: &mut Browser, path: &str, form: &[(&str, &str)]) -> Answer {
    browser.headers.push(("hx-request".to_owned(), "true".to_owned()));
    let answer = browser.post(path, form);
    browser.headers.clear();
    answer
}

#[test]
fn one_list_for_all_stores_in_two_batches_and_one_more_per_shard() {
    let app = app();
    let mut browser = app.signed_in("advisor@demo.example");
    let before = app.batches();
    let page = browser.get("/desk/inbox");
    assert_eq!((page.status, app.batches() - before), (200, 3), "the session, and each of two shards");
    let text = page.text();
    assert!(text.contains("c-conversation-lakeside") && text.contains("c-conversation-hubin"));
    assert!(!text.contains("elsewhere"));
    assert!(!text.contains("<script>secret"), "what people write stays text");
    let one = browser.get("/desk/inbox?store=hubin").text();
    assert!(one.contains("c-conversation-hubin") && !one.contains("c-conversation-lakeside"));
    assert_eq!(browser.get("/desk/inbox?store=elsewhere").status, 404);
    assert_eq!(browser.get("/desk/inbox?view=x").status, 422);
    assert!(!browser.get("/desk/inbox?view=closed").text().contains("c-conversation"));
}

#[test]
fn search_finds_across_stores_and_shows_where() {
    let app = app();
    let mut browser = app.signed_in("advisor@demo.example");
    let found = browser.get("/desk/inbox?q=secret").text();
    assert!(found.contains("c-conversation-lakeside") && found.contains("c-conversation-hubin"), "{found}");
    assert!(found.contains("<mark>secret</mark>") && !found.contains("<script>secret"));
    assert!(browser.get("/desk/inbox?q=%22%3C%27").text().contains("Nothing found"));
}

#[test]
fn a_conversation_opens_beside_the_list_or_as_a_piece() {
    let app = app();
    let mut browser = app.signed_in("advisor@demo.example");
    let before = app.batches();
    let page = browser.get(TALK).text();
    assert_eq!(app.batches() - before, 3, "as the list alone");
    assert!(page.contains("id=\"list\"") && page.contains("id=\"e-message-lakeside\""));
    assert!(!page.contains("<script>secret"));
    browser.headers.push(("hx-request".to_owned(), "true".to_owned()));
    browser.headers.push(("hx-target".to_owned(), "conversation".to_owned()));
    let piece = browser.get(TALK).text();
    assert!(!piece.contains("id=\"list\"") && piece.contains("id=\"e-message-lakeside\""));
}

#[test]
fn who_replies_takes_over_and_it_is_logged() {
    let app = app();
    let mut browser = app.signed_in("advisor@demo.example");
    browser.get(TALK);
    let said = browser.post(&format!("{TALK}/say?view=mine"), &[("mode", "reply"), ("text", "I'll have a look")]);
    assert_eq!((said.status, said.header("location")), (303, Some(format!("{TALK}?view=mine").as_str())));
    let left = rows(&app, "SELECT kind, text, status FROM outbox WHERE conversation_id = 'conversation-lakeside'");
    assert!(
        left.iter().any(|row| row["kind"] == "reply" && row["text"].as_str().unwrap().ends_with("I'll have a look")),
        "{left:?}"
    );
    let standing = rows(&app, "SELECT assignee, waiting_since FROM conversations WHERE id = 'conversation-lakeside'");
    assert_eq!(standing, [serde_json::json!({"assignee": "advisor", "waiting_since": null})]);
    let log = rows(&app, "SELECT action, subject FROM audit_log WHERE store_id = 'lakeside'");
    assert_eq!(log, [serde_json::json!({"action": "conversation.reply", "subject": "conversation-lakeside"})]);
    assert!(browser.get("/desk/inbox?view=mine").text().contains("c-conversation-lakeside"));
}

#[test]
fn of_two_who_take_it_one_gets_it_and_the_other_is_told() {
    let app = app();
    let (mut grace, mut maya) = (app.signed_in("owner@demo.example"), app.signed_in("advisor@demo.example"));
    assert_eq!(htmx(&mut grace, &format!("{TALK}/take-over"), &[]).status, 200);
    let late = htmx(&mut maya, &format!("{TALK}/take-over"), &[]);
    assert_eq!((late.status, late.header("hx-retarget")), (409, Some("#toasts")));
    assert!(late.text().contains("Grace Lin has it now") && late.text().contains("id=\"talk-head\""));
    // Without a script the page says it.
    let page = maya.post(&format!("{TALK}/take-over"), &[]);
    assert!(page.status == 409 && page.text().contains("Grace Lin has it now"));
    assert_eq!(htmx(&mut maya, &format!("{TALK}/take-over"), &[("from", "owner")]).status, 200);
    assert_eq!(htmx(&mut maya, &format!("{TALK}/hand-back"), &[]).status, 200);
    let standing = rows(&app, "SELECT handling, assignee FROM conversations WHERE id = 'conversation-lakeside'");
    assert_eq!(standing, [serde_json::json!({"handling": "ai", "assignee": null})]);
}

#[test]
fn notes_stay_inside_and_mention_colleagues() {
    let app = app();
    let mut browser = app.signed_in("advisor@demo.example");
    let form = [("mode", "note"), ("text", "<b>Careful</b>"), ("mention", "owner"), ("mention", "stranger")];
    let answer = htmx(&mut browser, &format!("{TALK}/say"), &form).text();
    assert!(answer.contains("&lt;b&gt;Careful&lt;/b&gt;") && answer.contains("@Grace Lin"), "{answer}");
    assert_eq!(rows(&app, "SELECT mentions FROM notes"), [serde_json::json!({"mentions": "[\"owner\"]"})]);
    assert!(rows(&app, "SELECT id FROM outbox").is_empty());
}

#[test]
fn out_of_sight_done_and_back() {
    let app = app();
    let mut browser = app.signed_in("advisor@demo.example");
    let mut act = |act: &str, form: &[(&str, &str)]| htmx(&mut browser, &format!("{TALK}/{act}"), form).status;
    assert_eq!(act("snooze", &[("until", "tomorrow")]), 200);
    let until = rows(&app, "SELECT snoozed_until FROM conversations WHERE id = 'conversation-lakeside'");
    assert!(until[0]["snoozed_until"].as_i64() > Some(1_795_190_400_000), "{until:?}");
    assert_eq!(act("snooze", &[("until", "now")]), 200);
    assert_eq!(act("snooze", &[("until", "1970")]), 422);
    assert_eq!(act("assign", &[("to", "owner")]), 200);
    assert_eq!(act("assign", &[("to", "stranger")]), 422);
    assert_eq!(act("tags", &[("tags", "vip, fleet，vip")]), 200);
    assert_eq!(act("close", &[("result", "x")]), 422);
    assert_eq!(act("close", &[("result", "settled")]), 200);
    let standing = rows(&app, "SELECT status, result, tags FROM conversations WHERE id = 'conversation-lakeside'");
    let expected = serde_json::json!({"status": "closed", "result": "settled", "tags": "[\"vip\",\"fleet\"]"});
    assert_eq!(standing, [expected]);
    assert_eq!(act("reopen", &[]), 200);
}

#[test]
fn news_come_to_who_waits_for_them() {
    let app = app();
    let mut browser = app.signed_in("advisor@demo.example");
    let page = browser.get(TALK).text();
    let pulse = |part: &str| {
        let from = page.find(part).unwrap();
        let rest = page[from..].split_once("data-pulse=\"").unwrap().1;
        rest.split_once('"').unwrap().0.to_owned()
    };
    let (list, thread) = (pulse("id=\"list\""), pulse("id=\"conversation\""));
    let live = format!(
        "/desk/inbox/live?list={list}&thread={thread}&at=lakeside&conversation=conversation-lakeside&since=1795189000000"
    );
    let quiet = browser.get(&live);
    assert_eq!(quiet.status, 204, "{}", quiet.text());
    assert!(quiet.header("x-news").is_some());
    app.platform
        .directory()
        .script("UPDATE conversations SET updated_at = 1795190500000, waiting_since = 1795190500000")
        .unwrap();
    let news = browser.get(&live);
    assert_eq!(news.status, 200);
    assert!(news.text().contains("id=\"conversations\"") && news.text().contains("id=\"entries\""));
    let told: Value = serde_json::from_str(news.header("x-news").unwrap()).unwrap();
    assert_eq!(told["waiting"].as_array().unwrap().len(), 2, "{told}");
    assert_eq!(browser.get("/desk/inbox/live?at=elsewhere&conversation=conversation-elsewhere").status, 404);
}
