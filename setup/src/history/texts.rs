//! What customers write.

use crate::history::people::{Person, Wish};
use lanekeeper_domain::Language;

/// What is said in each language.
pub struct Said {
    pub en: &'static str,
    pub es: &'static str,
    pub zh: &'static str,
}

impl Said {
    /// In this language.
    pub fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Es => self.es,
            Language::Zh => self.zh,
        }
    }
}

const fn said(en: &'static str, es: &'static str, zh: &'static str) -> Said {
    Said { en, es, zh }
}

/// How customers call a menu item.
fn work(service: &str) -> Said {
    match service {
        "tire-rotation" => said("a tire rotation", "rotación de llantas", "轮胎换位"),
        "brakes" => said("my brakes checked", "revisar los frenos", "换刹车片"),
        "diagnosis" => said("someone to look at my check engine light", "un diagnóstico", "故障灯亮了检查一下"),
        "alignment" => said("an alignment", "una alineación", "四轮定位"),
        "battery" => said("a new battery", "cambiar la batería", "换电瓶"),
        "tires" => said("new tires", "llantas nuevas", "换轮胎"),
        "coolant" => said("a coolant flush", "cambiar el refrigerante", "换防冻液"),
        "air-conditioning" => said("the A/C serviced", "servicio del aire acondicionado", "空调清洗"),
        "recall" => said("the recall repair", "la reparación por retiro", "召回维修"),
        "maintenance" => said("a full maintenance", "mantenimiento completo", "大保养"),
        "inspection" => said("the annual inspection", "la inspección anual", "年检"),
        _ => said("an oil change", "un cambio de aceite", "换机油"),
    }
}

/// How somebody begins who wants an appointment: some say all at once, others wait to be asked.
pub fn booking(person: &Person) -> String {
    let Person { wish: Wish { service, day, time }, language, name, car, chance, .. } = person;
    let (work, car) = (work(service).in_language(*language), car.said(*language));
    let first = name.split(' ').next().unwrap_or(name);
    match (language, chance.below(6)) {
        (Language::En, 0) => format!("Hi! Could I get {work} {day} around {time}?"),
        (Language::En, 1) => format!("I need {work} for my {car}, {day} at {time} would be great"),
        (Language::En, 2) => format!("Hello, this is {first}. {day} {time} for {work}? It's a {car}"),
        (Language::En, 3) => format!("do you have anything {day}? need {work}"),
        (Language::En, 4) => format!("Good morning, I'd like to book {work}"),
        (Language::En, _) => format!("{work} {day} {time} please, I'll wait for it"),
        (Language::Es, 0) => format!("Hola, necesito {work} {day} {time}"),
        (Language::Es, 1) => format!("Buenas tardes, quisiera una cita para {work}, {day} {time}. Es un {car}"),
        (Language::Es, 2) => format!("Buenos días, me llamo {first}. ¿Tienen lugar {day} {time} para {work}?"),
        (Language::Es, 3) => format!("hola quiero hacer una cita para {work}"),
        (Language::Es, _) => format!("¿puedo llevar mi {car} {day} {time}? es para {work}"),
        (Language::Zh, 0) => format!("你好，想约{day}{time}{work}"),
        (Language::Zh, 1) => format!("{day}{time}能做{work}吗？车是{car}"),
        (Language::Zh, 2) => format!("我要{work}，{day}有空吗"),
        (Language::Zh, 3) => format!("您好，我想预约{work}"),
        (Language::Zh, _) => format!("{car}，{work}，{day}{time}过来可以吗"),
    }
}

/// How an appointment is to be moved.
pub fn another_day(language: Language, day: &str) -> String {
    match language {
        Language::En => format!("Something came up at work. Can I move my appointment to {day}?"),
        Language::Es => format!("Se me complicó, ¿puedo cambiar mi cita para {day}?"),
        Language::Zh => format!("临时有事，我的预约改到{day}行吗"),
    }
}

/// How an appointment is called off.
pub const CALL_OFF: [Said; 2] = [
    said("I have to cancel my appointment, sorry", "tengo que cancelar mi cita, disculpe", "不好意思，我的预约取消吧"),
    said(
        "please cancel my appointment, we sold the car",
        "cancele mi cita por favor, vendimos el carro",
        "车卖了，预约帮我取消",
    ),
];

/// What is asked out of the blue. The first four are answered; the last ones are not the assistant's to know.
pub const QUESTIONS: [Said; 8] = [
    said("What are your hours on Saturday?", "¿a qué hora abren el sábado?", "周六几点开门？"),
    said("how much is an oil change?", "¿cuánto cuesta un cambio de aceite?", "小保养多少钱？"),
    said("where are you located?", "¿cuál es la dirección?", "你们店在哪里？"),
    said(
        "how much for an alignment and are you open sunday",
        "¿cuánto cuesta la alineación?",
        "四轮定位多少钱，周日开门吗",
    ),
    said("do you sell gift cards?", "¿venden tarjetas de regalo?", "你们卖礼品卡吗？"),
    said("can I bring my own oil filter?", "¿puedo llevar mi propio filtro?", "我可以自带机滤吗？"),
    said("Is my car ready?", "¿ya está listo mi carro?", "我的车好了吗？"),
    said("do you have coffee and wifi in the waiting room", "¿hay wifi en la sala de espera?", "休息区有无线网吗？"),
];

/// How it is asked after a car in the shop.
pub const IS_IT_READY: [Said; 3] = [
    said("Is my car ready yet?", "¿ya está listo mi carro?", "我的车修好了吗？"),
    said("any update on my car?", "¿cómo va mi carro?", "车子现在到哪一步了？"),
    said("hi, when can I pick it up?", "¿a qué hora puedo recogerlo?", "几点可以来取车？"),
];

