//! Speech acts: what is said, before it has words.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use lanekeeper_domain::notifications::Topic;
use lanekeeper_domain::repair_order::{Charges, Operation, Stage};
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::{Transport, VehicleClass};
use serde::{Deserialize, Serialize};

/// How openings relate to what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// They suit all that was said.
    Suiting,
    /// What was asked for is taken; they come nearest.
    Nearest,
    /// The store is closed that day; they come nearest.
    Closed(NaiveDate),
    /// The store is open that day, but not then; they come nearest.
    OutsideHours(NaiveDate),
    /// What was asked for is over.
    Past,
    /// Those offered before did not suit.
    Others,
    /// What was chosen has gone meanwhile.
    Gone,
}

/// Ids of menu items, the main one first.
pub type ServiceList = Vec<String>;

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")] // tagged from outside: a tag within would cost 160 kB of wasm to read
#[allow(missing_docs)] // the variants' names say it; the phrase files show the words
pub enum Act {
    Introduce,
    Greet,
    Welcome,
    Goodbye,
    Acknowledge,
    SayWhatWeDo,
    GotPicture,
    Help,
    OptedOut,
    OptedIn,
    Muted {
        topic: Topic,
    },
    Unmuted {
        topic: Topic,
    },
    AskCancelOrStop,
    Apologise,
    HandedOver {
        open: bool,
        next_open: Option<DateTime<Utc>>,
    },
    /// The store is closed; no time is promised.
    MessageTaken,
    /// Would the customer rather be called, and when?
    OfferCallBack,
    /// Nobody has answered yet, which is said before the customer wonders.
    NobodyYet,
    /// Card numbers do not belong into a text.
    NoPaymentData,
    OfferPerson,
    NoPersonThen,
    /// Like `OfferPerson`, in the middle of something else that stays the question.
    CannotAnswer,
    NotUnderstood {
        hint_person: bool,
    },

    AskService {
        services: ServiceList,
    },
    AskPriceOf {
        services: ServiceList,
    },
    OfferOpenings {
        services: ServiceList,
        starts: Vec<DateTime<Utc>>,
        fit: Fit,
    },
    /// The openings offered last still stand.
    RemindOfOpenings {
        services: ServiceList,
        starts: Vec<DateTime<Utc>>,
    },
    NoOpenings {
        until: NaiveDate,
    },
    /// What a sister store has; its name, its number to call, and the time on its own clocks.
    SisterStore {
        name: String,
        phone: String,
        start: NaiveDateTime,
    },
    TooFarAhead {
        until: NaiveDate,
    },
    AskTransport {
        choices: Vec<Transport>,
    },
    AskAddress,
    TransportTerms {
        transport: Transport,
    },
    NoTransport {
        transport: Transport,
    },
    TooLongToWait {
        minutes: u32,
    },
    AskVehicle,
    AskWhichVehicle {
        vehicles: Vec<CarLabel>,
    },
    VinLooksWrong {
        vin: String,
    },
    AskName,
    SumUp {
        services: ServiceList,
        start: DateTime<Utc>,
        vehicle: Option<CarLabel>,
        name: Option<String>,
        transport: Option<Transport>,
        /// Id of the advisor who was asked for.
        advisor: Option<String>,
        /// The car's class, which decides the price.
        #[serde(default)]
        class: Option<VehicleClass>,
    },
    AskWhatToChange,
    Booked {
        services: ServiceList,
        start: DateTime<Utc>,
        transport: Option<Transport>,
    },
    Dropped,
    AskAnythingElse,
    OfferBooking {
        services: ServiceList,
    },
    Resume,

    Waitlisted {
        services: ServiceList,
        /// The appointment that stands meanwhile.
        earlier_than: Option<DateTime<Utc>>,
    },
    HintWaitlist,
    LeftWaitlist,
    /// An opening is held for somebody on the waitlist, until then.
    WaitlistOffer {
        services: ServiceList,
        start: DateTime<Utc>,
        vehicle: Option<CarLabel>,
        until: DateTime<Utc>,
        /// The appointment that it would replace.
        instead_of: Option<DateTime<Utc>>,
    },
    /// The same, asked again in the conversation.
    AskOffer {
        services: ServiceList,
        start: DateTime<Utc>,
        vehicle: Option<CarLabel>,
    },
    OfferGone,
    StillWaiting,

