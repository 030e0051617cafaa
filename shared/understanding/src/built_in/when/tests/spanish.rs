use super::check_all;
use lanekeeper_domain::Language;

#[test]
fn days() {
    check_all(
        Language::Es,
        &[
            ("hoy", "11-20"),
            ("mañana", "11-21"),
            ("manana", "11-21"),
            ("pasado mañana", "11-22"),
            ("pasado mañana por la tarde", "11-22 afternoon"),
            ("mañana por la mañana", "11-21 morning"),
            ("mañana en la mañana", "11-21 morning"),
            ("esta tarde", "11-20 afternoon"),
            ("el lunes", "11-23"),
            ("el miercoles", "11-25"),
            ("miércoles", "11-25"),
            ("el sabado", "11-21"),
            ("el juevs", "11-26"),
            ("el martes que viene", "11-24"),
            ("el próximo jueves", "11-26"),
            ("este viernes", "11-20"),
            ("el viernes que viene", "11-27"),
            ("el martes de la próxima semana", "11-24"),
            ("el 14 de marzo", "2027-03-14"),
            ("14 de diciembre del 2026", "12-14"),
            ("lunes 14 de diciembre", "12-14"),
            ("el 24", "11-24"),
            ("el día 24", "11-24"),
            ("24/11", "11-24"),
            ("5/12", "12-05"),
            ("en dos semanas", "12-04"),
            ("dentro de 3 días", "11-23"),
            ("en un par de días", "11-22"),
            ("la semana que viene", "11-23..11-29"),
            ("la próxima semana", "11-23..11-29"),
            ("el finde", "11-21..11-22"),
            ("este fin de semana", "11-21..11-22"),
            ("a principios de la semana que viene", "11-23..11-24"),
            ("a fin de mes", "11-21..11-30"),
            ("el mes que viene", "12-01..12-31"),
            ("martes o miércoles", "11-24..11-25"),
            ("de lunes a miércoles", "11-23..11-25"),
            ("del 24 al 26 de noviembre", "11-24..11-26"),
            ("30 de febrero", ""),
        ],
    );
}

#[test]
fn times() {
    check_all(
        Language::Es,
        &[
            ("a las 3", "15:00"),
            ("a las 3 y media", "15:30"),
            ("a las 9 de la mañana", "09:00"),
            ("a las nueve menos cuarto", "08:45"),
            ("a las diez y cuarto", "10:15"),
            ("a las diez y veinte", "10:20"),
            ("a la una", "13:00"),
            ("a las 7 de la tarde", "19:00"),
            ("las 10", "10:00"),
            ("10:30", "10:30"),
            ("3pm", "15:00"),
            ("15h", "15:00"),
            ("a las 15:30", "15:30"),
            ("al mediodía", "midday"),
            ("por la mañana", "morning"),
            ("en la mañana", "morning"),
            ("despues de las 2", ">14:00"),
            ("a partir de las 2", ">14:00"),
            ("antes de las 10", "<10:00"),
            ("hasta las 5", "<17:00"),
            ("entre las 9 y las 11", ">09:00 <11:00"),
            ("de 9 a 11", ">09:00 <11:00"),
            ("de las 9 a las 11", ">09:00 <11:00"),
            ("a primera hora", "morning"),
            ("después del trabajo", ">17:00"),
            ("a última hora", ">16:00"),
            ("lo antes posible", "soonest"),
            ("cuanto antes", "soonest"),
        ],
    );
}

#[test]
fn whole_wishes() {
    check_all(
        Language::Es,
        &[
            ("quiero cita el martes que viene a las 3 y media", "11-24 15:30"),
            ("el lunes por la mañana a las 9", "11-23 09:00"),
            ("puede ser el viernes a las 4?", "11-20 16:00"),
            ("viernes a las 9", "11-27 09:00"),
            ("mañana a las 10", "11-21 10:00"),
            ("no puedo el jueves", "not 11-26"),
            ("el jueves no puedo", "not 11-26"),
            ("no, el jueves", "11-26"),
            ("cualquier día menos el lunes", "not 11-23"),
            ("el lunes no, mejor el martes", "11-24 not 11-23"),
            ("cambiar mi cita del jueves al viernes a las 2", "11-20 14:00"),
            ("tomorrow at 3", "11-21 15:00"),
        ],
    );
}

#[test]
fn texts_as_they_come() {
    check_all(
        Language::Es,
        &[
            ("hola quiero llevar mi troca mañana como a las 8 para cambio de aceite", "11-21 08:00"),
            ("tienen algo el miercoles despues de las 4", "11-25 >16:00"),
            ("cualquier hora el lunes", "11-23"),
            ("puedo el lunes o martes en la mañana", "11-23..11-24 morning"),
            ("para el sabado temprano", "11-21 morning"),
            ("el proximo lunes a las 9 am", "11-23 09:00"),
            ("nos vemos el martes 24 a las 10", "11-24 10:00"),
            ("puede ser a las 4 de la tarde el jueves?", "11-26 16:00"),
            ("lo necesito para el viernes a las 5", "11-20 17:00"),
            ("que tal el 1 de diciembre a las 8:30", "12-01 08:30"),
            ("el lunes que viene por la tarde despues de las 3", "11-23 >15:00 afternoon"),
            ("mañana no, pasado mañana", "11-22 not 11-21"),
            ("la luz se prendió hace 2 días, pueden verlo el lunes", "11-23"),
            ("mi Corolla 2015 tiene 80 mil millas, cita para el jueves", "11-26"),
        ],
    );
}

#[test]
fn what_is_no_time() {
    check_all(
        Language::Es,
        &[
            ("tiene 45000 millas", ""),
            ("45 mil km", ""),
            ("Mazda 3 del 2019", ""),
            ("desde hace 3 días hace ruido", ""),
            ("el viernes pasado", ""),
            ("cuánto tarda, 2 horas?", ""),
            ("buenos días", ""),
            ("buenas tardes", ""),
            ("las luces no prenden", ""),
            ("me llamo Mar", ""),
            ("$120", ""),
        ],
    );
}

#[test]
fn holidays() {
    check_all(
        Language::Es,
        &[
            ("el día de Acción de Gracias", "11-26"),
            ("en navidad", "12-25"),
            ("después de año nuevo", "2027-01-02..2027-01-08"),
            ("gracias", ""),
            ("feliz navidad", ""),
        ],
    );
}

#[test]
fn a_time_of_a_past_day_is_no_wish() {
    check_all(Language::Es, &[("ayer a las 3", ""), ("ayer por la tarde", ""), ("a las 3 de ayer", "")]);
}
