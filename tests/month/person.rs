//! What customers want, and what they answer.

use crate::chance::Chance;
use chrono::{DateTime, NaiveDate, Utc};
use lanekeeper_domain::{Language, Store};
use lanekeeper_zones::Tz;

/// What somebody is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    None,
    Book,
    Move,
    Cancel,
    Complain,
    Stop,
    /// Answers something that we asked.
    Answer,
}

/// A customer of one of the stores.
#[derive(Debug)]
pub struct Person {
    pub place: usize,
    /// Where their number says that they live.
    pub zone: Tz,
    pub phone: String,
    pub language: Language,
    pub errand: Errand,
    /// How many texts the errand has taken.
    pub rounds: usize,
    /// Since when no message may come.
    pub stopped_at: Option<DateTime<Utc>>,
}

/// More texts than that nobody writes about one thing.
pub const PATIENCE: usize = 14;

impl Person {
    /// How the errand begins.
    pub fn opening_words(&self, store: &Store, now: DateTime<Utc>, chance: &Chance) -> String {
        let day = store.local(now).date() + chrono::Days::new(1 + chance.below(8) as u64);
        let hour = 8 + chance.below(9);
        match (self.errand, self.language) {
            (Errand::Book, Language::En) => {
                let work = *chance.pick(&[
                    "oil change",
                    "brakes",
                    "tire rotation",
                    "an alignment",
                    "oil change and tire rotation",
                    "my check engine light is on",
                    "brakes and a loaner",
                    "recall work",
                    "oil change with Maya",
                ]);
                match chance.below(4) {
                    0 => format!("Hi, {work} please"),
                    1 => format!("{work} on {}", spoken(day)),
                    2 => format!("{work} {} at {hour}:00, I'll wait", spoken(day)),
                    _ => format!("need {work} {} at {hour}:00", spoken(day)),
                }
            }
            (Errand::Book, Language::Es) => {
                let work = *chance.pick(&["cambio de aceite", "frenos", "rotación de llantas", "alineación"]);
                format!("necesito {work}, {} a las {hour}:00", day.format("%d/%m/%Y"))
            }
            (Errand::Book, Language::Zh) => {
                let work = *chance.pick(&["换机油", "刹车检查", "轮胎换位", "四轮定位", "小保养"]);
                format!("{}{hour}点{work}", day.format("%-m月%-d号"))
            }
            (Errand::Move, Language::En) => format!("can I move my appointment to {}", spoken(day)),
            (Errand::Move, Language::Es) => format!("quiero cambiar mi cita para el {}", day.format("%d/%m/%Y")),
            (Errand::Move, Language::Zh) => format!("我的预约改到{}", day.format("%-m月%-d号")),
            (Errand::Cancel, Language::En) => "please cancel my appointment".to_owned(),
            (Errand::Cancel, Language::Es) => "quiero cancelar mi cita".to_owned(),
            (Errand::Cancel, Language::Zh) => "取消我的预约".to_owned(),
            (Errand::Complain, Language::En) => "this is ridiculous, I want to talk to a manager".to_owned(),
            (Errand::Complain, Language::Es) => "esto es un desastre, quiero hablar con un gerente".to_owned(),
            (Errand::Complain, Language::Zh) => "太差劲了，我要投诉，找你们经理".to_owned(),
            (Errand::Stop, _) => (*chance.pick(&["STOP", "stop", "Unsubscribe"])).to_owned(),
            (Errand::Answer | Errand::None, _) => "ok".to_owned(),
        }
    }

    /// What is answered to these acts; `None` when there is nothing more to say.
    pub fn answer(&self, acts: &[String], chance: &Chance) -> Option<String> {
        let said = |name: &str| acts.iter().any(|act| act == name);
        let language = self.language;
        let in_words = |en: &str, es: &str, zh: &str| {
            Some(match language {
                Language::En => en.to_owned(),
                Language::Es => es.to_owned(),
                Language::Zh => zh.to_owned(),
            })
        };
        let yes = || in_words("yes", "sí", "好的");
        let no = || in_words("no", "no", "不用了");
        if said("ask_service") {
            in_words("oil change", "cambio de aceite", "换机油")
        } else if said("offer_openings") || said("remind_of_openings") {
            match chance.below(10) {
                0 => in_words("none of these", "ninguna de esas", "都不行"),
                1 => in_words("put me on the waitlist", "póngame en la lista de espera", "帮我排候补"),
                2..5 => Some("2".to_owned()),
                _ => Some("1".to_owned()),
            }
        } else if said("ask_vehicle") || said("ask_which_vehicle") {
            Some((*chance.pick(&["2019 Honda CR-V", "2021 Toyota Camry", "2016 Ford F-150"])).to_owned())
        } else if said("ask_name") {
            in_words("Alex Gray", "Ana Luna", "王芳")
        } else if said("ask_transport") || said("ask_which_appointment") {
            Some("1".to_owned())
        } else if said("ask_address") {
            Some("1200 Ridge Ave".to_owned())
        } else if said("sum_up") || said("sum_up_move") || said("ask_cancel") || said("ask_offer") {
            if chance.percent(92) { yes() } else { no() }
        } else if said("ask_move_to") {
            in_words("thursday at 10", "el jueves a las 10", "周四上午十点")
        } else if said("ask_cancel_or_stop") {
            in_words("the appointment", "la cita", "取消预约")
        } else if said("no_openings") || said("offer_person") || said("ask_anything_else") || said("ask_what_to_change")
        {
            no()
        } else {
            None
        }
    }

    /// What is answered to a message of this kind; `None` when it is only read.
    pub fn reaction(&self, kind: &str, chance: &Chance) -> Option<String> {
        let of = |texts: &[[&str; 3]]| {
            let [en, es, zh] = *chance.pick(texts);
            Some(match self.language {
                Language::En => en.to_owned(),
                Language::Es => es.to_owned(),
                Language::Zh => zh.to_owned(),
            })
        };
        match kind {
            "added_work" if chance.percent(80) => of(&[
                ["yes", "sí", "同意"],
                ["yes go ahead with all of it", "sí, haga todo", "都做吧"],
                ["no thanks", "no, gracias", "都不做"],
                ["do the brakes, skip the wipers", "haga las pastillas, los limpiaparabrisas no", "只做第一个"],
                ["just the first one", "solo el primero", "第一项就行"],
            ]),
            "cost_change" if chance.percent(50) => of(&[["ok yes", "sí, está bien", "可以"], ["no", "no", "不做了"]]),
            "satisfaction" if chance.percent(60) => {
                of(&[["5", "5", "5"], ["4", "4", "4"], ["1", "1", "1"], ["great!", "excelente", "很满意"]])
            }
            "waitlist_offer" if chance.percent(70) => of(&[["yes", "sí", "好的"], ["no", "no", "不要了"]]),
            _ => None,
        }
    }
}

fn spoken(day: NaiveDate) -> String {
    day.format("%B %-d").to_string()
}
