//! Customers who do not exist.

use crate::history::chance::Chance;
use lanekeeper_domain::{Language, Store};

/// A customer of a store.
#[derive(Debug)]
pub struct Person {
    /// A phone number in E.164, which is nobody's; of those who use the chat on the store's site, the visitor.
    pub address: String,
    pub chats: bool,
    pub language: Language,
    pub name: String,
    pub car: Car,
    pub chance: Chance,
    /// What they would like done, and when, in their own words; empty for those of a scene.
    pub wish: Wish,
    /// Texts about the present errand so far.
    pub rounds: usize,
    /// Whether somebody of the store is about to see to their conversation.
    pub attended: bool,
    /// The scene that they play in, by its place in the store's list.
    pub scene: Option<usize>,
}

/// What a customer would like.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Id of a menu item.
    pub service: &'static str,
    /// E.g. `Tuesday`.
    pub day: String,
    /// E.g. `2 pm`.
    pub time: String,
}

/// Year, make and model as the customer says them.
#[derive(Debug, Clone, Copy)]
pub struct Car {
    pub year: u16,
    pub make: &'static str,
    pub model: &'static str,
}

impl Car {
    /// As it is said.
    pub fn said(self, language: Language) -> String {
        match language {
            Language::Zh if self.make.is_ascii() => format!("{}款 {} {}", self.year, self.make, self.model),
            Language::Zh => format!("{}款{}{}", self.year, self.make, self.model),
            Language::Es => format!("{} {} {}", self.make, self.model, self.year),
            Language::En => format!("{} {} {}", self.year, self.make, self.model),
        }
    }
}

impl Person {
    /// The customer of this number; the same one each time.
    pub fn number(store: &Store, number: usize) -> Self {
        let chance = Chance::of(&format!("{} {number}", store.id));
        let in_china = store.calling_code == "86";
        let language = match (in_china, chance.below(100)) {
            (true, 0..4) => Language::En,
            (true, _) | (false, 0..3) => Language::Zh,
            (false, 3..24) => Language::Es,
            (false, _) => Language::En,
        };
        let name = match language {
            Language::Zh => format!("{}{}", chance.pick(&ZH_FAMILY), chance.pick(&ZH_GIVEN)),
            Language::Es => format!("{} {}", chance.pick(&ES_GIVEN), chance.pick(&ES_FAMILY)),
            Language::En => format!("{} {}", chance.pick(&EN_GIVEN), chance.pick(&EN_FAMILY)),
        };
        let (make, model) = *chance.pick(if in_china { &CARS_CN } else { &CARS_US });
        let car = Car { year: 2013 + chance.below(13) as u16, make, model };
        let chats = chance.percent(16);
        Self {
            address: if chats { visitor(&store.id, number) } else { phone(in_china, number) },
            chats,
            language,
            name,
            car,
            chance,
            wish: Wish::default(),
            rounds: 0,
            attended: false,
            scene: None,
        }
    }
}

/// A visitor of the chat.
fn visitor(store: &str, number: usize) -> String {
    let chance = Chance::of(&format!("visitor {store} {number}"));
    (0..32).map(|_| char::from(*chance.pick(b"0123456789abcdef"))).collect()
}

/// A number that is nobody's: of the 555-01xx that the North American plan keeps for fiction; and in China one that begins
/// with 12, as no phone's does.
fn phone(in_china: bool, number: usize) -> String {
    const AREAS: [&str; 6] = ["312", "773", "847", "224", "630", "708"];
    if in_china {
        return format!("+86120{:08}", 57_155_000 + number);
    }
    format!("+1{}55501{:02}", AREAS[number % AREAS.len()], number / AREAS.len() % 100)
}

const EN_GIVEN: [&str; 32] = [
    "Emily", "Marcus", "Sarah", "Kevin", "Denise", "Tyler", "Angela", "Brian", "Monica", "Greg", "Hannah", "Darnell",
    "Kathy", "Owen", "Priya", "Walter", "Megan", "Anthony", "Claire", "Jamal", "Nora", "Steve", "Grace", "Paul",
    "Tanya", "Ray", "Julia", "Derek", "Amy", "Patrick", "Renee", "Victor",
];
const EN_FAMILY: [&str; 30] = [
    "Kowalski",
    "Johnson",
    "Murphy",
    "Nguyen",
    "Harris",
    "O'Brien",
    "Patel",
    "Washington",
    "Schmidt",
    "Carter",
    "Novak",
    "Brooks",
    "Sullivan",
    "Kim",
    "Bennett",
    "Coleman",
    "Rossi",
    "Larson",
    "Hayes",
    "Dixon",
    "Meyer",
    "Weber",
    "Grant",
    "Shah",
    "Keller",
    "Byrne",
    "Wallace",
    "Becker",
    "Reed",
    "Fischer",
];
const ES_GIVEN: [&str; 16] = [
    "Lucía", "Carlos", "María", "Javier", "Rosa", "Miguel", "Elena", "Jorge", "Ana", "Luis", "Carmen", "Diego",
    "Sofía", "Raúl", "Patricia", "Héctor",
];
const ES_FAMILY: [&str; 16] = [
    "Hernández",
    "García",
    "Ramírez",
    "Flores",
    "Morales",
    "Ortiz",
    "Vargas",
    "Castillo",
    "Mendoza",
    "Reyes",
    "Delgado",
    "Rojas",
    "Navarro",
    "Campos",
    "Salazar",
    "Luna",
];
const ZH_FAMILY: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "朱", "马", "胡", "郭", "林", "何", "高",
    "罗", "郑", "沈", "钱", "许",
];
const ZH_GIVEN: [&str; 30] = [
    "伟", "芳", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "秀英", "建国", "晓燕",
    "志强", "雪梅", "海峰", "佳怡", "子轩", "雨桐", "浩然", "思远", "美玲", "文博", "国平", "婷婷",
];
const CARS_US: [(&str, &str); 20] = [
    ("Honda", "CR-V"),
    ("Toyota", "Camry"),
    ("Ford", "F-150"),
    ("Chevrolet", "Equinox"),
    ("Nissan", "Rogue"),
    ("Honda", "Civic"),
    ("Toyota", "RAV4"),
    ("Subaru", "Outback"),
    ("Hyundai", "Elantra"),
    ("Jeep", "Grand Cherokee"),
    ("Ford", "Escape"),
    ("Chevrolet", "Silverado"),
    ("Kia", "Sorento"),
    ("Volkswagen", "Jetta"),
    ("Toyota", "Corolla"),
    ("Honda", "Accord"),
    ("Mazda", "CX-5"),
    ("Toyota", "Highlander"),
    ("Ford", "Explorer"),
    ("Tesla", "Model 3"),
];
const CARS_CN: [(&str, &str); 16] = [
    ("大众", "帕萨特"),
    ("丰田", "凯美瑞"),
    ("本田", "CR-V"),
    ("比亚迪", "汉"),
    ("比亚迪", "宋"),
    ("别克", "君威"),
    ("日产", "轩逸"),
    ("吉利", "星越"),
    ("奥迪", "A4"),
    ("宝马", "X3"),
    ("丰田", "卡罗拉"),
    ("大众", "途观"),
    ("长安", "CS75"),
    ("哈弗", "H6"),
    ("本田", "雅阁"),
    ("特斯拉", "Model Y"),
];
