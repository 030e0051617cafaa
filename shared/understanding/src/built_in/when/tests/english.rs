use super::check_all;
use lanekeeper_domain::Language;

#[test]
fn days() {
    check_all(
        Language::En,
        &[
            ("today", "11-20"),
            ("can i come in tomorrow", "11-21"),
            ("tmrw works", "11-21"),
            ("tmr pls", "11-21"),
            ("2moro", "11-21"),
            ("tommorow", "11-21"),
            ("day after tomorrow", "11-22"),
            ("Friday", "11-20"),
            ("tuseday", "11-24"),
            ("wensday", "11-25"),
            ("thurs", "11-26"),
            ("Thursday's fine", "11-26"),
            ("next tuesday", "11-24"),
            ("next Friday", "11-27"),
            ("this coming Monday", "11-23"),
            ("friday after next", "12-04"),
            ("Tuesday next week", "11-24"),
            ("next week on wednesday", "11-25"),
            ("a week from Thursday", "12-03"),
            ("a week from tomorrow", "11-28"),
            ("in two weeks", "12-04"),
            ("in a couple of days", "11-22"),
            ("in 3 days", "11-23"),
            ("3 weeks from now", "12-11"),
            ("the 14th", "12-14"),
            ("on the 24th", "11-24"),
            ("Friday the 27th", "11-27"),
            ("the 5th of next month", "12-05"),
            ("March 3", "2027-03-03"),
            ("24 Nov", "11-24"),
            ("Nov 24th", "11-24"),
            ("second of December", "12-02"),
            ("dec second", "12-02"),
            ("11/24", "11-24"),
            ("5/12", "2027-05-12"),
            ("2026-12-01", "12-01"),
            ("12/1/26", "12-01"),
            ("Tuesday, November 24", "11-24"),
            ("Feb 30", ""),
            ("13/13", ""),
        ],
    );
}

#[test]
fn stretches_of_days() {
    check_all(
        Language::En,
        &[
            ("next week", "11-23..11-29"),
            ("nxt week sometime", "11-23..11-29"),
            ("this week", "11-20..11-22"),
            ("this weekend", "11-21..11-22"),
            ("next weekend", "11-28..11-29"),
            ("early next week", "11-23..11-24"),
            ("late next week", "11-26..11-27"),
            ("the week of December 7", "12-07..12-13"),
            ("week after next", "11-30..12-06"),
            ("next month", "12-01..12-31"),
            ("end of the month", "11-21..11-30"),
            ("in January", "2027-01-01..2027-01-31"),
            ("Tues or Wed", "11-24..11-25"),
            ("Mon or Thu", "11-23"),
            ("Monday to Wednesday", "11-23..11-25"),
            ("Mon-Wed", "11-23..11-25"),
            ("Nov 24-26", "11-24..11-26"),
            ("the 24th or 25th", "11-24..11-25"),
            ("after Tuesday", "11-25..12-01"),
            ("before Wednesday", "11-20..11-24"),
            ("by Monday", "11-20..11-23"),
            ("anything after next Tuesday", "11-25..12-01"),
            ("between now and Wednesday", "11-20..11-25"),
            ("week starting December 7", "12-07..12-13"),
        ],
    );
}

#[test]
fn times() {
    check_all(
        Language::En,
        &[
            ("at 3", "15:00"),
            ("at 9", "09:00"),
            ("at 7", "07:00"),
            ("at 10", "10:00"),
            ("3pm", "15:00"),
            ("3 p.m.", "15:00"),
            ("10:30", "10:30"),
            ("2:15", "14:15"),
            ("0930 am", "09:30"),
            ("at 1030", "10:30"),
            ("half past 10", "10:30"),
            ("half 10", "10:30"),
            ("quarter to nine", "08:45"),
            ("quarter past 4", "16:15"),
            ("ten to nine", "08:50"),
            ("at ten thirty", "10:30"),
            ("9 o'clock", "09:00"),
            ("11ish", "11:00"),
            ("around 2", "14:00"),
            ("noon", "12:00"),
            ("midday", "midday"),
            ("lunchtime", "midday"),
            ("25:00", ""),
            ("between 9 and 11", ">09:00 <11:00"),
            ("9-11am", ">09:00 <11:00"),
            ("11-1pm", ">11:00 <13:00"),
            ("from 9 to 5", ">09:00 <17:00"),
            ("before 10", "<10:00"),
            ("b4 10", "<10:00"),
            ("by noon", "<12:00"),
            ("anytime after 2", ">14:00"),
            ("no later than 4", "<16:00"),
            ("3 or later", ">15:00"),
            ("after lunch", ">12:00"),
            ("after work", ">17:00"),
            ("end of the day", ">16:00"),
            ("first thing", "morning"),
            ("in the morning", "morning"),
            ("late afternoon", ">15:00 afternoon"),
            ("in the afternoon at 7", "19:00"),
        ],
    );
}

