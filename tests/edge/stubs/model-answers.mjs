// A model that understands the handful of phrases that the tests use. It reads its prompt as a real one would have to:
// the weekday from the calendar, the service from the menu.

const WEEKDAYS = [
  ['Mon', /\bmon(day)?\b|lunes|周一|星期一/i],
  ['Tue', /\btues?(day)?\b|martes|周二|星期二/i],
  ['Wed', /\bwed(nesday)?\b|mi[eé]rcoles|周三|星期三/i],
  ['Thu', /\bthu(rs(day)?)?\b|jueves|周四|星期四/i],
  ['Fri', /\bfri(day)?\b|viernes|周五|星期五/i],
  ['Sat', /\bsat(urday)?\b|s[aá]bado|周六|星期六/i],
];

const SERVICES = [
  ['oil-change', /\boil\b|aceite|机油|小保养/i],
  ['tire-rotation', /rotat|rotaci[oó]n|轮胎换位/i],
  ['brakes', /brake|frenos|刹车/i],
  ['diagnosis', /check engine|warning light|故障灯/i],
];

const WISHES = [
  ['opt_out', /^\s*(stop|unsubscribe|alto|退订)\b/i],
  ['human', /\b(human|person|agent|someone real)\b|una persona|人工/i],
  ['cancel', /\bcancel/i],
  ['reschedule', /\b(move|reschedule|change my appointment)\b|改期|cambiar mi cita/i],
  ['hours', /\b(hours|open|close)\b|horario|几点/i],
  ['price', /how much|price|cu[aá]nto|多少钱/i],
  ['choose', /\b(first|second|third)\b|primera|segunda|第[一二三]/i],
  ['affirm', /^\s*(yes|yep|yeah|ok|sure|s[ií])\b|^\s*(好|是|可以|对)/i],
  ['negate', /^\s*no\b|^\s*(不|没有)/i],
  ['thanks', /\b(thanks|thank you|gracias)\b|谢谢/i],
  ['book', /appointment|book|schedule|cita|预约/i],
  ['greeting', /^\s*(hi|hello|hola)\b|^\s*(你好)/i],
];

/** What the prompt in this request asks about. */
export function questionIn(protocol, body) {
  const prompt = String(body.messages?.findLast?.(({ role }) => role === 'user')?.content ?? '');
  const line = (name) => prompt.split('\n').find((each) => each.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const menu = prompt.match(/^MENU\n((?:[\w-]+: .*\n)*)/m)?.[1] ?? '';
  return {
    prompt,
    text: parsed(line('MESSAGE')),
    /** Weekday to its next date after today. */
    calendar: Object.fromEntries(line('CALENDAR').split(', ').slice(1, 8).map((day) => day.split(' '))),
    menu: menu.split('\n').map((item) => item.split(':')[0]).filter(Boolean),
  };
}

/** The form as a good model would fill it in. */
export function sensible({ text, calendar, menu }) {
  const service = SERVICES.find(([id, words]) => menu.includes(id) && words.test(text))?.[0] ?? null;
  const weekday = WEEKDAYS.find(([, words]) => words.test(text))?.[0];
  const tomorrow = /\btomorrow\b|mañana|明天/i.test(text) ? Object.values(calendar)[0] : undefined;
  const date = calendar[weekday] ?? tomorrow ?? null;
  const after = text.match(/after (\d{1,2})|despu[eé]s de las (\d{1,2})/i);
  const chosen = text.match(/\b(first|second|third)\b|(primera|segunda|tercera)|第([一二三])/i);
  const wishes = WISHES.filter(([, words]) => words.test(text)).map(([name]) => name);
  const aboutService = wishes.some((name) => ['book', 'price', 'reschedule', 'cancel'].includes(name));
  if (service && !aboutService) wishes.unshift('book');
  if (wishes.length === 0) wishes.push(date || after ? 'details' : 'other');
  return {
    intents: wishes.slice(0, 4).map((name, index) => ({ name, confidence: 0.95 - index / 10 })),
    language: languageOf(text),
    mood: /ridiculous|terrible|angry|enojad|气死/i.test(text) ? 'angry' : 'calm',
    when: date || after ? { date, time_after: after ? afternoon(after[1] ?? after[2]) : null } : null,
    service,
    choice: chosen ? String(1 + place(chosen[1] ?? chosen[2] ?? chosen[3])) : null,
  };
}

function languageOf(text) {
  if (/[\u4e00-\u9fff]/.test(text)) return 'zh';
  return /[ñáéíóú¿¡]|\b(hola|aceite|cita|gracias|martes)\b/i.test(text) ? 'es' : 'en';
}

/** A bare hour in a workshop's day: 1 to 6 are in the afternoon. */
function afternoon(hour) {
  return `${String(Number(hour) < 7 ? Number(hour) + 12 : Number(hour)).padStart(2, '0')}:00`;
}

function place(ordinal) {
  return [['first', 'primera', '一'], ['second', 'segunda', '二'], ['third', 'tercera', '三']].findIndex((words) =>
    words.includes(ordinal.toLowerCase()),
  );
}

function parsed(json) {
  try {
    return String(JSON.parse(json));
  } catch {
    return '';
  }
}
