//! What a week of chance might leave out, and the desk should show: customers who wait for a person, who are being spoken
//! with, and what people do to a conversation. Times are minutes before now.

use crate::demo::staff::{ADVISOR, OWNER, SECOND_ADVISOR};
use lanekeeper_domain::Language;
use lanekeeper_domain::handling::CloseResult;
use lanekeeper_handling::Person;

/// What happens next in a scene.
pub enum Beat {
    /// The customer writes.
    Says(&'static str),
    Takes(Person<'static>),
    Replies(Person<'static>, &'static str),
    /// Writes a note for the colleague who is named.
    Notes(Person<'static>, &'static str, Option<Person<'static>>),
    Tags(&'static [&'static str]),
    /// Expects it of somebody else.
    Assigns(Person<'static>, Person<'static>),
    /// Puts it aside until so many hours from now.
    Snoozes(Person<'static>, i64),
    HandsBack(Person<'static>, &'static str),
    Closes(Person<'static>, CloseResult),
}

/// What happens to one customer.
pub struct Scene {
    pub language: Language,
    pub beats: &'static [(i64, Beat)],
    /// Whether the customer answers the assistant as everybody else does.
    pub chats: bool,
}

const fn scene(language: Language, beats: &'static [(i64, Beat)]) -> Scene {
    Scene { language, beats, chats: false }
}

const fn chat(language: Language, beats: &'static [(i64, Beat)]) -> Scene {
    Scene { language, beats, chats: true }
}

/// The scenes of this store.
pub fn of(store: &str) -> &'static [Scene] {
    match store {
        "lakeside" => LAKESIDE,
        "hubin" => HUBIN,
        _ => &[],
    }
}

/// Who sees to what is handed over by itself.
pub fn attendant(store: &str, number: usize) -> Person<'static> {
    match store {
        "hubin" => LIN,
        _ if number.is_multiple_of(2) => MAYA,
        _ => LUIS,
    }
}

use Beat::{Assigns, Closes, HandsBack, Notes, Replies, Says, Snoozes, Tags, Takes};
use Language::{En, Es, Zh};

const MAYA: Person<'static> = ADVISOR;
const LUIS: Person<'static> = SECOND_ADVISOR;
const LIN: Person<'static> = OWNER;

static LAKESIDE: &[Scene] = &[
    // Angry, and nobody is there yet.
    scene(
        En,
        &[
            (16, Says("I picked up my Rogue yesterday and the grinding noise is STILL there")),
            (14, Says("I WANT THIS FIXED!!! THIS IS RIDICULOUS, YOU PEOPLE ARE USELESS!!!")),
        ],
    ),
    // Waiting far too long.
    scene(
        En,
        &[
            (205, Says("Can I talk to a person about my bill please")),
            (118, Says("hello? anyone there?")),
            (61, Says("I've been waiting for over two hours")),
        ],
    ),
    // Somebody is speaking with them.
    scene(
        En,
        &[
            (52, Says("can I talk to a real person please, it's about the loaner")),
            (47, Takes(LUIS)),
            (46, Replies(LUIS, "Of course. What can I do for you?")),
            (41, Says("the shop says my Equinox needs two more days. can I keep the loaner until then?")),
            (38, Replies(LUIS, "Yes, it is yours until your car is done. Please bring it back with a full tank.")),
            (9, Says("one more thing, is there a charge per day?")),
        ],
    ),
    // Expected of somebody who has not come in yet.
    scene(
        En,
        &[
            (88, Says("Please have someone call me about the transmission quote, I want to speak to a person")),
            (80, Assigns(LUIS, MAYA)),
            (
                79,
                Notes(LUIS, "The quote is on the order, I only did the oil. Can you call her before noon?", Some(MAYA)),
            ),
            (78, Tags(&["call back", "quote"])),
        ],
    ),
    // Put aside until the parts come.
    scene(
        En,
        &[
            (1520, Says("can a person tell me when the part for my Jeep will arrive")),
            (1512, Takes(MAYA)),
            (
                1511,
                Replies(
                    MAYA,
                    "The ignition coil comes with the morning truck. I'll write as soon as I have it in my hands.",
                ),
            ),
            (1508, Says("ok, thanks Maya")),
            (
                1500,
                Notes(MAYA, "If the coil is not on the truck, call the warehouse: they promised it twice.", Some(LUIS)),
            ),
            (1499, Tags(&["parts"])),
            (1498, Snoozes(MAYA, 18)),
        ],
    ),
    // A refund, settled by a person.
    scene(
        En,
        &[
            (2930, Says("You charged my card twice for the same oil change, I want a refund")),
            (2917, Takes(MAYA)),
            (
                2915,
                Replies(
                    MAYA,
                    "You are right, I see both charges. I have refunded one of them just now: $79.95, on your card in three to five days.",
                ),
            ),
            (2914, Notes(MAYA, "Refunded 79.95 on the terminal, the slip is in the drawer.", None)),
            (2913, Tags(&["refund"])),
            (2890, Says("wow that was fast. thank you Maya")),
            (2888, Replies(MAYA, "Thank you for telling us. See you next time!")),
            (2880, Closes(MAYA, CloseResult::Settled)),
        ],
    ),
    // Given back to the assistant, which books.
    chat(
        En,
        &[
            (4420, Says("I'd like to talk to a human")),
            (4405, Takes(LUIS)),
            (4403, Replies(LUIS, "Happy to help. What is it about?")),
            (4396, Says("just wanted to know if the shuttle goes to Skokie")),
            (4392, Replies(LUIS, "It does, up to 10 miles from here. Our assistant can find you a time for the car.")),
            (4391, HandsBack(LUIS, "Wants the shuttle to Skokie.")),
            (4380, Says("great, then I need a tire rotation on Thursday morning")),
        ],
    ),
    // Somebody who may buy.
    scene(
        En,
        &[
            (1330, Says("Do you have any used CR-Vs for sale? I want to trade in my old one")),
            (1318, Takes(LUIS)),
            (
                1316,
                Replies(
                    LUIS,
                    "We do, three at the moment. A colleague from sales will call you this afternoon, if that is all right.",
                ),
            ),
            (1309, Says("sure, after 4 is best")),
            (1305, Tags(&["sales", "trade-in"])),
            (1300, Closes(LUIS, CloseResult::Lead)),
        ],
    ),
    scene(Es, &[(26, Says("quiero hablar con una persona, nadie me dijo que iba a costar tanto"))]),
    scene(
        Es,
        &[
            (5780, Says("¿puedo hablar con una persona? me dejaron una mancha de aceite en el asiento")),
            (5766, Takes(LUIS)),
            (
                5765,
                Replies(LUIS, "Lamento mucho lo que pasó. Tráigalo cuando guste: lo limpiamos hoy mismo sin costo."),
            ),
            (5751, Says("gracias Luis, paso a las 4")),
            (5700, Closes(LUIS, CloseResult::Settled)),
        ],
    ),
    scene(En, &[(3110, Says("Stop texting me"))]),
    scene(
        En,
        &[
            (2050, Says("CONGRATULATIONS!!! You have been selected for a $500 gift card, claim at prize.example")),
            (1990, Closes(MAYA, CloseResult::Spam)),
        ],
    ),
    // Waits for an earlier time than there is.
    scene(
        En,
        &[
            (640, Says("Hi, Nadia Brooks here. oil change tomorrow at 8 for my 2020 Kia Sorento")),
            (637, Says("put me on the waitlist please")),
        ],
    ),
    scene(Zh, &[(410, Says("请问你们有会说中文的吗？我想找人工"))]),
];

static HUBIN: &[Scene] = &[
    scene(
        Zh,
        &[
            (19, Says("昨天刚在你们这修的刹车，今天又响了")),
            (17, Says("太差劲了，花了一千多还没修好，我要投诉，叫你们经理来")),
        ],
    ),
    scene(Zh, &[(190, Says("转人工，我要问一下发票的事")), (102, Says("有人吗？")), (57, Says("等了两个多小时了"))]),
    scene(
        Zh,
        &[
            (48, Says("我想找人工客服，问一下保险理赔")),
            (44, Takes(LIN)),
            (43, Replies(LIN, "您好，请问是哪一次的事故？车牌号麻烦发我一下。")),
            (37, Says("上周六追尾的，对方全责")),
            (34, Replies(LIN, "好的，定损单有了吗？有的话拍照发来，我帮您跟进。")),
            (7, Says("定损单明天才能拿到，要先把车开过来吗？")),
        ],
    ),
    scene(
        Zh,
        &[
            (95, Says("麻烦找个人给我回个电话，大保养的报价我想再问问，转人工")),
            (90, Assigns(LIN, SECOND_ADVISOR)),
            (89, Notes(LIN, "报价单在工单里，客户嫌贵，看能不能送一次空调清洗。", Some(SECOND_ADVISOR))),
            (88, Tags(&["回电", "报价"])),
        ],
    ),
    scene(
        Zh,
        &[
            (1540, Says("人工，我的轮毂轴承到货了没有")),
            (1530, Takes(LIN)),
            (1529, Replies(LIN, "供应商说明天上午到，到了我第一时间通知您。")),
            (1526, Says("好的谢谢")),
            (1520, Tags(&["等配件"])),
            (1519, Snoozes(LIN, 20)),
        ],
    ),
    scene(
        Zh,
        &[
            (3020, Says("你们多收了我一次洗车的钱，我要退款")),
            (3008, Takes(LIN)),
            (3006, Replies(LIN, "查到了，确实多收了50元，已经原路退回，一到三天到账。给您添麻烦了。")),
            (3005, Notes(LIN, "退款50元，收银台已登记。", None)),
            (3004, Tags(&["退款"])),
            (2990, Says("处理得挺快，谢谢")),
            (2980, Closes(LIN, CloseResult::Settled)),
        ],
    ),
    chat(
        Zh,
        &[
            (4510, Says("转人工")),
            (4498, Takes(LIN)),
            (4497, Replies(LIN, "您好，有什么可以帮您？")),
            (4490, Says("想问下上门取车要不要另外收费")),
            (4486, Replies(LIN, "五公里以内免费。时间可以让智能助手帮您约。")),
            (4485, HandsBack(LIN, "五公里内，要上门取车。")),
            (4478, Says("好，那周四上午约个小保养")),
        ],
    ),
    scene(
        Zh,
        &[
            (1410, Says("你们卖二手车吗？想把旧车置换一台")),
            (1400, Takes(LIN)),
            (1398, Replies(LIN, "可以置换的，下午请销售同事给您打电话，方便吗？")),
            (1390, Says("方便，四点以后")),
            (1388, Tags(&["置换"])),
            (1385, Closes(LIN, CloseResult::Lead)),
        ],
    ),
    scene(Zh, &[(3300, Says("不要再给我发短信了"))]),
    scene(Zh, &[(700, Says("我是何佳，明天上午九点换机油，2020款丰田卡罗拉")), (696, Says("帮我排候补吧"))]),
    scene(En, &[(330, Says("Is there somebody who speaks English? I'd like to talk to a person"))]),
];
