// The inbox, live: one request waits for news and is sent again. Without this script the page shows what it showed when it was
// loaded, and all else works.

const list = () => document.querySelector('#list');
const talk = () => document.querySelector('#conversation[data-conversation]');
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const title = document.title;
const ALERTS = 'desk-alerts';

let request = new AbortController();
let since = '';

function question() {
  const parameters = new URLSearchParams(list().dataset.query);
  parameters.set('list', list().dataset.pulse);
  parameters.set('since', since);
  if (talk()) {
    parameters.set('at', talk().dataset.store);
    parameters.set('conversation', talk().dataset.conversation);
    parameters.set('thread', talk().dataset.pulse);
  }
  return `/desk/inbox/live?${parameters}`;
}

/** Nobody sees a hidden page, unless they want to be told. */
const wanted = () => !document.hidden || alerted();

async function listen() {
  for (let failures = 0; ; ) {
    if (!wanted()) {
      await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
      continue;
    }
    request = new AbortController();
    const open = talk()?.dataset.conversation;
    try {
      const answer = await fetch(question(), { signal: request.signal, headers: { 'hx-request': 'true' } });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      const parts = await answer.text();
      const news = JSON.parse(answer.headers.get('x-news'));
      // What was asked about may be closed by now.
      if (talk()?.dataset.conversation === open) take(news, parts);
      failures = 0;
    } catch (error) {
      if (error.name !== 'AbortError') await pause(Math.min(30000, 2000 * 2 ** failures++));
    }
  }
}

function take(news, parts) {
  since = news.now;
  if (!parts) return;
  htmx.swap(document.body, parts, { swapStyle: 'none' });
  list().dataset.pulse = news.list;
  if (news.thread) talk().dataset.pulse = news.thread;
  document.title = news.count ? `(${news.count}) ${title}` : title;
  mark();
  for (const waiting of news.waiting) tell(waiting);
}

/** Marks the conversation that is open in the list. */
function mark() {
  const open = talk()?.dataset.conversation;
  for (const row of document.querySelectorAll('.c-row')) {
    if (row.id === `c-${open}`) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

// What is new in a conversation is added to what stands there: whoever reads is not sent back, and is told of that alone.
document.addEventListener('htmx:oobBeforeSwap', ({ detail }) => {
  if (detail.target.id !== 'entries') return;
  detail.shouldSwap = false;
  const scroll = document.querySelector('.talk-scroll');
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  let last = null;
  for (const entry of [...detail.fragment.querySelectorAll('#entries > li')]) {
    const known = document.getElementById(entry.id);
    if (!known) {
      if (last) last.after(entry);
      else detail.target.append(entry);
    } else if (known.textContent !== entry.textContent) {
      const opened = known.querySelector('details[open]');
      known.replaceWith(entry);
      if (opened) entry.querySelector('details').open = true;
    }
    last = document.getElementById(entry.id);
  }
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
});

function showEnd() {
  const scroll = document.querySelector('.talk-scroll');
  if (!scroll || new URLSearchParams(location.search).has('before')) return;
  if (getComputedStyle(scroll).overflowY === 'visible') document.querySelector('#entries > :last-child')?.scrollIntoView({ block: 'center' });
  else scroll.scrollTop = scroll.scrollHeight;
}

// Not before it has settled: until then it has the classes of what stood there.
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  if (detail.elt.id !== 'conversation') return;
  mark();
  showEnd();
  // On a phone the list is gone, and with it what had the focus.
  if (!document.activeElement?.offsetParent) document.querySelector('#talk-head h2')?.focus();
  request.abort();
});
// What one did oneself is in the list at once.
document.addEventListener('conversation-changed', () => request.abort());

// How long somebody has waited goes on by itself.
setInterval(() => {
  for (const place of document.querySelectorAll('[data-since]')) {
    const minutes = Math.max(0, Math.floor((Date.now() / 1000 - place.dataset.since) / 60));
    if (minutes < 60) place.textContent = place.textContent.replace(/\d+/, minutes);
  }
}, 20000);

// Notices of the browser, for who wants them.
const button = document.querySelector('[data-alerts]');
const alerted = () =>
  localStorage.getItem(ALERTS) === 'on' && 'Notification' in window && Notification.permission === 'granted';

function tell({ name, address }) {
  if (!alerted()) return;
  chime();
  if (document.hasFocus()) return;
  const notice = new Notification(button.dataset.title, { body: name, tag: address });
  notice.onclick = () => {
    window.focus();
    location.assign(address);
  };
}

/** Two notes, quietly. */
function chime() {
  const audio = new AudioContext();
  [660, 880].forEach((frequency, place) => {
    const [note, volume, start] = [audio.createOscillator(), audio.createGain(), audio.currentTime + place * 0.16];
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
    note.connect(volume).connect(audio.destination);
    note.start(start);
    note.stop(start + 0.3);
  });
}

if (button && 'Notification' in window) {
  const show = () => button.setAttribute('aria-pressed', String(alerted()));
  button.hidden = false;
  button.addEventListener('click', async () => {
    if (alerted()) localStorage.removeItem(ALERTS);
    else if ((await Notification.requestPermission()) === 'granted') localStorage.setItem(ALERTS, 'on');
    else {
      const line = document.createElement('p');
      line.className = 'toast bad';
      line.textContent = button.dataset.denied;
      document.querySelector('#toasts').append(line);
    }
    show();
  });
  show();
}

document.querySelector('.views [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
mark();
showEnd();
listen();
