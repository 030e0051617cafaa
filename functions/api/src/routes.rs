//! What there is: paths, methods and who answers. To add a route, write its handler and a line here.

use crate::route::Route;
use crate::{
    appointments, consents, conversations, customers, deliveries, exceptions, group, imports, openings, pages, parts,
    repair_orders, stores, understand, vehicles, waitlist,
};
use lanekeeper_platform::Platform;
use lanekeeper_storage::Listing;

/// All routes that want a key.
#[rustfmt::skip]
pub fn routes<P: Platform>() -> Vec<Route<P>> {
    vec![
        Route::get("/api/v1/group", |call| Box::pin(group::read(call))),
        Route::put("/api/v1/group", |call| Box::pin(group::replace(call))),
        Route::get("/api/v1/stores", |call| Box::pin(stores::list(call))),
        Route::get("/api/v1/stores/{store}", |call| Box::pin(stores::read(call))),
        Route::put("/api/v1/stores/{store}", |call| Box::pin(stores::replace(call))),
        Route::get("/api/v1/stores/{store}/services", |call| Box::pin(parts::list(call, parts::SERVICES))),
        Route::get("/api/v1/stores/{store}/services/{id}", |call| Box::pin(parts::read(call, parts::SERVICES))),
        Route::put("/api/v1/stores/{store}/services/{id}", |call| Box::pin(parts::put(call, parts::SERVICES))),
        Route::delete("/api/v1/stores/{store}/services/{id}", |call| Box::pin(parts::remove(call, parts::SERVICES))),
        Route::get("/api/v1/stores/{store}/technicians", |call| Box::pin(parts::list(call, parts::TECHNICIANS))),
        Route::get("/api/v1/stores/{store}/technicians/{id}", |call| Box::pin(parts::read(call, parts::TECHNICIANS))),
        Route::put("/api/v1/stores/{store}/technicians/{id}", |call| Box::pin(parts::put(call, parts::TECHNICIANS))),
        Route::delete("/api/v1/stores/{store}/technicians/{id}", |call| Box::pin(parts::remove(call, parts::TECHNICIANS))),
        Route::get("/api/v1/stores/{store}/advisors", |call| Box::pin(parts::list(call, parts::ADVISORS))),
        Route::get("/api/v1/stores/{store}/advisors/{id}", |call| Box::pin(parts::read(call, parts::ADVISORS))),
        Route::put("/api/v1/stores/{store}/advisors/{id}", |call| Box::pin(parts::put(call, parts::ADVISORS))),
        Route::delete("/api/v1/stores/{store}/advisors/{id}", |call| Box::pin(parts::remove(call, parts::ADVISORS))),
        Route::get("/api/v1/stores/{store}/bays", |call| Box::pin(parts::list(call, parts::BAYS))),
        Route::get("/api/v1/stores/{store}/bays/{id}", |call| Box::pin(parts::read(call, parts::BAYS))),
        Route::put("/api/v1/stores/{store}/bays/{id}", |call| Box::pin(parts::put(call, parts::BAYS))),
        Route::delete("/api/v1/stores/{store}/bays/{id}", |call| Box::pin(parts::remove(call, parts::BAYS))),
        Route::get("/api/v1/stores/{store}/hours/exceptions", |call| Box::pin(exceptions::list(call))),
        Route::put("/api/v1/stores/{store}/hours/exceptions/{date}", |call| Box::pin(exceptions::put(call))),
        Route::delete("/api/v1/stores/{store}/hours/exceptions/{date}", |call| Box::pin(exceptions::remove(call))),
        Route::post("/api/v1/stores/{store}/understand", |call| Box::pin(understand::answer(call))),
        Route::post("/api/v1/stores/{store}/imports/{kind}", |call| Box::pin(imports::run(call))),

        Route::get("/api/v1/stores/{store}/customers", |call| Box::pin(customers::list(call))),
        Route::create("/api/v1/stores/{store}/customers", |call| Box::pin(customers::create(call))),
        Route::get("/api/v1/stores/{store}/customers/{customer}", |call| Box::pin(customers::read(call))),
        Route::patch("/api/v1/stores/{store}/customers/{customer}", |call| Box::pin(customers::change(call))),
        Route::get("/api/v1/stores/{store}/customers/{customer}/consents", |call| Box::pin(consents::read(call))),
        Route::put("/api/v1/stores/{store}/customers/{customer}/consents/{topic}", |call| Box::pin(consents::put(call))),
        Route::get("/api/v1/stores/{store}/customers/{customer}/vehicles", |call| Box::pin(vehicles::list(call))),
        Route::create("/api/v1/stores/{store}/customers/{customer}/vehicles", |call| Box::pin(vehicles::create(call))),
        Route::get("/api/v1/stores/{store}/vehicles/{vehicle}", |call| Box::pin(vehicles::read(call))),
        Route::patch("/api/v1/stores/{store}/vehicles/{vehicle}", |call| Box::pin(vehicles::change(call))),
        Route::delete("/api/v1/stores/{store}/vehicles/{vehicle}", |call| Box::pin(vehicles::remove(call))),

        Route::get("/api/v1/appointments", |call| Box::pin(pages::of_group(call, Listing::Appointments))),
        Route::get("/api/v1/conversations", |call| Box::pin(pages::of_group(call, Listing::Conversations))),

        Route::get("/api/v1/stores/{store}/openings", |call| Box::pin(openings::list(call))),
        Route::get("/api/v1/stores/{store}/appointments", |call| Box::pin(pages::page(call, Listing::Appointments))),
        Route::create("/api/v1/stores/{store}/appointments", |call| Box::pin(appointments::book(call))),
        Route::get("/api/v1/stores/{store}/appointments/{appointment}", |call| Box::pin(appointments::read(call))),
        Route::post("/api/v1/stores/{store}/appointments/{appointment}/move", |call| Box::pin(appointments::reschedule(call))),
        Route::post("/api/v1/stores/{store}/appointments/{appointment}/cancel", |call| Box::pin(appointments::cancel(call))),
        Route::post("/api/v1/stores/{store}/appointments/{appointment}/arrive", |call| Box::pin(appointments::arrive(call))),
        Route::post("/api/v1/stores/{store}/appointments/{appointment}/no-show", |call| Box::pin(appointments::miss(call))),

        Route::get("/api/v1/stores/{store}/waitlist", |call| Box::pin(pages::page(call, Listing::Waitlist))),
        Route::create("/api/v1/stores/{store}/waitlist", |call| Box::pin(waitlist::join(call))),
        Route::get("/api/v1/stores/{store}/waitlist/{entry}", |call| Box::pin(waitlist::read(call))),
        Route::delete("/api/v1/stores/{store}/waitlist/{entry}", |call| Box::pin(waitlist::leave(call))),

        Route::get("/api/v1/stores/{store}/repair-orders", |call| Box::pin(pages::page(call, Listing::RepairOrders))),
        Route::create("/api/v1/stores/{store}/repair-orders", |call| Box::pin(repair_orders::open(call))),
        Route::get("/api/v1/stores/{store}/repair-orders/{order}", |call| Box::pin(repair_orders::read(call))),
        Route::patch("/api/v1/stores/{store}/repair-orders/{order}", |call| Box::pin(repair_orders::change(call))),
        Route::get("/api/v1/stores/{store}/repair-orders/{order}/events", |call| Box::pin(repair_orders::events(call))),
        Route::create("/api/v1/stores/{store}/repair-orders/{order}/operations", |call| Box::pin(repair_orders::add_line(call))),
        Route::patch("/api/v1/stores/{store}/repair-orders/{order}/operations/{operation}", |call| Box::pin(repair_orders::change_line(call))),
        Route::delete("/api/v1/stores/{store}/repair-orders/{order}/operations/{operation}", |call| Box::pin(repair_orders::remove_line(call))),
        Route::post("/api/v1/stores/{store}/repair-orders/{order}/propose", |call| Box::pin(repair_orders::propose(call))),
        Route::post("/api/v1/stores/{store}/repair-orders/{order}/authorizations", |call| Box::pin(repair_orders::authorize(call))),

        Route::get("/api/v1/stores/{store}/opt-outs", |call| Box::pin(consents::opt_outs(call))),
        Route::get("/api/v1/stores/{store}/consents", |call| Box::pin(consents::events(call))),
        Route::get("/api/v1/stores/{store}/conversations", |call| Box::pin(pages::page(call, Listing::Conversations))),
        Route::get("/api/v1/conversations/{conversation}", |call| Box::pin(conversations::read(call))),
        Route::post("/api/v1/conversations/{conversation}/take-over", |call| Box::pin(conversations::take_over(call))),
        Route::post("/api/v1/conversations/{conversation}/hand-back", |call| Box::pin(conversations::hand_back(call))),
        Route::post("/api/v1/conversations/{conversation}/replies", |call| Box::pin(conversations::reply(call))),
        Route::post("/api/v1/conversations/{conversation}/notes", |call| Box::pin(conversations::write_note(call))),
        Route::post("/api/v1/conversations/{conversation}/assign", |call| Box::pin(conversations::assign(call))),
        Route::post("/api/v1/conversations/{conversation}/close", |call| Box::pin(conversations::close(call))),
        Route::get("/api/v1/stores/{store}/deliveries", |call| Box::pin(pages::page(call, Listing::Deliveries))),
        Route::post("/api/v1/deliveries/{delivery}/replay", |call| Box::pin(deliveries::replay(call))),
    ]
}
