// The simulated phone: a thread with one line of a store, from a number that belongs to nobody.

const element = (id) => document.getElementById(id);
const phone = element('phone');
const { lines, suggestions } = JSON.parse(phone.dataset.setup);
const [thread, text, banner, peerSelect] = ['thread', 'text', 'banner', 'peer'].map(element);

const FAST = 2000;
const SLOWEST = 30000;

let line = lines.find(({ id }) => id === recall('line')) ?? lines[0];
let language;
let peer;
let state; // what the server said last
let pending = []; // what it has not taken in yet: { sid, text, at, failed }
let asked = 0; // requests so far, so that an answer overtaken by a newer one is dropped
let shown = 0;
let wait = FAST;
let timer;

// Memory, where the browser grants one.

function recall(key) {
  try {
    return localStorage.getItem(`lanekeeper.${key}`);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(`lanekeeper.${key}`, value);
  } catch {
    // Private windows may refuse; the page works without.
  }
}

// Numbers

const digits = (count) => String(crypto.getRandomValues(new Uint32Array(1))[0] % 10 ** count).padStart(count, '0');

function madeUpNumber() {
  if (line.callingCode === '86') return `+861700000${digits(4)}`;
  return `+1${2 + (digits(3) % 8)}${digits(2)}55501${digits(2)}`;
}

function readable(number) {
  if (/^\+1\d{10}$/.test(number)) return number.replace(/^\+1(...)(...)(....)$/, '($1) $2-$3');
  if (/^\+86\d{11}$/.test(number)) return number.replace(/^\+86(...)(....)(....)$/, '+86 $1 $2 $3');
  return number;
}

const messageId = () =>
  `SM${Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

// Talking to the store

async function ask(init) {
  const number = ++asked;
  const [toLine, from] = [line.id, peer];
  const query = init ? '' : `?from=${encodeURIComponent(from)}`;
  const response = await fetch(`/simulator/${encodeURIComponent(toLine)}/messages${query}`, init);
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.detail), { status: response.status });
  if (toLine !== line.id || from !== peer || number < shown) return;
  shown = number;
  const before = JSON.stringify(state);
  state = body;
  const taken = new Set(body.messages.map((message) => message.provider_message_id));
  pending = pending.filter(({ sid }) => !taken.has(sid));
  if (JSON.stringify(state) !== before) wait = FAST;
  render();
}

async function deliver(message) {
  message.failed = undefined;
  render();
  const body = JSON.stringify({ id: message.sid, from: peer, text: message.text });
  try {
    await ask({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
  } catch (error) {
    message.failed = error.status ? error.message : 'No connection.';
    render();
  }
  wait = FAST;
  poll();
}

function send(words) {
  const message = { sid: messageId(), text: words, at: new Date().toISOString() };
  pending.push(message);
  deliver(message);
}

// Confirmations come by themselves, so the thread is asked for again: often at first, seldom when nothing happens, and
// never behind the viewer's back.
function poll() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(async () => {
    wait = Math.min(wait * 1.3, SLOWEST);
    await ask().catch(() => {});
    poll();
  }, wait);
}

// Showing it

const dayOf = (time) => new Date(time).toLocaleDateString('en-CA');
const clockOf = (time) => new Date(time).toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' });

function dayName(time) {
  const daysAgo = Math.round((new Date(dayOf(Date.now())) - new Date(dayOf(time))) / 864e5);
  if (daysAgo === 0) return 'Today';
  if (daysAgo === 1) return 'Yesterday';
  return new Date(time).toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' });
}

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Each row has a key: the same message keeps its element, so that screen readers hear only what is new.
function rows() {
  const said = (state?.messages ?? []).map(({ provider_message_id: sid, ...message }) => ({ ...message, key: sid ?? message.id }));
  const waiting = pending.map(({ sid, text: words, at, failed }) => ({
    key: sid,
    author: 'customer',
    text: words,
    created_at: at,
    waiting: failed ? 'failed' : 'sending',
    failed,
  }));
  const list = [];
  let day;
  for (const message of [...said, ...waiting]) {
    if (dayOf(message.created_at) !== day) {
      day = dayOf(message.created_at);
      list.push({ key: `day-${day}`, day: `${dayName(message.created_at)}, ${clockOf(message.created_at)}` });
    }
    list.push(message);
  }
  if (waiting.some(({ waiting: how }) => how === 'sending')) list.push({ key: 'typing', typing: true });
  if (state && list.length === 0) list.push({ key: 'empty', empty: true });
  return list;
}

// Addresses in what the store writes can be followed, as on a phone.
function linked(text) {
  const link = (url) => make('a', { href: url, textContent: url, target: '_blank', rel: 'noreferrer' });
  return text.split(/(https?:\/\/\S+)/).map((part, place) => (place % 2 ? link(part) : part));
}

function bubble(row) {
  if (row.day) return make('div', { className: 'day', textContent: row.day });
  if (row.empty) return make('div', { className: 'empty', textContent: 'No messages yet. Tap a suggestion, or write as a customer would.' });
  if (row.typing) {
    const dots = make('div', { className: 'typing' }, make('i'), make('i'), make('i'));
    dots.setAttribute('aria-hidden', 'true');
    return dots;
  }
  const mine = row.author === 'customer';
  const who = mine ? 'You: ' : row.author === 'ai' ? 'Store: ' : 'Advisor: ';
  const item = make('div', { className: `message ${mine ? 'mine' : 'theirs'}` });
  item.append(make('span', { className: 'hidden', textContent: who }), make('p', {}, ...(mine ? [row.text] : linked(row.text))));
  return item;
}

function update(item, row) {
  const how = row.waiting ?? 'done';
  if (item.dataset.how === how) return;
  item.dataset.how = how;
  item.querySelector('.state')?.remove();
  if (how === 'sending') item.append(make('small', { className: 'state', textContent: 'Sending…' }));
  if (how === 'failed') {
    const again = make('button', { type: 'button', textContent: 'Try again' });
    again.addEventListener('click', () => deliver(pending.find(({ sid }) => sid === row.key)));
    item.append(make('small', { className: 'state failed' }, `Not delivered. ${row.failed} `, again));
  }
}

function render() {
  const list = rows();
  const keys = new Set(list.map(({ key }) => key));
  const known = new Map();
  for (const item of [...thread.children]) {
    if (keys.has(item.dataset.key)) known.set(item.dataset.key, item);
    else item.remove();
  }
  let grown = false;
  list.forEach((row, index) => {
    let item = known.get(row.key);
    if (!item) {
      item = bubble(row);
      item.dataset.key = row.key;
      grown = true;
    }
    if (thread.children[index] !== item) thread.insertBefore(item, thread.children[index] ?? null);
    if (item.classList.contains('message')) {
      update(item, row);
      item.classList.toggle('last', list[index + 1]?.author !== row.author);
    }
  });
  if (grown) thread.scrollTop = thread.scrollHeight;
  showBanner();
  showKnown();
}

function showBanner() {
  let words = '';
  if (state?.opted_out) words = 'This number gets no more texts. Send START to hear from the store again.';
  else if (state?.handling === 'person') words = 'Handed over: a person answers from here, the assistant is silent.';
  if (banner.textContent !== words) banner.textContent = words;
  banner.hidden = !words;
}

// What the store sees: the customer card, and what the last text was understood as.

const names = (list) => list.map((word) => word.replaceAll('_', ' ')).join(', ');

function details({ details: found = {} }) {
  const flat = (value) => (value && typeof value === 'object' ? Object.values(value).map(flat).join(' ') : String(value));
  return Object.entries(found).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${flat(value)}`);
}

