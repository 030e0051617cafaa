//! What each route is for, what it takes and what it answers.

/// One method of one path.
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub id: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    pub parameters: &'static [Parameter],
    pub body: Option<Body>,
    /// The status of success, and the schema of its body; an empty name for none.
    pub answer: (u16, &'static str),
    /// Whether it can also answer 201, with the same body.
    pub or_created: bool,
    /// Statuses besides those that follow from what it takes.
    pub refusals: &'static [u16],
}

pub enum Body {
    /// JSON of this schema.
    Json(&'static str),
    /// A CSV file or a workbook.
    File,
}

pub struct Parameter {
    pub name: &'static str,
    pub place: &'static str,
    pub description: &'static str,
    /// JSON.
    pub schema: &'static str,
}

const LIMIT: Parameter = Parameter {
    name: "limit",
    place: "query",
    description: "How many a page is to have",
    schema: r#"{"type": "integer", "minimum": 1, "maximum": 200, "default": 50}"#,
};
const CURSOR: Parameter = Parameter {
    name: "cursor",
    place: "query",
    description: "`next_cursor` of the page before",
    schema: r#"{"type": "string"}"#,
};
const IF_MATCH: Parameter = Parameter {
    name: "If-Match",
    place: "header",
    description: "The ETag of what was read, or `*`: the change is refused when it was changed since",
    schema: r#"{"type": "string", "example": "*"}"#,
};
const IDEMPOTENCY_KEY: Parameter = Parameter {
    name: "Idempotency-Key",
    place: "header",
    description: "The same key with the same request within a day brings the same answer again, and creates nothing twice",
    schema: r#"{"type": "string", "minLength": 1, "maxLength": 255}"#,
};
const PHONE: Parameter = Parameter {
    name: "phone",
    place: "query",
    description: "Only the customer with this number",
    schema: r#"{"type": "string"}"#,
};
const EXTERNAL_ID: Parameter = Parameter {
    name: "external_id",
    place: "query",
    description: "Only the customer with this id in another system",
    schema: r#"{"type": "string"}"#,
};
const PREVIEW: Parameter = Parameter {
    name: "preview",
    place: "query",
    description: "Whether only to say what would be done, and what is wrong",
    schema: r#"{"type": "boolean", "default": false}"#,
};
const SERVICES: Parameter = Parameter {
    name: "services",
    place: "query",
    description: "Ids of menu items, with commas between them; one at least",
    schema: r#"{"type": "string", "example": "oil-change,tire-rotation"}"#,
};
const FROM: Parameter = Parameter {
    name: "from",
    place: "query",
    description: "The first date; today when absent",
    schema: r#"{"type": "string", "format": "date"}"#,
};
const UNTIL: Parameter = Parameter {
    name: "until",
    place: "query",
    description: "The last date, at most 30 days after the first; 6 days after it when absent",
    schema: r#"{"type": "string", "format": "date"}"#,
};
const TRANSPORT: Parameter = Parameter {
    name: "transport",
    place: "query",
    description: "How the customer gets about meanwhile",
    schema: r#"{"type": "string", "enum": ["wait", "drop_off", "shuttle", "loaner", "pick_up"]}"#,
};
const ADVISOR: Parameter = Parameter {
    name: "advisor",
    place: "query",
    description: "The advisor asked for, by id",
    schema: r#"{"type": "string"}"#,
};

const VEHICLE_CLASS: Parameter = Parameter {
    name: "vehicle_class",
    place: "query",
    description: "The class of the car, where some take longer",
    schema: r#"{"type": "string", "enum": ["car", "suv", "truck", "van", "electric", "hybrid", "diesel"]}"#,
};

const PAGE: &[Parameter] = &[LIMIT, CURSOR];

const fn read(
    tag: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    schema: &'static str,
) -> Operation {
    Operation {
        method: "get",
        path,
        id,
        tag,
        summary,
        parameters: &[],
        body: None,
        answer: (200, schema),
        or_created: false,
        refusals: &[],
    }
}

const fn page(
    tag: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    schema: &'static str,
) -> Operation {
    Operation { parameters: PAGE, ..read(tag, path, id, summary, schema) }
}

const fn put(
    tag: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    schema: &'static str,
) -> Operation {
    Operation {
        method: "put",
        parameters: &[IF_MATCH],
        body: Some(Body::Json(schema)),
        or_created: true,
        refusals: &[412],
        ..read(tag, path, id, summary, schema)
    }
}

const fn remove(tag: &'static str, path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation {
        method: "delete",
        parameters: &[IF_MATCH],
        answer: (204, ""),
        refusals: &[409, 412],
        ..read(tag, path, id, summary, "")
    }
}