const THANKS: [Said; 4] = [
    said("Thanks!", "¡Gracias!", "谢谢"),
    said("perfect, thank you", "perfecto, muchas gracias", "好的，谢谢！"),
    said("great, see you then", "excelente, nos vemos", "好，到时见"),
    said("👍", "👍", "👍"),
];

const CHOICES: [Said; 8] = [
    said("1", "1", "1"),
    said("1 please", "la 1 por favor", "1"),
    said("the first one works", "la primera está bien", "第一个可以"),
    said("first one", "la primera", "第一个"),
    said("1", "1", "1"),
    said("2", "2", "2"),
    said("the second one", "la segunda", "第二个"),
    said("3", "3", "3"),
];
const YES: [Said; 4] = [
    said("yes", "sí", "对"),
    said("Yes please", "sí, por favor", "好的"),
    said("yep", "sí, está bien", "可以"),
    said("that works, yes", "sí, perfecto", "是的，就这样"),
];
const A_PERSON_THEN: [Said; 2] =
    [said("no that's ok", "no, está bien", "不用了"), said("yes please", "sí, por favor", "好的，转人工")];
const NOTHING_ELSE: Said = said("no, that's all", "no, es todo", "没有了，谢谢");
const THE_APPOINTMENT: Said = said("the appointment", "la cita", "取消预约");

/// What is answered to these acts of the assistant; `None` when there is nothing more to say.
pub fn answer(person: &Person, acts: &[String]) -> Option<String> {
    let Person { language, chance, .. } = person;
    let has = |names: &[&str]| acts.iter().any(|act| names.contains(&act.as_str()));
    let words = |said: &Said| Some(said.in_language(*language).to_owned());
    if has(&["ask_service", "ask_price_of"]) {
        words(&work(person.wish.service))
    } else if has(&["offer_openings", "remind_of_openings"]) {
        words(chance.pick(&CHOICES))
    } else if has(&["ask_vehicle"]) {
        Some(person.car.said(*language))
    } else if has(&["ask_name"]) {
        Some(person.name.clone())
    } else if has(&["ask_transport", "ask_which_appointment", "ask_which_vehicle"]) {
        Some("1".to_owned())
    } else if has(&["sum_up", "sum_up_move", "ask_cancel", "ask_offer"]) {
        words(chance.pick(&YES))
    } else if has(&["ask_cancel_or_stop"]) {
        words(&THE_APPOINTMENT)
    } else if has(&["offer_person", "cannot_answer"]) {
        words(chance.pick(&A_PERSON_THEN))
    } else if has(&["ask_anything_else", "offer_booking", "no_openings"]) {
        words(&NOTHING_ELSE)
    } else if has(&["booked", "moved", "cancelled"]) && chance.percent(60) {
        words(chance.pick(&THANKS))
    } else {
        None
    }
}

const DECISIONS: [Said; 4] = [
    said("yes, go ahead", "sí, adelante", "同意，都做吧"),
    said("ok do it", "sí, haga todo", "可以，都换了"),
    said("not today, thanks", "hoy no, gracias", "这次先不做了"),
    said("just the first one please", "solo el primero por favor", "只做第一项"),
];
const POOR: [Said; 2] = [
    said(
        "2, I had to wait an hour longer than you said",
        "2, tuve que esperar una hora de más",
        "2分，比说好的时间多等了一个小时",
    ),
    said("3", "3", "3"),
];
const GOOD: [Said; 2] = [said("4, all good", "4, todo bien", "4分，还不错"), said("4", "4", "4")];
const BEST: [Said; 5] = [
    said("5", "5", "5"),
    said("5! Super quick and friendly", "5, muy rápido y muy amables", "5分，师傅很专业"),
    said("5, they even washed the car", "5, hasta lavaron el carro", "5分，还帮忙洗了车"),
    said("5 stars, thank you", "5 estrellas, gracias", "5分，很满意"),
    said("5, Maya explained everything", "5, Maya me explicó todo", "5分，讲解得很清楚"),
];
const YES_TO_AN_OFFER: Said = said("yes!", "sí", "好的，要");

/// What is answered to a message of this kind, by those who do.
pub fn reaction(person: &Person, kind: &str) -> Option<String> {
    let Person { language, chance, .. } = person;
    let words = |said: &Said| Some(said.in_language(*language).to_owned());
    match kind {
        "added_work" if chance.percent(80) => words(chance.pick(&DECISIONS)),
        "satisfaction" if chance.percent(62) => match chance.below(14) {
            0 => words(chance.pick(&POOR)),
            1..4 => words(chance.pick(&GOOD)),
            _ => words(chance.pick(&BEST)),
        },
        "waitlist_offer" => words(&YES_TO_AN_OFFER),
        _ => None,
    }
}

/// What people of the store write to somebody who was not content.
pub const SORRY: Said = said(
    "Thanks for telling us. I looked into it, and I'll make sure it goes better next time. Is there anything I can do for you today?",
    "Gracias por avisarnos. Ya lo revisé y la próxima vez irá mejor. ¿Puedo hacer algo por usted hoy?",
    "谢谢您的反馈，我已经了解情况，下次一定改进。今天还有什么可以帮您？",
);

/// What they write to others who were handed over to them.
pub const ATTENDED: [Said; 2] = [
    said(
        "Hi, I'm here now. Let me check that for you and get right back to you.",
        "Hola, ya estoy aquí. Déjeme revisar y enseguida le digo.",
        "您好，我来为您处理，稍等我查一下。",
    ),
    said(
        "Sorry for the wait! Yes, that's no problem at all.",
        "Disculpe la espera. Sí, no hay ningún problema.",
        "让您久等了，没问题的。",
    ),
];
