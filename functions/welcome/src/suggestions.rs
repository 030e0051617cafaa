//! What to try: texts as customers write them, per language.

use lanekeeper_domain::Language;

/// What the language calls itself.
pub fn own_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::Es => "Español",
        Language::Zh => "中文",
    }
}

/// Texts to send with one tap, in an order that makes a conversation.
pub fn suggestions(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &[
            "Hi, I need an oil change next Tuesday after 3",
            "The first one",
            "It's a 2019 Honda CR-V",
            "Yes, please",
            "Actually, make it Thursday morning",
            "How much is an alignment?",
            "My brakes are squealing",
            "Are you open on Saturday?",
            "Is my car ready?",
            "I need to cancel my appointment",
            "Can I talk to a person?",
            "STOP",
        ],
        Language::Es => &[
            "Hola, necesito un cambio de aceite el martes después de las 3",
            "La primera",
            "Es un Honda CR-V 2019",
            "Sí, por favor",
            "Mejor el jueves por la mañana",
            "¿Cuánto cuesta la alineación?",
            "Me rechinan los frenos",
            "¿Abren los sábados?",
            "¿Ya está listo mi carro?",
            "Quiero cancelar mi cita",
            "¿Puedo hablar con una persona?",
        ],
        Language::Zh => &[
            "你好，我想下周二下午三点换机油",
            "第一个吧",
            "是2019款本田CR-V",
            "好的",
            "还是改到周四上午吧",
            "四轮定位多少钱？",
            "刹车有异响",
            "周六营业吗？",
            "我的车修好了吗？",
            "我想取消预约",
            "转人工",
        ],
    }
}