function moment(time) {
  const format = { weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZone: line.timeZone };
  return new Date(time).toLocaleString('en', format);
}

function showKnown() {
  const { customer, messages = [] } = state ?? {};
  const heard = messages.findLast(({ understanding }) => understanding);
  const facts = [
    ['Number', readable(peer)],
    ['Name', customer?.name],
    ['Car', customer?.vehicles.join(', ')],
    ...(customer?.appointments ?? []).map(({ services, starts_at: start, bay }) => [
      'Appointment',
      `${services.join(' + ')}, ${moment(start)}, bay ${bay}`,
    ]),
  ];
  if (heard) {
    const { intents, source } = heard.understanding;
    facts.push(['Understood', names(intents.map(({ name }) => name)) || 'not understood']);
    facts.push(['Details', details(heard.understanding).join(' · ')]);
    const time = heard.elapsed_ms > 0 ? `, in ${heard.elapsed_ms} ms` : '';
    facts.push(['Read by', (source === 'model' ? 'a language model' : 'the built-in understanding') + time]);
  }
  const content = facts.filter(([, value]) => value).flatMap(([name, value]) => [make('dt', { textContent: name }), make('dd', { textContent: value })]);
  element('known').replaceChildren(...content);
}

// Choosing

function become(number) {
  peer = number;
  remember(`peer.${line.id}`, number);
  state = undefined;
  pending = [];
  thread.replaceChildren();
  const owners = line.inTheShop.map(([owner, car]) => [owner, `the owner of the ${car} in the shop`]);
  const isOwner = owners.some(([owner]) => owner === number);
  const options = [[isOwner ? 'new' : number, 'a new customer'], ...owners].map(([value, name]) =>
    make('option', { value, textContent: name, selected: value === number }),
  );
  peerSelect.replaceChildren(...options);
  wait = FAST;
  render();
  ask().catch((error) => {
    banner.textContent = error.status ? error.message : 'The store cannot be reached. Is it still running?';
    banner.hidden = false;
  });
  poll();
}

function choose(next) {
  line = next;
  remember('line', line.id);
  document.querySelector(`input[name=line][value="${CSS.escape(line.id)}"]`).checked = true;
  element('store-name').textContent = line.name;
  element('store-name').lang = line.language;
  element('store-line').textContent = readable(line.number);
  element('avatar').textContent = [...line.name][0];
  speak(line.language);
  become(recall(`peer.${line.id}`) ?? madeUpNumber());
}

function speak(next) {
  language = next;
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
  const chips = suggestions[language].map((words) => {
    const chip = make('button', { type: 'button', textContent: words, lang: language });
    chip.addEventListener('click', () => send(words));
    return make('li', {}, chip);
  });
  element('chips').replaceChildren(...chips);
}

for (const input of document.querySelectorAll('input[name=line]')) {
  input.addEventListener('change', () => choose(lines.find(({ id }) => id === input.value)));
}
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => speak(button.dataset.language));
}
element('new-number').addEventListener('click', () => become(madeUpNumber()));
peerSelect.addEventListener('change', () => become(peerSelect.value === 'new' ? madeUpNumber() : peerSelect.value));
element('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (words) send(words);
  text.value = '';
  fit();
});
text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  element('composer').requestSubmit();
});
text.addEventListener('input', fit);
document.addEventListener('visibilitychange', () => {
  wait = FAST;
  poll();
});

function fit() {
  text.style.height = 'auto';
  text.style.height = `${text.scrollHeight}px`;
}

function tick() {
  element('clock').textContent = clockOf(Date.now()).replace(/ [AP]M$/, '');
  setTimeout(tick, 60000 - (Date.now() % 60000));
}

tick();
choose(line);