    NoAppointment,
    AskWhichAppointment {
        appointments: Vec<AppointmentLine>,
    },
    AskMoveTo {
        appointment: AppointmentLine,
    },
    SumUpMove {
        from: AppointmentLine,
        to: DateTime<Utc>,
    },
    Moved {
        services: ServiceList,
        start: DateTime<Utc>,
    },
    CarChanged {
        appointment: AppointmentLine,
    },
    AskCancel {
        appointment: AppointmentLine,
    },
    Cancelled {
        appointment: AppointmentLine,
    },
    Kept {
        appointment: AppointmentLine,
    },
    /// It was called off by somebody else than the customer.
    CalledOff {
        appointment: AppointmentLine,
    },

    Price {
        service: String,
        /// The class of the car that is spoken of.
        #[serde(default)]
        class: Option<VehicleClass>,
    },
    Hours {
        date: NaiveDate,
        asked_for_day: bool,
    },
    Location,
    YourAppointment {
        appointment: AppointmentLine,
    },
    RepairOrderStage {
        number: String,
        stage: Stage,
        vehicle: Option<CarLabel>,
        waiting_for: Option<String>,
        promised_at: Option<DateTime<Utc>>,
        /// What is to be paid, once that is certain.
        #[serde(default)]
        total: Option<i64>,
    },
    NothingInTheShop,
    /// Like `NothingInTheShop`, in the middle of something else that stays the question.
    NoCarHere,
    NothingToApprove,

    /// Which of these lines may be done; `total` is what the order comes to with all of them.
    AskWork {
        vehicle: Option<CarLabel>,
        lines: Vec<WorkLine>,
        total: i64,
        /// Whether a price is higher than the one that was told before.
        raised: bool,
    },
    /// The lines that are still open, after others were decided.
    AskRestOfWork {
        lines: Vec<WorkLine>,
    },
    /// The lines that were asked about still wait for an answer.
    RemindOfWork {
        lines: Vec<WorkLine>,
    },
    /// What these lines cost; `total` is what the order comes to with them alone.
    WorkPrices {
        lines: Vec<WorkLine>,
        total: i64,
    },
    /// The answer as it was recorded; `total` is what all that is agreed comes to.
    WorkDecided {
        approved: Vec<WorkLine>,
        declined: Vec<WorkLine>,
        total: i64,
    },
    WorkSettled,

    Confirmation {
        services: ServiceList,
        start: DateTime<Utc>,
        vehicle: Option<CarLabel>,
        moved: bool,
    },
    Reminder {
        services: ServiceList,
        start: DateTime<Utc>,
        vehicle: Option<CarLabel>,
    },

    /// Like `AskWork`, out of the blue.
    AddedWork {
        vehicle: Option<CarLabel>,
        lines: Vec<WorkLine>,
        total: i64,
        raised: bool,
    },
    /// The same question, after some silence.
    AddedWorkReminder {
        vehicle: Option<CarLabel>,
        lines: Vec<WorkLine>,
        total: i64,
    },
    /// An answer that was given on the phone or on the page, as it was recorded.
    AuthorizationRecorded {
        approved: Vec<WorkLine>,
        declined: Vec<WorkLine>,
        total: i64,
    },
    /// How far the car is now.
    OrderNews {
        stage: Stage,
        vehicle: Option<CarLabel>,
        waiting_for: Option<String>,
        promised_at: Option<DateTime<Utc>>,
        total: Option<i64>,
    },
    NewPromise {
        vehicle: Option<CarLabel>,
        promised_at: DateTime<Utc>,
    },
    CostChanged {
        vehicle: Option<CarLabel>,
        total: i64,
    },
    /// The customer did not come.
    Missed {
        services: ServiceList,
    },
    AskRating {
        vehicle: Option<CarLabel>,
    },
    /// That was no number from 1 to 5.
    AskRatingAgain,
    /// Thanks for a good word, with the store's review link.
    ThankForRating {
        review_link: Option<String>,
        ask_comment: bool,
    },
    /// It was not as it should be: a person will see to it.
    RegretRating {
        ask_comment: bool,
    },
    ThankForComment,
    /// Regular work is due on or about this date.
    MaintenanceDue {
        services: ServiceList,
        vehicle: Option<CarLabel>,
        date: NaiveDate,
    },
    /// A person is in the conversation from now on.
    PersonJoined {
        advisor: String,
    },
    /// The assistant answers again.
    AssistantBack,
    /// Work that was declined at the last visit, in the store's words.
    DeclinedWork {
        work: Vec<String>,
        vehicle: Option<CarLabel>,
    },
}