const fn create(
    tag: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    (body, schema): (&'static str, &'static str),
) -> Operation {
    Operation {
        method: "post",
        parameters: &[IDEMPOTENCY_KEY],
        body: Some(Body::Json(body)),
        answer: (201, schema),
        refusals: &[409],
        ..read(tag, path, id, summary, schema)
    }
}

const fn act(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation {
        method: "post",
        parameters: &[IF_MATCH],
        refusals: &[409, 412],
        ..read("appointments", path, id, summary, "Appointment")
    }
}

/// A change of a repair order: If-Match is required.
const fn ordered(
    method: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    body: Option<&'static str>,
) -> Operation {
    Operation {
        method,
        parameters: &[IF_MATCH],
        body: match body {
            Some(name) => Some(Body::Json(name)),
            None => None,
        },
        refusals: &[409, 412, 428],
        ..read("repair orders", path, id, summary, "RepairOrder")
    }
}

const fn patch(
    tag: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    (body, schema): (&'static str, &'static str),
) -> Operation {
    Operation {
        method: "patch",
        parameters: &[IF_MATCH],
        body: Some(Body::Json(body)),
        refusals: &[409, 412],
        ..read(tag, path, id, summary, schema)
    }
}

/// All of them, in the order of the table of routes.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    read("api", "/api/openapi.json", "getDescription", "This description; no key is needed", "OpenApi"),

    read("stores", "/api/v1/group", "getGroup", "What the group wants of all its stores", "Group"),
    Operation { or_created: false, ..put("stores", "/api/v1/group", "replaceGroup", "Replaces what the group wants of all its stores", "Group") },
    page("stores", "/api/v1/stores", "listStores", "The group's stores", "Stores"),
    read("stores", "/api/v1/stores/{store}", "getStore", "A store's profile", "Profile"),
    Operation { or_created: false, refusals: &[412, 428], ..put("stores", "/api/v1/stores/{store}", "replaceStore", "Replaces a store's profile; If-Match is required", "Profile") },
    read("stores", "/api/v1/stores/{store}/services", "listServices", "The menu", "Services"),
    read("stores", "/api/v1/stores/{store}/services/{id}", "getService", "One item of the menu", "Service"),
    put("stores", "/api/v1/stores/{store}/services/{id}", "putService", "Puts an item on the menu, or replaces it", "Service"),
    remove("stores", "/api/v1/stores/{store}/services/{id}", "deleteService", "Takes an item off the menu"),
    read("stores", "/api/v1/stores/{store}/technicians", "listTechnicians", "Who works on cars", "Technicians"),
    read("stores", "/api/v1/stores/{store}/technicians/{id}", "getTechnician", "One technician", "Technician"),
    put("stores", "/api/v1/stores/{store}/technicians/{id}", "putTechnician", "Adds or replaces a technician", "Technician"),
    remove("stores", "/api/v1/stores/{store}/technicians/{id}", "deleteTechnician", "Removes a technician"),
    read("stores", "/api/v1/stores/{store}/advisors", "listAdvisors", "Who receives customers", "Advisors"),
    read("stores", "/api/v1/stores/{store}/advisors/{id}", "getAdvisor", "One advisor", "Advisor"),
    put("stores", "/api/v1/stores/{store}/advisors/{id}", "putAdvisor", "Adds or replaces an advisor", "Advisor"),
    remove("stores", "/api/v1/stores/{store}/advisors/{id}", "deleteAdvisor", "Removes an advisor"),
    read("stores", "/api/v1/stores/{store}/bays", "listBays", "Where cars are worked on", "Bays"),
    read("stores", "/api/v1/stores/{store}/bays/{id}", "getBay", "One bay, by its number", "Bay"),
    put("stores", "/api/v1/stores/{store}/bays/{id}", "putBay", "Adds or replaces a bay", "Bay"),
    remove("stores", "/api/v1/stores/{store}/bays/{id}", "deleteBay", "Removes a bay"),
    read("stores", "/api/v1/stores/{store}/hours/exceptions", "listExceptions", "Days with other hours", "Exceptions"),
    Operation { body: Some(Body::Json("ExceptionHours")), ..put("stores", "/api/v1/stores/{store}/hours/exceptions/{date}", "putException", "Gives a day other hours; none when it is closed", "Exception") },
    remove("stores", "/api/v1/stores/{store}/hours/exceptions/{date}", "deleteException", "Gives a day its usual hours back"),
    Operation { method: "post", body: Some(Body::Json("Question")), ..read("stores", "/api/v1/stores/{store}/understand", "understand", "What a text would be understood as; changes nothing", "Understanding") },
    Operation { method: "post", parameters: &[PREVIEW], body: Some(Body::File), refusals: &[409, 412], ..read("imports", "/api/v1/stores/{store}/imports/{kind}", "import", "Takes a CSV file or a workbook over: all of it, or nothing", "ImportReport") },

    Operation { parameters: &[LIMIT, CURSOR, PHONE, EXTERNAL_ID], ..read("customers", "/api/v1/stores/{store}/customers", "listCustomers", "The store's customers", "Customers") },
    create("customers", "/api/v1/stores/{store}/customers", "createCustomer", "A new customer", ("NewCustomer", "Customer")),
    read("customers", "/api/v1/stores/{store}/customers/{customer}", "getCustomer", "One customer", "Customer"),
    patch("customers", "/api/v1/stores/{store}/customers/{customer}", "changeCustomer", "Changes a customer", ("CustomerChange", "Customer")),
    read("customers", "/api/v1/stores/{store}/customers/{customer}/consents", "listCustomerConsents", "Which messages the customer wants", "CustomerConsents"),
    Operation { parameters: &[], body: Some(Body::Json("NewConsent")), or_created: false, refusals: &[409], ..put("customers", "/api/v1/stores/{store}/customers/{customer}/consents/{topic}", "putCustomerConsent", "Records what the customer has said of such messages", "CustomerConsent") },
    read("customers", "/api/v1/stores/{store}/customers/{customer}/vehicles", "listVehicles", "A customer's cars", "Vehicles"),
    create("customers", "/api/v1/stores/{store}/customers/{customer}/vehicles", "createVehicle", "A customer's new car", ("VehicleFields", "Vehicle")),
    read("customers", "/api/v1/stores/{store}/vehicles/{vehicle}", "getVehicle", "One car", "Vehicle"),
    patch("customers", "/api/v1/stores/{store}/vehicles/{vehicle}", "changeVehicle", "Changes a car", ("VehicleFields", "Vehicle")),
    remove("customers", "/api/v1/stores/{store}/vehicles/{vehicle}", "deleteVehicle", "Removes a car that nothing names"),

    Operation { parameters: &[SERVICES, FROM, UNTIL, TRANSPORT, ADVISOR, VEHICLE_CLASS], ..read("appointments", "/api/v1/stores/{store}/openings", "listOpenings", "Bookable times", "Openings") },
    page("appointments", "/api/v1/appointments", "listAppointmentsOfGroup", "Appointments of all stores of the group, in order of time", "Appointments"),
    page("conversations", "/api/v1/conversations", "listConversationsOfGroup", "Conversations of all stores of the group, the latest first", "Conversations"),
    page("appointments", "/api/v1/stores/{store}/appointments", "listAppointments", "Appointments, in order of time", "Appointments"),
    create("appointments", "/api/v1/stores/{store}/appointments", "book", "Books an appointment and confirms it to the customer; 409 names openings nearby", ("NewAppointment", "Appointment")),
    read("appointments", "/api/v1/stores/{store}/appointments/{appointment}", "getAppointment", "One appointment", "Appointment"),
    Operation { body: Some(Body::Json("NewTime")), ..act("/api/v1/stores/{store}/appointments/{appointment}/move", "move", "Gives an appointment another time, and tells the customer") },
    act("/api/v1/stores/{store}/appointments/{appointment}/cancel", "cancel", "Calls an appointment off, and tells the customer"),
    act("/api/v1/stores/{store}/appointments/{appointment}/arrive", "arrive", "The customer is here"),
    act("/api/v1/stores/{store}/appointments/{appointment}/no-show", "noShow", "The customer did not come"),

    page("waitlist", "/api/v1/stores/{store}/waitlist", "listWaitlist", "Who would like an earlier time, or any at all; those who wait longest first", "Waitlist"),
    create("waitlist", "/api/v1/stores/{store}/waitlist", "joinWaitlist", "Puts a customer on the waitlist; what becomes free and suits is offered to them by text", ("NewWaitlistEntry", "WaitlistEntry")),
    read("waitlist", "/api/v1/stores/{store}/waitlist/{entry}", "getWaitlistEntry", "One entry that stands", "WaitlistEntry"),
    Operation { refusals: &[412], ..remove("waitlist", "/api/v1/stores/{store}/waitlist/{entry}", "leaveWaitlist", "Takes a customer off the waitlist; what is held for them is free again") },

    page("repair orders", "/api/v1/stores/{store}/repair-orders", "listRepairOrders", "Repair orders, the latest first", "RepairOrders"),
    create("repair orders", "/api/v1/stores/{store}/repair-orders", "openRepairOrder", "Opens an order from an appointment or at the counter", ("NewRepairOrder", "RepairOrder")),
    read("repair orders", "/api/v1/stores/{store}/repair-orders/{order}", "getRepairOrder", "One order, with its lines and what it comes to", "RepairOrder"),
    ordered("patch", "/api/v1/stores/{store}/repair-orders/{order}", "changeRepairOrder", "Changes an order; stage, promised time and the like are told to the customer", Some("RepairOrderChange")),
    read("repair orders", "/api/v1/stores/{store}/repair-orders/{order}/events", "listRepairOrderEvents", "What happened to an order", "OrderEvents"),
    Operation { parameters: &[IDEMPOTENCY_KEY, IF_MATCH], refusals: &[409, 412], ..create("repair orders", "/api/v1/stores/{store}/repair-orders/{order}/operations", "addOperation", "Adds a line, as a draft", ("OperationFields", "RepairOrder")) },
    ordered("patch", "/api/v1/stores/{store}/repair-orders/{order}/operations/{operation}", "changeOperation", "Changes a line; a higher price than agreed asks the customer again", Some("OperationFields")),
    ordered("delete", "/api/v1/stores/{store}/repair-orders/{order}/operations/{operation}", "removeOperation", "Takes a line off on which no work was done", None),
    ordered("post", "/api/v1/stores/{store}/repair-orders/{order}/propose", "propose", "Asks the customer whether the work may be done", Some("Proposal")),
    ordered("post", "/api/v1/stores/{store}/repair-orders/{order}/authorizations", "authorize", "Records what the customer answered on the phone or at the counter", Some("Authorization")),

    page("conversations", "/api/v1/stores/{store}/opt-outs", "listOptOuts", "Who must not be texted", "OptOuts"),
    page("conversations", "/api/v1/stores/{store}/consents", "listConsents", "How consent was given and taken back", "Consents"),
    page("conversations", "/api/v1/stores/{store}/conversations", "listConversations", "Conversations, the latest first", "Conversations"),
    read("conversations", "/api/v1/conversations/{conversation}", "getConversation", "A conversation with its messages and turns", "Thread"),
    Operation { method: "post", body: Some(Body::Json("TakeOver")), refusals: &[409], ..read("conversations", "/api/v1/conversations/{conversation}/take-over", "takeOver", "Lets a person speak from now on; the AI is silent", "Thread") },
    Operation { method: "post", refusals: &[409], ..read("conversations", "/api/v1/conversations/{conversation}/hand-back", "handBack", "Gives a conversation back to the AI", "Thread") },
    Operation { method: "post", body: Some(Body::Json("NewReply")), refusals: &[409], ..read("conversations", "/api/v1/conversations/{conversation}/replies", "reply", "Writes to the customer as a person, who takes the conversation over with it", "Thread") },
    Operation { method: "post", body: Some(Body::Json("NoteFields")), refusals: &[409], ..read("conversations", "/api/v1/conversations/{conversation}/notes", "writeNote", "Writes a note for the store's people", "Thread") },
    Operation { method: "post", body: Some(Body::Json("Assignment")), refusals: &[409], ..read("conversations", "/api/v1/conversations/{conversation}/assign", "assign", "Expects a conversation of somebody, or of nobody in particular", "Thread") },
    Operation { method: "post", body: Some(Body::Json("Closing")), refusals: &[409], ..read("conversations", "/api/v1/conversations/{conversation}/close", "close", "Says that a conversation is done; the AI answers what comes after", "Thread") },
    page("conversations", "/api/v1/stores/{store}/deliveries", "listDeliveries", "What was and is to be sent, the latest first", "Deliveries"),
    Operation { method: "post", ..read("conversations", "/api/v1/deliveries/{delivery}/replay", "replay", "Tries a parked delivery once more", "Replayed") },
];