#[test]
fn whole_wishes() {
    check_all(
        Language::En,
        &[
            ("next Tues after 3", "11-24 >15:00"),
            ("the 14th at half past 10", "12-14 10:30"),
            ("Nov 24th at 9:15am", "11-24 09:15"),
            ("can u get me in tmrw morning", "11-21 morning"),
            ("need an oil change on my 2019 Camry friday at 3", "11-20 15:00"),
            ("friday at 9", "11-27 09:00"),
            ("tuesday 10 works", "11-24 10:00"),
            ("3 tomorrow", "11-21 15:00"),
            ("tonight at 7", "11-20 19:00"),
            ("today at 5", "11-20 17:00"),
            ("monday between 9 and 11 if possible", "11-23 >09:00 <11:00"),
            ("Monday 12-4", "11-23 >12:00 <16:00"),
            ("first thing monday", "11-23 morning"),
            ("early tuesday", "11-24 morning"),
            ("sat at 10", "11-21 10:00"),
            ("asap", "soonest"),
            ("whats the earliest you have", "soonest"),
            ("earliest you have on monday", "11-23 soonest"),
            ("not Thursday", "not 11-26"),
            ("any day but Monday", "not 11-23"),
            ("not thursday, friday", "11-20 not 11-26"),
            ("thursday doesn't work, how about friday at 2", "11-20 14:00 not 11-26"),
            ("no, Thursday", "11-26"),
            ("thursday, actually make that tuesday", "11-24"),
            ("tuesday at 3, actually 4", "11-24 16:00"),
            ("move my appointment from thursday to friday at 2", "11-20 14:00"),
            ("change my tuesday appointment to wednesday", "11-25"),
            ("instead of monday can we do wednesday", "11-25 not 11-23"),
            ("reschedule to next week", "11-23..11-29"),
            ("manana por la tarde", "11-21 afternoon"),
        ],
    );
}

#[test]
fn texts_as_they_come() {
    check_all(
        Language::En,
        &[
            ("hey can i bring my truck in tmrw around 8 for an oil change", "11-21 08:00"),
            ("Hi I need brakes done on my 2018 civic, 62k miles, monday or tuesday morning", "11-23..11-24 morning"),
            ("do u have anything weds after 4", "11-25 >16:00"),
            ("can we push it to next thursday same time", "11-26"),
            ("I can do thursday before noon or friday after 2", "11-26 <12:00"),
            ("anytime monday", "11-23"),
            ("whenever you have something this week", "11-20..11-22 soonest"),
            ("how about 9 in the morning on tuesday", "11-24 09:00"),
            ("tues 8am drop off", "11-24 08:00"),
            ("saturday mornin plz", "11-21 morning"),
            ("im off on wednesdays", "11-25"),
            ("need it back by 5pm friday", "11-20 <17:00"),
            ("see you at 7:45 tomorrow", "11-21 07:45"),
            ("dec 1 or 2", "12-01..12-02"),
            ("my lease is up in march, can i come the 30th", "11-30"),
            ("something like 10ish on the 23rd", "11-23 10:00"),
            ("i get off at 4", "16:00"),
            ("not tomorrow but the day after tomorrow", "11-22 not 11-21"),
            ("call me at 555-0123 tomorrow", "11-21"),
            ("need new tires size 225/45 on friday", "11-20"),
            ("light came on 2 days ago, can you look at it monday", "11-23"),
            ("oil change for my F-150 at 3:30 tuesday", "11-24 15:30"),
            ("sometime next week but not monday", "11-24..11-29 not 11-23"),
            ("i cant do mornings", ">12:00"),
            ("neither monday nor tuesday", "not 11-23 not 11-24"),
            ("I wont be able to make it friday, monday?", "11-23 not 11-20"),
            ("i work until 5 so after 5:30", ">17:00"),
            ("how about 3", "15:00"),
            ("two things: brakes and a rattle. Wed at 1?", "11-25 13:00"),
        ],
    );
}

#[test]
fn what_is_no_time() {
    check_all(
        Language::En,
        &[
            ("2019 Camry", ""),
            ("it has 45000 miles", ""),
            ("45,000 miles", ""),
            ("at 45k", ""),
            ("30k service", ""),
            ("call me at 312-555-1234", ""),
            ("my number is (312) 555 1234", ""),
            ("$89.99", ""),
            ("the battery shows 12.4 in the morning", "morning"),
            ("5w30", ""),
            ("may I ask a question", ""),
            ("march on in", ""),
            ("it sat for 3 weeks", ""),
            ("the sun visor is broken", ""),
            ("give me a second", ""),
            ("the second one", ""),
            ("how long does it take, 2 hours?", ""),
            ("it takes 30 minutes", ""),
            ("since Tuesday it makes a noise", ""),
            ("I called yesterday", ""),
            ("3 days ago", ""),
            ("last Friday you changed my oil", ""),
            ("the 3rd gear grinds", ""),
            ("good morning", ""),
            ("half a tank", ""),
            ("F150", ""),
            ("mazda 3", ""),
            ("we'd like a loaner", ""),
        ],
    );
}

#[test]
fn holidays() {
    check_all(
        Language::En,
        &[
            ("thanksgiving", "11-26"),
            ("the day after thanksgiving", "11-27"),
            ("christmas eve at 9", "12-24 09:00"),
            ("before christmas", "11-20..12-24"),
            ("New Year's Day", "2027-01-01"),
            ("4th of july", "2027-07-04"),
            ("labor day", "2027-09-06"),
            ("Memorial Day", "2027-05-31"),
            ("merry christmas!", ""),
        ],
    );
}

#[test]
fn a_time_of_a_past_day_is_no_wish() {
    check_all(
        Language::En,
        &[
            ("yesterday at 9", ""),
            ("i was there at 9 yesterday", ""),
            ("yesterday at 9, can i come tomorrow at 10", "11-21 10:00"),
        ],
    );
}

#[test]
fn tomorrow_misspelt() {
    check_all(
        Language::En,
        &[("tmrow 9 am", "11-21 09:00"), ("2mrw", "11-21"), ("tomorow", "11-21"), ("tommorow", "11-21")],
    );
}
