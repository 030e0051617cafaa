//! Who wants no more messages must be heard, however it is said; who speaks of something else must not be silenced.

use super::{context, menu, understand};
use lanekeeper_domain::Language;
use lanekeeper_domain::notifications::Topic;
use lanekeeper_domain::understanding::{Intent, Understanding};

fn heard(text: &str, language: Language) -> Understanding {
    let store = if language == Language::Zh { "hubin" } else { "lakeside" };
    understand(text, &context(language, None), &menu(store))
}

/// Those of the texts in which the wish is not as sure as the decision needs it, or surer.
fn wrong<'t>(language: Language, texts: &[&'t str], intent: Intent, wanted: bool) -> Vec<(&'t str, Understanding)> {
    let sure = |text: &str| heard(text, language).confidence(intent) >= 0.7;
    let wrong = texts.iter().copied().filter(|text| sure(text) != wanted);
    wrong.map(|text| (text, heard(text, language))).collect()
}

fn stops(language: Language, texts: &[&str]) {
    let wrong = wrong(language, texts, Intent::OptOut, true);
    assert!(wrong.is_empty(), "not heard as a wish to stop: {wrong:#?}");
}

fn goes_on(language: Language, texts: &[&str]) {
    let wrong = wrong(language, texts, Intent::OptOut, false);
    assert!(wrong.is_empty(), "taken for a wish to stop: {wrong:#?}");
}

fn mutes(language: Language, texts: &[(&str, Topic)]) {
    for (text, topic) in texts {
        let heard = heard(text, language);
        assert!(heard.confidence(Intent::Mute) >= 0.7, "{text}: {heard:#?}");
        assert_eq!(heard.details.topic, Some(*topic), "{text}");
        assert!(heard.confidence(Intent::OptOut) < 0.7, "{text}: {heard:#?}");
    }
}

#[test]
fn stop_in_english() {
    // The words of 47 CFR 64.1200(a)(10) and of CTIA's principles, alone and as people write them.
    let keywords = ["STOP", "stop", "Stop.", "STOP!!!", "stopall", "STOP ALL", "Unsubscribe", "END", "Quit", "REVOKE"];
    stops(Language::En, &keywords);
    stops(
        Language::En,
        &[
            "optout",
            "OPT OUT",
            "opt-out",
            "please stop",
            "stop please",
            "ok stop",
            "stop it",
            "stop texting me",
            "Stop texting",
            "stop messaging me",
            "stop contacting me please",
            "stop spamming me",
            "STOP SENDING ME TEXTS",
            "stop sending these",
            "please stop sending messages to this number",
            "stop all messages",
            "stop the texts",
            "quit texting me",
            "no more texts",
            "no more messages please",
            "don't text me",
            "do not text me again",
            "dont text this number",
            "don't message me anymore",
            "do not contact me",
            "don't contact me again",
            "please do not contact this number",
            "never text me again",
            "I don't want these texts",
            "i do not want any more messages from you",
            "I don't want to receive messages",
            "i dont want to get texts anymore",
            "I no longer want to receive texts",
            "unsubscribe me",
            "please unsubscribe me from this",
            "unsuscribe",
            "take me off your list",
            "take me off this list please",
            "remove me from your list",
            "remove me",
            "remove my number",
            "please remove this number",
            "delete my number from your system",
            "lose my number",
            "opt me out",
            "opt out of texts",
            "I want to opt out",
            "I'd like to opt out of these messages",
            "I revoke my consent",
            "i withdraw my consent to be texted",
            "leave me alone",
            "wrong number, stop",
            "cancel these texts",
            "no more texts or reminders",
            "stop all messages and ads",
            "cancel all messages",
            "cancel my subscription",
            "end texts",
            "🛑",
        ],
    );
}

#[test]
fn what_sounds_like_stop_in_english() {
    goes_on(
        Language::En,
        &[
            "can I stop by tomorrow",
            "I'll stop by at 3",
            "stopping by this afternoon",
            "don't stop the work",
            "please don't stop working on it",
            "by the end of the day",
            "end of the day works",
            "can it be done by the end of the week",
            "the car won't stop",
            "it wont stop squealing",
            "my brakes squeal when I stop",
            "the engine stopped",
            "the wipers stopped working",
            "stop and go traffic makes it shake",
            "it shakes when I come to a stop",
            "brakes make noise at the end of stopping",
            "is there a bus stop near you",
            "where does your shuttle stop",
            "the rear end makes a noise",
            "front end alignment",
            "I quit smoking but the car still smells",
            "the AC quit",
            "the battery quit on me",
            "cancel my appointment",
            "please cancel my oil change",
            "I need to cancel tomorrow",
            "remove the old tires",
            "can you remove the dent",
            "take me off the 3pm and put me at 4",
            "no more noise please",
            "no more squealing, thanks",
            "text me when it's ready",
            "can you text me the address",
            "did you get my message",
            "I didn't get your text",
            "what messages do you mean",
            "stop light is out",
            "start stop system warning",
            "no",
            "never mind",
            "the message light is on",
        ],
    );
}

#[test]
fn spared_one_kind_in_english() {
    mutes(
        Language::En,
        &[
            ("no more ads please", Topic::Ads),
            ("stop sending me ads", Topic::Ads),
            ("don't send me promotions", Topic::Ads),
            ("I don't want your marketing texts", Topic::Ads),
            ("no more offers", Topic::Ads),
            ("no more reminders please", Topic::Reminders),
            ("stop the reminders", Topic::Reminders),
            ("please stop sending me reminders", Topic::Reminders),
            ("I don't need reminders", Topic::Reminders),
            ("don't remind me", Topic::Reminders),
            ("stop reminding me", Topic::Reminders),
            ("no more surveys", Topic::Surveys),
            ("stop asking me to rate you", Topic::Surveys),
            ("don't send me these surveys", Topic::Surveys),
        ],
    );
}

