// The chat itself. Whatever anybody wrote is put into the page as text, never as HTML.

const setup = JSON.parse(document.body.dataset.setup);
const { words } = setup;
const launched = window.parent !== window && location.hash === '#launcher';
const tell = (message) => launched && window.parent.postMessage({ lanekeeper: setup.line ?? lineOf(location), ...message }, '*');

function lineOf({ pathname }) {
  return decodeURIComponent(pathname.split('/').at(-1));
}

if (setup.refused) tell({ refused: setup.refused });
else if (launched) {
  // The launcher answers with what its page keeps for us, and tells when another tab has changed it.
  addEventListener('message', ({ data, source }) => {
    if (source !== window.parent || data?.lanekeeper !== setup.line || !data.lent) return;
    const first = !setup.lent;
    setup.lent = data.lent;
    if (first) run();
    else dispatchEvent(new Event('storage'));
  });
  tell({ ready: true });
} else run();

function run() {
  const by = (id) => document.getElementById(id);
  const [thread, dots, tappable, card, scroller, banner, text, composer, status, tray] = ['thread', 'dots', 'tappable', 'card', 'scroller', 'banner', 'text', 'composer', 'status', 'tray'].map(by);
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  document.documentElement.style.setProperty('--accent', setup.accent);
  document.documentElement.style.setProperty('--on-accent', setup.onAccent);

  // Some browsers forbid frames to keep anything (private windows, for one). Then the page around it does, if it can.
  const store = (area, name) => {
    let own = null;
    try { own = area(); } catch { /* there is none */ }
    const lent = () => setup.lent?.[name] ?? {};
    return {
      get: (key) => (own ? own.getItem(`${setup.line}.${key}`) : lent()[key]) ?? null,
      set(key, value) {
        if (own) own.setItem(`${setup.line}.${key}`, value);
        else tell({ keep: [name, key, lent()[key] = value] });
      },
    };
  };
  const kept = store(() => localStorage, 'local');
  const ofTab = store(() => sessionStorage, 'session');

  const random = (bytes) => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes)))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  let secret = kept.get('secret');
  // Another tab may have begun meanwhile.
  const mine = () => {
    secret = kept.get('secret') ?? secret ?? random(32);
    kept.set('secret', secret);
    return secret;
  };

  const known = new Set();
  const outgoing = JSON.parse(ofTab.get('outgoing') ?? '[]');
  let open = !launched;
  let cursor = '';
  let mark = '';
  let last = null;
  let state = {};
  let sending = false;
  let failures = 0;

  // Talking to the server

  class Refused extends Error {}

  async function ask(path, { method = 'GET', body } = {}) {
    const headers = { authorization: `Bearer ${mine()}` };
    const address = `${encodeURIComponent(setup.line)}/api/${path}`;
    const sent = body instanceof Blob ? body : body && JSON.stringify(body);
    const response = await fetch(address, { method, headers, body: sent, credentials: 'omit' });
    if (response.ok) return response;
    const { status } = response;
    if (status < 500 && status !== 408) throw Object.assign(new Refused(), { status });
    throw new Error(`status ${status}`);
  }
  const call = async (path, options) => {
    const response = await ask(path, options);
    return response.status === 204 ? null : response.json();
  };

  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  /** Longer after each failure, and never at the same moment as everybody else. */
  const backOff = () => Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)) * (0.75 + Math.random() / 2);

  function trouble(failed) {
    failures = failed ? failures + 1 : 0;
    const key = navigator.onLine === false ? 'offline' : failures > 1 ? 'unreachable' : null;
    announce(key && say(key));
  }

  function announce(message) {
    banner.hidden = !message;
    if (banner.textContent !== (message ?? '')) banner.textContent = message ?? '';
  }

  // What the visitor sends goes out in order, one at a time, each with an id of its own: sent again, it counts once.
  async function flush() {
    if (sending) return;
    sending = true;
    while (outgoing.length > 0) {
      const { id, text, tap, files } = outgoing[0];
      const slow = setTimeout(() => announce(say('slow')), 8000);
      draw();
      try {
        const answer = await call(`messages?after=${cursor}`, { method: 'POST', body: { id, text, tap, files: files?.map((file) => file.id) } });
        outgoing.shift();
        kept.set('started', '1');
        trouble(false);
        apply(answer);
      } catch (error) {
        if (error instanceof Refused) {
          outgoing.shift();
          refuse(id, text);
        } else {
          trouble(true);
          await Promise.race([pause(backOff()), new Promise((resolve) => { addEventListener('online', resolve, { once: true }); })]);
        }
      }
      clearTimeout(slow);
      ofTab.set('outgoing', JSON.stringify(outgoing));
    }
    sending = false;
    draw();
    wake();
  }

  function send(words, tap, files) {
    const message = { id: random(12), text: words, tap, files };
    outgoing.push(message);
    ofTab.set('outgoing', JSON.stringify(outgoing));
    waiting(message);
    touched = Date.now();
    flush();
  }

  const waiting = ({ id, text, files }) => bubble({ id: `own.${id}`, own: id, from: 'customer', text, files, at: new Date().toISOString(), pending: true });

  // Hearing what is new: a long poll while the chat is open and looked at, a look now and then while it is closed, and
  // nothing while the page is hidden or nothing was ever said.
  let touched = Date.now();
  let wake = () => {};
  const woken = () => new Promise((resolve) => { wake = resolve; });
  const IDLE_AFTER = 10 * 60_000;

  async function listen() {
    for (;;) {
      const begun = kept.get('started') || cursor;
      if (document.hidden || !begun) {
        await woken();
        continue;
      }
      // Somebody who waits for a person may have put the phone down for longer.
      const attentive = open && (state.person || Date.now() - touched < IDLE_AFTER);
      try {
        apply(await call(`messages?after=${cursor}&mark=${mark}&wait=${attentive && cursor ? 25 : 0}`));
        if (outgoing.length === 0) trouble(false);
        if (!attentive) await Promise.race([pause(30_000), woken()]);
      } catch (error) {
        if (error instanceof Refused) return announce(say('unreachable'));
        trouble(true);
        await Promise.race([pause(backOff()), woken()]);
      }
    }
  }

  function apply(answer) {
    const first = cursor === '';
    cursor = answer.cursor;
    mark = answer.mark;
    state = answer;
    for (const message of answer.messages) bubble(message);
    if (first) by('log').setAttribute('aria-live', 'polite');
    draw();
  }

  // Drawing

  const make = (name, className, content) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (content !== undefined) element.textContent = content;
    return element;
  };
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: 'numeric', minute: '2-digit' });
  const calendar = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: 'short', month: 'short', day: 'numeric' });

  function when(time) {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(time).setHours(0, 0, 0, 0)) / 86_400_000);
    const day = days === 0 ? say('today') : days === 1 ? say('yesterday') : calendar.format(time);
    return `${day} · ${clock.format(time)}`;
  }

  const sentAs = (own) => thread.querySelector(`[data-own="${own}"]`);

  /** Puts a message into the thread, or in the place of what stands for it. */
  function bubble(message) {
    const { id, own, from, text, files = [], at, pending } = message;
    if (known.has(id)) return;
    const stand = own && sentAs(own);
    known.add(id);
    const time = new Date(at);
    if (!stand && (!last || time - last > 20 * 60_000)) thread.append(make('li', 'time', when(time)));
    if (!last || time > last) last = time;
    const item = stand || make('li', `message ${from}`);
    item.classList.toggle('pending', Boolean(pending));
    if (own) item.dataset.own = own;
    item.message = message;
    const author = from === 'customer' ? words.you : from === 'person' ? message.name ?? words.team : words.assistant;
    const content = make('div', 'bubble');
    content.append(make('span', 'hidden', `${author}: `));
    if (from === 'person' && message.name) content.append(make('span', 'author', message.name));
    if (text) content.append(...linked(text));
    item.replaceChildren(...(text ? [content] : []), ...files.map(attachment));
    if (message.appointment) item.append(appointment(message.appointment));
    if (!stand) thread.append(item);
  }

  function refuse(id, text_) {
    sentAs(id)?.classList.replace('pending', 'failed');
    announce(say('refused'));
    if (!text.value) fill(text_);
  }

  /** A file of the visitor's own: a picture is shown, another file is named. */
  function attachment({ id, type }) {
    const link = make('a', 'file', type === 'application/pdf' ? words.document : '');
    link.target = '_blank';
    link.download = type === 'application/pdf' ? 'document.pdf' : '';
    ask(`files/${id}`).then((response) => response.blob()).then((blob) => {
      link.href = URL.createObjectURL(blob);
      if (type.startsWith('image/')) link.append(Object.assign(make('img'), { src: link.href, alt: words.picture, onload: toEnd }));
    }).catch(() => { link.textContent ||= words.picture; });
    return link;
  }

  /** Text, with addresses of pages as links. */
  function linked(content) {
    return content.split(/(https?:\/\/[^\s]+)/).map((part, place) => {
      if (place % 2 === 0) return document.createTextNode(part);
      return Object.assign(make('a', '', part), { href: part, target: '_blank', rel: 'noopener noreferrer' });
    });
  }

  function appointment({ what, when: moment, where, page, calendar: file }) {
    const card = make('section', 'appointment');
    card.setAttribute('aria-label', words.appointment);
    const link = (href, content, more) => Object.assign(make('a', '', content), { href, ...more });
    const links = make('p', 'links');
    links.append(link(file, words.add_to_calendar, { download: 'appointment.ics' }), link(page, words.manage, { target: '_blank', rel: 'noopener' }));
    card.append(make('strong', '', what), make('p', '', moment), make('p', 'where', where), links);
    return card;
  }

  const toEnd = () => scroller.scrollTo({ top: scroller.scrollHeight });

  /** What stands below the thread: somebody who is typing, what can be tapped, a card to fill in. */
  function draw() {
    const newest = thread.lastElementChild?.message;
    const typist = state.typing ?? (outgoing.length > 0 && !state.person ? words.assistant : null);
    dots.hidden = typist === null;
    by('typist').textContent = typist === null ? '' : say('typing', { name: typist || words.team });

    // Drawn anew only when it is another question: a button keeps its focus.
    const offered = dots.hidden && (newest ? newest.from !== 'customer' && newest.choices : !asksFirst() && starters);
    const question = offered ? newest?.id ?? 'start' : '';
    if (tappable.dataset.question !== question) {
      tappable.dataset.question = question;
      tappable.replaceChildren(...(offered ? [choices(offered)] : []));
    }
    if (wantsContact(newest)) showCard();

    const joined = state.person && [...thread.querySelectorAll('.person')].at(-1)?.message.name;
    status.textContent = state.person ? (joined ? say('status_person', { name: joined }) : words.status_waiting) : words.status_ai;
    composer.hidden = asksFirst();
    count();
    toEnd();
  }

  // Who the visitor is: asked before the first message where the store wants it so, else when there is something to tell.
  const asksFirst = () => setup.preChat.length > 0 && !kept.get('contact') && !thread.lastElementChild;
  const wantsContact = (newest) => asksFirst() || (!kept.get('contact') && !state.verified && !state.claimed && (newest?.appointment || (state.person && newest)));

  async function showCard() {
    if (card.dataset.shown) return;
    card.dataset.shown = 'yes';
    const { contactCard } = await import(setup.modules.contact);
    const done = (answer) => {
      kept.set('contact', answer);
      draw();
    };
    card.replaceChildren(contactCard({ words, say, make, call, Refused, done, known: state, preChat: asksFirst() ? setup.preChat : null }));
    toEnd();
  }

  function choices({ form, options }) {
    const group = make('div', `choices ${form}`);
    group.setAttribute('role', 'group');
    options.forEach(({ label, day, time, tap }, place) => {
      const button = make('button', '', day ? undefined : form === 'stars' ? '★' : label);
      button.type = 'button';
      if (day) {
        // The day is the store's, wherever the visitor is.
        const short = { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' };
        const shown = new Intl.DateTimeFormat(state.language, short).format(new Date(day));
        button.append(make('span', '', shown), make('strong', '', time));
      }
      if (form === 'stars') button.setAttribute('aria-label', say('stars', { count: place + 1 }));
      button.addEventListener('click', () => choose(label, tap));
      group.append(button);
    });
    return group;
  }

  function choose(label, tap) {
    const byKeyboard = document.activeElement?.matches('#tappable :focus-visible');
    send(label, tap);
    if (byKeyboard) text.focus();
  }

  const starters = {
    form: 'answers',
    options: ['start_book', 'start_status', 'start_price', 'start_hours'].map((key) => ({ label: words[key], tap: 0 })),
  };

  /** How many messages came that nobody has looked at. */
  function count() {
    const messages = [...thread.children].map((item) => item.message).filter((message) => message && message.from !== 'customer');
    if (open && !document.hidden && messages.length > 0) kept.set('seen', messages.at(-1).at);
    const seen = kept.get('seen') ?? '';
    tell({ unread: messages.filter(({ at }) => at > seen).length });
  }

  // The visitor

  function fill(value) {
    text.value = value;
    grow();
  }

  function grow() {
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, 132)}px`;
    kept.set('draft', text.value);
    ready();
  }

  const ready = () => composer.classList.toggle('ready', text.value.trim() !== '' || tray.childElementCount > 0);

  let told = 0;
  text.addEventListener('input', () => {
    grow();
    touched = Date.now();
    if (state.person && Date.now() - told > 4000) {
      told = Date.now();
      call('typing', { method: 'POST' }).catch(() => { /* it is only a courtesy */ });
    }
  });
  text.addEventListener('keydown', (event) => {
    // An input method takes Enter for itself while it composes.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });
  composer.addEventListener('submit', (event) => {
    event.preventDefault();
    const value = text.value.trim();
    if (tray.childElementCount > 0) return sendFiles(value);
    if (!value) return;
    fill('');
    send(value);
  });

  // Pictures and PDFs are sent to the store when they are chosen, and named in the message.
  async function addFiles(list) {
    const { addFile } = await import(setup.modules.files);
    for (const file of list) {
      const chip = addFile({ file, words, make, call, announce, changed: ready });
      if (chip) tray.append(chip);
    }
    ready();
    text.focus();
  }

  async function sendFiles(value) {
    const files = (await Promise.all([...tray.children].map((chip) => chip.uploaded))).filter(Boolean);
    tray.replaceChildren();
    fill('');
    if (value || files.length > 0) send(value, undefined, files);
  }

  by('file').addEventListener('change', ({ target }) => {
    addFiles([...target.files]);
    target.value = '';
  });
  text.addEventListener('paste', (event) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    addFiles([...event.clipboardData.files]);
  });
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    addFiles([...event.dataTransfer.files]);
  });
    by('person').addEventListener('click', () => send(words.ask_person, 0));
  by('close').addEventListener('click', () => tell({ close: true }));
  addEventListener('keydown', (event) => { if (event.key === 'Escape' && launched) tell({ close: true }); });

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    touched = Date.now();
    count();
    wake();
  });
  addEventListener('online', () => { trouble(false); wake(); });
  addEventListener('storage', () => wake());
  addEventListener('offline', () => announce(say('offline')));
  addEventListener('pointerdown', () => { touched = Date.now(); wake(); });

  addEventListener('message', ({ data, source }) => {
    if (source !== window.parent || data?.lanekeeper !== setup.line || !('open' in data)) return;
    open = data.open;
    touched = Date.now();
    count();
    wake();
    // A keyboard that covers half of a phone is for the visitor to call.
    if (open && data.focus) (matchMedia('(pointer: coarse)').matches ? by('title') : text).focus();
    if (open) scroller.scrollTo({ top: scroller.scrollHeight });
  });

  by('close').hidden = !launched;
  fill(kept.get('draft') ?? '');
  outgoing.forEach(waiting);
  draw();
  const { accent, onAccent, position, launcher } = setup;
  const title = say('title', { store: setup.store });
  tell({ hello: { accent, onAccent, position, launcher, words: { title, open: words.open, open_unread: words.open_unread } } });
  listen();
  flush();
}
