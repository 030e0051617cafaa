//! Migrations and queries, in the dialect of SQLite, over the Database port.
//!
//! Reads return typed rows; writes are statements, so that a turn can put all of its own into one batch.

mod access;
mod alerts;
mod appointments;
mod board;
mod chat;
mod chat_contacts;
mod claims;
mod consents;
mod contacts;
mod conversations;
mod counter;
mod customers;
mod day;
mod departures;
mod directory;
mod files;
mod groups;
mod handling;
mod idempotency;
mod imports;
pub mod inbox;
mod lease;
mod lines;
mod maintenance;
mod merges;
mod migrations;
mod moving;
mod no_shows;
mod outbox;
mod parties;
mod people;
mod phone_codes;
mod profiles;
mod quick_replies;
mod reach;
mod repair_orders;
mod satisfaction;
mod seal;
mod simulator;
mod staff;
mod turn;
mod views;
mod visits;
mod waitlist;

pub use access::{Caller, caller, key_hash};
pub use alerts::{
    AlertCopy, LeasedAlert, NewAlert, SmsLine, alert_of_wake_up, alert_wake_up, assign_by_routing, due_alerts,
    forget_alerts, lease_alert, put_alert, put_alert_copy, retry_alert, settle_alert,
};
pub use appointments::{
    NewAppointment, arrive, book, cancel, change_vehicle, expect_appointment, load_between, load_with_sisters,
    name_appointment, reschedule,
};
pub use board::{Board, BoardOrder, HistoryLine, OrderPage, board, order_page};
pub use chat::{
    Chat, ChatHead, ChatMessage, Cursor, Visitor, account_names, begin_chat, chat, chat_has_news, put_customer_typing,
    put_typing,
};
pub use chat_contacts::{NewChatContact, put_chat_contact};
pub use consents::{Consent, Wish, opt_in, opt_out, put_consent, wishes};
pub use contacts::{Correspondent, correspondent};
pub use conversations::{
    ConversationUpdate, NewConversation, NewMessage, NewTurn, put_message, put_turn, start_conversation,
    update_conversation,
};
pub use counter::{CustomerAtCounter, FoundCustomer, customer_at_counter, find_customers};
pub use customers::{IdentityKind, put_vehicle, rename_customer, start_customer, start_customer_known_by};
pub use day::{AppointmentInStore, DayEntry, Days, OrderMark, appointment_in_store, days};
pub use departures::{Departure, departures, mark_followed_up};
pub use directory::{
    cached_database_of_line, database_in_group, database_of, database_of_line, databases_of_group, describe_store,
    enter_line, enter_store, find_in_group,
};
pub use files::{LARGEST_FILE, NewFile, StoredFile, file_of_store, file_of_visitor, put_file, types_of_files};
pub use groups::{group_settings, replace_group_settings};
pub use handling::{
    HandledConversation, NewAct, NewHandover, NewNote, escalate, expire_snoozes, hand_over, hand_over_by_clock,
    keep_presence, load_handled_conversation, overdue_conversations, put_act, put_handling_event, put_note,
    put_presence, set_tags,
};
pub use idempotency::{KeptAnswer, forget_answers, keep_answer, kept_answer};
pub use imports::{KnownAppointment, known_appointments, known_customers, known_vehicles, put_customers, put_vehicles};
pub use lease::{Leased, Readdress, lease_delivery, put_back, readdress};
pub use lines::{Line, Playbook, has_line, playbook, remembered_playbook};
pub use maintenance::{Plan, Upcoming, mark_told, put_plan, upcoming_maintenance};
pub use merges::{Merge, merge_customers, split_customers};
pub use migrations::migrate;
pub use moving::{MoveError, Progress, Step, TABLES, Table, move_store};
pub use no_shows::{Missed, mark_missed, missed_appointments, unmark_missed};
pub use outbox::{
    NewDelivery, Recorded, due_deliveries, expire_deliveries, keep_trying, opt_out_of_delivery, park_delivery,
    put_delivery, record_receipt, recorded_messages, settle_sent, take_up_questions, text_as_well, withdraw_delivery,
    withdraw_for_address, withdraw_for_appointment, withdraw_for_repair_order, withdraw_reminders,
};
pub use parties::{Party, load_party};
pub use people::{
    CustomerKey, CustomerRow, VehicleRow, customer, delete_vehicle, insert_customer, insert_vehicle, later, shown,
    update_customer, update_vehicle, vehicle, vehicles_of, was_stale,
};
pub use phone_codes::{CodeTry, NewPhoneCode, put_phone_code, try_phone_code, use_phone_code, verify_phone};
pub use profiles::{StoreRow, replace_profile, store_row, stores};
pub use quick_replies::{QuickReply, select_quick_replies};
pub use reach::{
    Reachable, StoredSubscription, WaysToReach, end_push_subscription, forget_push_subscription, push_subscription,
    put_push_subscription, reachable, set_alert_phone, ways_to_reach,
};
pub use repair_orders::{
    OrderInStore, Reach, next_order_number, open_repair_order, repair_order_events, repair_order_for_store,
    save_repair_order, silent_repair_orders,
};
pub use satisfaction::{NewSatisfaction, comment_on_satisfaction, put_satisfaction};
pub use seal::{SealError, seal, unseal};
pub use simulator::{SimulatedLine, Thread, ThreadHead, ThreadMessage, simulated_lines, simulated_thread};
pub use staff::{
    Audit, AuditFilter, AuditRow, Colleague, Invited, Knock, NewAccount, NewSession, Person, Session, StoreAccess,
    accept_invitation, account_of, audit, audit_log, change_account, end_session, end_sessions, forget_failures,
    forget_past_staff, invitation, is_last_owner, knock, load_session, open_account, password_of, people, put_account,
    put_invitation, put_membership, rotate_session, see_session, set_disabled, set_memberships, set_password,
    start_session,
};
pub use turn::{ConversationRow, Loaded, QuestionRow, SharedCustomer, load_turn};
pub use views::{
    Listing, Page, ViewError, appointment_view, conversation_thread, list, list_in_group, replay_delivery,
    store_profile, waitlist_entry_view,
};
pub use visits::{Contact, Standing, Visit, load_visit, store_of_visit};

pub use waitlist::{
    Candidate, Freed, Lapsed, decline_offer, expire_waitlist, freed_stores, hold_opening, join_waitlist, lapsed_offers,
    leave_waitlist, leave_waitlist_of, look_again, looked_through, take_offer, waiting_at, waits_for,
};

use chrono::{DateTime, Utc};
use lanekeeper_domain::Store;
use lanekeeper_platform::Value;

/// A store's rules as they were at one revision. What is written under them is refused once they have changed.
#[derive(Debug, Clone, Copy)]
pub struct Revised<'a> {
    /// The rules.
    pub profile: &'a Store,
    /// Counts their changes.
    pub revision: i64,
}

/// A time as the database keeps it: milliseconds since 1970.
fn at(time: DateTime<Utc>) -> Value {
    Value::Integer(time.timestamp_millis())
}
