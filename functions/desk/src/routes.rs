//! What there is: paths, methods, what they ask of their caller, and who answers. To add a route, write its handler and a line
//! here; the test of the authorization matrix (tests/desk) then wants to know what its places may hold.

use crate::route::Access::{Person, Somewhere, Store};
use crate::route::Route;
use crate::{account, alerts, audit, booking, conversation, day, inbox, invitation, oidc, orders, people, sign_in};
use lanekeeper_domain::staff::Permission::{Converse, Look, Manage, Serve};
use lanekeeper_platform::Platform;

/// All routes but the pages' assets.
#[rustfmt::skip]
pub fn routes<P: Platform>() -> Vec<Route<P>> {
    vec![
        Route::open_get("/desk/sign-in", |call| Box::pin(async { Ok(sign_in::form(call)) })),
        Route::open_post("/desk/sign-in", |call| Box::pin(sign_in::enter(call))),
        Route::open_get("/desk/sign-in/elsewhere", |call| Box::pin(oidc::start(call))),
        Route::open_get("/desk/sign-in/elsewhere/back", |call| Box::pin(oidc::back(call))),
        Route::open_get("/desk/invitations/{word}", |call| Box::pin(invitation::show(call))),
        Route::open_post("/desk/invitations/{word}", |call| Box::pin(invitation::accept(call))),
        Route::post("/desk/sign-out", Person, |desk| Box::pin(sign_in::leave(desk))),

        Route::get("/desk", Person, |desk| Box::pin(async { Ok(account::start(desk)) })),
        Route::get("/desk/account", Person, |desk| Box::pin(account::show(desk))),
        Route::post("/desk/account", Person, |desk| Box::pin(account::change(desk))),
        Route::post("/desk/account/password", Person, |desk| Box::pin(account::change_password(desk))),
        Route::post("/desk/account/sign-out-everywhere", Person, |desk| Box::pin(account::leave_everywhere(desk))),
        Route::post("/desk/account/alerts", Person, |desk| Box::pin(alerts::change(desk))),
        Route::post("/desk/account/devices", Person, |desk| Box::pin(alerts::start(desk))),
        Route::post("/desk/account/devices/end", Person, |desk| Box::pin(alerts::end(desk))),

        Route::get("/desk/inbox", Somewhere(Look), |desk| Box::pin(inbox::show(desk))),
        Route::get("/desk/inbox/list", Somewhere(Look), |desk| Box::pin(inbox::show_list(desk))),
        Route::get("/desk/inbox/live", Somewhere(Look), |desk| Box::pin(inbox::live(desk))),
        Route::get("/desk/stores/{store}/conversations/{conversation}", Store(Look), |desk| Box::pin(conversation::show(desk))),
        Route::get("/desk/stores/{store}/messages/{message}/files/{file}", Store(Look), |desk| Box::pin(conversation::file(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/draft", Store(Converse), |desk| Box::pin(conversation::draft(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/typing", Store(Converse), |desk| Box::pin(conversation::typing(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/take-over", Store(Converse), |desk| Box::pin(conversation::take_over(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/hand-back", Store(Converse), |desk| Box::pin(conversation::hand_back(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/say", Store(Converse), |desk| Box::pin(conversation::say(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/assign", Store(Converse), |desk| Box::pin(conversation::assign(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/snooze", Store(Converse), |desk| Box::pin(conversation::snooze(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/close", Store(Converse), |desk| Box::pin(conversation::close(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/reopen", Store(Converse), |desk| Box::pin(conversation::reopen(desk))),
        Route::post("/desk/stores/{store}/conversations/{conversation}/tags", Store(Converse), |desk| Box::pin(conversation::tags(desk))),

        Route::get("/desk/day", Somewhere(Look), |desk| Box::pin(async { day::start(desk) })),
        Route::get("/desk/stores/{store}/day", Store(Look), |desk| Box::pin(day::show(desk))),
        Route::get("/desk/stores/{store}/week", Store(Look), |desk| Box::pin(day::week(desk))),
        Route::get("/desk/stores/{store}/appointments/{appointment}", Store(Look), |desk| Box::pin(booking::show(desk))),
        Route::get("/desk/stores/{store}/appointments/{appointment}/move", Store(Serve), |desk| Box::pin(booking::moving_question(desk))),
        Route::post("/desk/stores/{store}/appointments/{appointment}/move", Store(Serve), |desk| Box::pin(booking::move_it(desk))),
        Route::get("/desk/stores/{store}/appointments/{appointment}/cancel", Store(Serve), |desk| Box::pin(booking::calling_off_question(desk))),
        Route::post("/desk/stores/{store}/appointments/{appointment}/cancel", Store(Serve), |desk| Box::pin(booking::call_off(desk))),
        Route::post("/desk/stores/{store}/appointments/{appointment}/arrive", Store(Serve), |desk| Box::pin(booking::arrive(desk))),
        Route::post("/desk/stores/{store}/appointments/{appointment}/no-show", Store(Serve), |desk| Box::pin(booking::miss(desk))),
        Route::post("/desk/stores/{store}/appointments/{appointment}/expect", Store(Serve), |desk| Box::pin(booking::expect_again(desk))),
        Route::get("/desk/stores/{store}/book", Store(Serve), |desk| Box::pin(booking::form(desk))),
        Route::post("/desk/stores/{store}/book", Store(Serve), |desk| Box::pin(booking::book(desk))),
        Route::post("/desk/stores/{store}/customers", Store(Serve), |desk| Box::pin(booking::create_customer(desk))),

        Route::get("/desk/orders", Somewhere(Look), |desk| Box::pin(async { orders::start(desk) })),
        Route::get("/desk/stores/{store}/orders", Store(Look), |desk| Box::pin(orders::board(desk))),
        Route::get("/desk/stores/{store}/waiting", Store(Look), |desk| Box::pin(orders::waiting(desk))),
        Route::get("/desk/stores/{store}/orders/{order}", Store(Look), |desk| Box::pin(orders::show(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/stage", Store(Serve), |desk| Box::pin(orders::set_stage(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/edit", Store(Serve), |desk| Box::pin(orders::edit(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/note", Store(Serve), |desk| Box::pin(orders::add_note(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/lines", Store(Serve), |desk| Box::pin(orders::add_line(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/lines/{line}", Store(Serve), |desk| Box::pin(orders::change_line(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/lines/{line}/remove", Store(Serve), |desk| Box::pin(orders::remove_line(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/propose", Store(Serve), |desk| Box::pin(orders::propose(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/decide", Store(Serve), |desk| Box::pin(orders::decide(desk))),
        Route::post("/desk/stores/{store}/orders/{order}/remind", Store(Serve), |desk| Box::pin(orders::remind(desk))),

        Route::get("/desk/people", Somewhere(Manage), |desk| Box::pin(people::list(desk))),
        Route::get("/desk/people/invite", Somewhere(Manage), |desk| Box::pin(async { Ok(people::form(desk)) })),
        Route::post("/desk/people/invite", Somewhere(Manage), |desk| Box::pin(people::invite(desk))),
        Route::get("/desk/people/{account}", Somewhere(Manage), |desk| Box::pin(people::show(desk))),
        Route::post("/desk/people/{account}", Somewhere(Manage), |desk| Box::pin(people::change(desk))),
        Route::post("/desk/people/{account}/link", Somewhere(Manage), |desk| Box::pin(people::link(desk))),
        Route::post("/desk/people/{account}/close", Somewhere(Manage), |desk| Box::pin(people::close(desk))),
        Route::post("/desk/people/{account}/open", Somewhere(Manage), |desk| Box::pin(people::open(desk))),
        Route::get("/desk/audit", Somewhere(Manage), |desk| Box::pin(audit::list(desk))),
    ]
}