impl Act {
    /// Whether an answer is waited for.
    pub fn asks(&self) -> bool {
        matches!(
            self,
            Self::AskCancelOrStop
                | Self::OfferPerson
                | Self::OfferCallBack
                | Self::AskService { .. }
                | Self::AskTransport { .. }
                | Self::AskAddress
                | Self::AskOffer { .. }
                | Self::AskPriceOf { .. }
                | Self::OfferOpenings { .. }
                | Self::RemindOfOpenings { .. }
                | Self::NoOpenings { .. }
                | Self::TooFarAhead { .. }
                | Self::AskVehicle
                | Self::AskWhichVehicle { .. }
                | Self::VinLooksWrong { .. }
                | Self::AskName
                | Self::SumUp { .. }
                | Self::AskWhatToChange
                | Self::AskAnythingElse
                | Self::OfferBooking { .. }
                | Self::NoAppointment
                | Self::AskWhichAppointment { .. }
                | Self::AskMoveTo { .. }
                | Self::SumUpMove { .. }
                | Self::AskCancel { .. }
                | Self::NothingInTheShop
                | Self::NothingToApprove
                | Self::AskWork { .. }
                | Self::AskRestOfWork { .. }
                | Self::RemindOfWork { .. }
                | Self::AskRating { .. }
                | Self::AskRatingAgain
                | Self::ThankForRating { ask_comment: true, .. }
                | Self::RegretRating { ask_comment: true }
        )
    }

    /// The same, said as if for the first time.
    #[must_use]
    pub fn in_full(self) -> Self {
        match self {
            Self::RemindOfOpenings { services, starts } => Self::OfferOpenings { services, starts, fit: Fit::Suiting },
            other => other,
        }
    }
}

/// A line of a repair order as it is spoken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkLine {
    /// What it is called on the order.
    pub name: String,
    /// Id of the menu item that it is.
    pub service: Option<String>,
    /// What it costs, tax included, in minor units.
    pub amount: i64,
}

impl WorkLine {
    /// A line, at what it costs now.
    pub fn of(operation: &Operation, charges: &Charges) -> Self {
        Self { name: operation.name.clone(), service: operation.service.clone(), amount: charges.amount(operation) }
    }
}

/// A car as it is spoken of: each language has its own place for the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarLabel {
    /// The model year, where a make or model is known.
    pub year: Option<u16>,
    /// Make and model; the plate or the end of the VIN when no more is known.
    pub name: String,
}

impl CarLabel {
    /// The label of a customer's car.
    pub fn of(vehicle: &Vehicle) -> Option<Self> {
        let named = vehicle.make.is_some() || vehicle.model.is_some();
        let name = Vehicle { year: None, ..vehicle.clone() }.label()?;
        Some(Self { year: vehicle.year.filter(|_| named), name })
    }

    /// The label of a car that was mentioned.
    pub fn of_mention(mention: &VehicleMention) -> Option<Self> {
        let named = mention.make.is_some() || mention.model.is_some();
        let name = VehicleMention { year: None, ..mention.clone() }.label()?;
        Some(Self { year: mention.year.filter(|_| named), name })
    }
}

/// An appointment as it is spoken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentLine {
    /// Ids of menu items.
    pub services: ServiceList,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// The car in few words.
    pub vehicle: Option<CarLabel>,
}

impl From<&lanekeeper_domain::appointment::Appointment> for AppointmentLine {
    fn from(appointment: &lanekeeper_domain::appointment::Appointment) -> Self {
        Self {
            services: appointment.services.clone(),
            start: appointment.opening.start,
            vehicle: appointment.vehicle.as_ref().and_then(CarLabel::of),
        }
    }
}