#[test]
fn start_and_help() {
    for text in ["START", "start", "UNSTOP", "unstop please", "subscribe", "start texting me again"] {
        assert!(heard(text, Language::En).wants(Intent::OptIn), "{text}");
    }
    for text in ["HELP", "help", "INFO", "info?"] {
        assert_eq!(heard(text, Language::En).first(), Some(Intent::Help), "{text}");
    }
    let starts = ["the car won't start", "when can you start", "can you start at 9", "help with my brakes"];
    assert!(wrong(Language::En, &starts, Intent::OptIn, false).is_empty());
    assert_ne!(heard("can you help me book an oil change", Language::En).first(), Some(Intent::Help));
}

#[test]
fn stop_in_spanish() {
    stops(
        Language::Es,
        &[
            "ALTO",
            "alto por favor",
            "PARAR",
            "BAJA",
            "STOP",
            "basta",
            "detener",
            "cancelar suscripción",
            "darme de baja",
            "quiero darme de baja",
            "deme de baja por favor",
            "no me manden más mensajes",
            "ya no me manden mensajes",
            "no me escriban más",
            "no me escriba mas por favor",
            "dejen de escribirme",
            "deje de mandarme textos",
            "dejen de mandar mensajes",
            "paren de mandarme mensajes",
            "ya no quiero mensajes",
            "no quiero recibir más mensajes",
            "no quiero que me manden mensajes",
            "no más mensajes",
            "no mas textos porfa",
            "quítenme de su lista",
            "borren mi número",
            "sáquenme de la lista",
            "no me contacten",
            "no me molesten más",
            "déjenme en paz",
            "ya no me envíen nada",
            "cancelen los mensajes",
            "revoco mi consentimiento",
            "no me vuelvan a escribir",
        ],
    );
}

#[test]
fn what_sounds_like_stop_in_spanish() {
    goes_on(
        Language::Es,
        &[
            "el carro no quiere parar",
            "se para en los altos",
            "hace ruido al parar en un alto",
            "puedo parar por ahí mañana",
            "la luz de alto no prende",
            "el volumen está muy alto",
            "la presión está baja",
            "la llanta está baja",
            "el aceite está bajo",
            "no paren el trabajo",
            "al final del día",
            "quiero cancelar mi cita",
            "cancele mi cita por favor",
            "no me cancelen la cita",
            "mándeme un mensaje cuando esté listo",
            "no recibí su mensaje",
            "no me llegó el mensaje",
            "voy a salir a las 3",
            "¿a qué hora puedo salir?",
            "quitar el golpe de la puerta",
            "no",
        ],
    );
}

#[test]
fn spared_one_kind_in_spanish() {
    mutes(
        Language::Es,
        &[
            ("no más publicidad", Topic::Ads),
            ("no me manden promociones", Topic::Ads),
            ("ya no quiero anuncios", Topic::Ads),
            ("no me envíen ofertas por favor", Topic::Ads),
            ("no más recordatorios", Topic::Reminders),
            ("ya no me manden recordatorios", Topic::Reminders),
            ("no necesito recordatorios", Topic::Reminders),
            ("no más encuestas", Topic::Surveys),
            ("no me manden encuestas", Topic::Surveys),
        ],
    );
}

#[test]
fn stop_in_chinese() {
    stops(
        Language::Zh,
        &[
            "退订",
            "TD",
            "td",
            "T",
            "拒收",
            "停止",
            "取消订阅",
            "我要退订",
            "退订短信",
            "请退订",
            "别再发短信了",
            "不要再给我发信息了",
            "请不要再发了",
            "别发了",
            "不要给我发短信",
            "别给我发消息",
            "不想再收到你们的短信",
            "不要打扰我了",
            "别骚扰我",
            "停止发送",
            "请勿再联系我",
            "不要再联系我了",
            "把我的号码删了",
            "不要再发短信过来了",
            "STOP",
            "别再烦我",
            "不需要你们的短信",
            "屏蔽",
        ],
    );
}

#[test]
fn what_sounds_like_stop_in_chinese() {
    goes_on(
        Language::Zh,
        &[
            "车停在哪里",
            "有停车位吗",
            "车子停不下来",
            "刹车停不住",
            "发动机停了",
            "自动启停不工作",
            "别停工",
            "不要停下维修",
            "取消预约",
            "我想取消明天的保养",
            "修好了发短信给我",
            "没收到你们的短信",
            "短信没收到",
            "能发个短信给我吗",
            "不要换机油了",
            "别换轮胎",
            "下班前能修好吗",
            "不",
            "不用了",
        ],
    );
}

#[test]
fn spared_one_kind_in_chinese() {
    mutes(
        Language::Zh,
        &[
            ("不要再发广告了", Topic::Ads),
            ("别给我发广告", Topic::Ads),
            ("不要推销", Topic::Ads),
            ("不想收到促销信息", Topic::Ads),
            ("不用提醒我", Topic::Reminders),
            ("别再发提醒了", Topic::Reminders),
            ("不需要提醒", Topic::Reminders),
            ("不要再让我评价了", Topic::Surveys),
            ("别发问卷了", Topic::Surveys),
        ],
    );
}
