// Everything by keyboard, and the place where one writes.

const one = (selector) => document.querySelector(selector);
const text = () => one('#text');

function walk(step) {
  const rows = [...document.querySelectorAll('.c-row')];
  const from = rows.findIndex((row) => row === document.activeElement);
  const open = rows.findIndex((row) => row.hasAttribute('aria-current'));
  const next = from >= 0 ? from + step : open >= 0 ? open + step : 0;
  rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
}

function write(mode) {
  const choice = one(`#composer [name="mode"][value="${mode}"]:not(:disabled)`);
  if (!choice) return;
  choice.checked = true;
  showMode();
  text().focus();
}

/** Presses a button, or opens a menu and goes to its first choice. */
function act(key) {
  const place = one(`#talk-head [data-key="${key}"]`);
  if (!place) return;
  if (place.matches('details')) {
    place.open = true;
    place.querySelector('.pop button')?.focus();
  } else {
    place.requestSubmit();
  }
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  r: () => write('reply'),
  n: () => write('note'),
  d: () => one('#draft')?.click(),
  t: () => act('take-over'),
  b: () => act('hand-back'),
  a: () => act('assign'),
  s: () => act('snooze'),
  e: () => act('close'),
  '/': () => one('#search')?.focus(),
  '?': () => one('#shortcuts')?.showModal(),
};

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input:not([type="radio"], [type="checkbox"]), textarea, select');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || one('dialog[open]')) return;
  const action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// In an open menu the arrows go from choice to choice.
document.addEventListener('keydown', (event) => {
  const menu = event.target.closest('.pop');
  if (!menu || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
  event.preventDefault();
  const choices = [...menu.querySelectorAll('.choice-line, a')];
  const next = choices.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1);
  choices[(next + choices.length) % choices.length]?.focus();
});

// Who did something is left where they were, though the buttons are others now.
let doing = null;
document.addEventListener('htmx:beforeRequest', ({ detail }) => {
  doing = detail.elt.closest('#talk-head [data-key]')?.dataset.key ?? null;
});
document.addEventListener('htmx:afterSettle', () => {
  if (!doing || document.activeElement !== document.body) return;
  (one(`#talk-head [data-key="${doing}"] :is(button, summary)`) ?? one('#talk-head h2'))?.focus();
  doing = null;
});

// News do not close the menu that somebody has just opened, nor take away what they are entering.
let menu = null;
document.addEventListener('htmx:oobBeforeSwap', ({ detail }) => {
  if (detail.target.id === 'talk-side' && detail.target.contains(document.activeElement) && document.activeElement.matches('input')) {
    detail.shouldSwap = false;
  } else if (detail.target.id === 'talk-head') {
    const open = detail.target.querySelector('details[open]');
    const choices = [...(open?.querySelectorAll('.choice-line') ?? [])];
    menu = open && open.dataset.key !== doing ? { key: open.dataset.key, place: choices.indexOf(document.activeElement) } : null;
  }
});
document.addEventListener('htmx:oobAfterSwap', () => {
  const open = menu && one(`#talk-head details[data-key="${menu.key}"]`);
  if (!open) return;
  open.open = true;
  open.querySelectorAll('.choice-line')[menu.place]?.focus();
  menu = null;
});

function showMode() {
  const field = text();
  if (!field) return;
  const note = one('#composer [value="note"]')?.checked;
  field.dataset.reply ??= field.placeholder;
  field.placeholder = note ? field.dataset.note : field.dataset.reply;
  count();
}

/** How much room is left, once it is little. */
function count() {
  const field = text();
  const left = field.maxLength - field.value.length;
  one('#left').textContent = left < 200 ? left : '';
}

// What is being written stays with its conversation until it is sent.
const draft = () => `desk-draft-${one('#conversation').dataset.conversation}`;
function restore() {
  // Who was quick has begun to write already.
  if (!text() || text().value) return;
  text().value = sessionStorage.getItem(draft()) ?? '';
  showMode();
}
document.addEventListener('input', ({ target }) => {
  if (target.id !== 'text') return;
  sessionStorage.setItem(draft(), target.value);
  count();
  suggest();
  tellTyping();
});

// Colleagues, and the customer of a chat, see that somebody is writing.
let told = 0;
function tellTyping() {
  if (Date.now() - told < 5000 || !one('#composer [value="reply"]').checked || !text().value.trim()) return;
  told = Date.now();
  const headers = JSON.parse(document.body.getAttribute('hx-headers'));
  fetch(text().dataset.typing, { method: 'POST', headers }).catch(() => {});
}
document.addEventListener('change', ({ target }) => {
  if (target.name === 'mode') showMode();
  // A mention stands in the note as well, so that it reads as one.
  if (target.name === 'mention' && target.checked) insert(`@${target.dataset.name} `, false);
});
document.addEventListener('htmx:afterRequest', ({ detail }) => {
  if (detail.elt.id !== 'composer' || !detail.successful) return;
  sessionStorage.removeItem(draft());
  text().value = '';
  for (const mention of document.querySelectorAll('[name="mention"]:checked')) mention.checked = false;
  count();
  text().focus();
});
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  if (detail.elt.id === 'conversation') restore();
});
// A draft of the AI's came into the place where one writes.
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  if (detail.elt.id !== 'text') return;
  write('reply');
  text().dispatchEvent(new Event('input', { bubbles: true }));
});

function insert(words, instead) {
  const field = text();
  if (instead) field.value = words;
  else field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end');
  field.focus();
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

// Quick replies: from their menu, or by "/" and some letters.
document.addEventListener('click', ({ target }) => {
  const choice = target.closest('[data-insert]');
  if (!choice) return;
  const menu = choice.closest('details');
  if (menu) menu.open = false;
  insert(choice.dataset.insert, text().value.startsWith('/'));
});

function suggest() {
  const [field, place] = [text(), one('#suggestions')];
  const typed = /^\/(\S*)$/.exec(field.value)?.[1];
  const found = typed === undefined ? [] : [...document.querySelectorAll('#quick [data-insert]')]
    .filter((choice) => choice.dataset.shortcut.toLowerCase().startsWith(typed.toLowerCase()))
    .slice(0, 8);
  place.replaceChildren(
    ...found.map((choice, number) => {
      const line = document.createElement('li');
      line.id = `suggestion-${number}`;
      line.setAttribute('role', 'option');
      line.dataset.insert = choice.dataset.insert;
      const [name, words] = [document.createElement('strong'), document.createElement('span')];
      name.textContent = `/${choice.dataset.shortcut}`;
      words.textContent = choice.dataset.insert;
      line.append(name, words);
      return line;
    }),
  );
  place.hidden = found.length === 0;
  select(0);
}

function select(number) {
  const lines = [...one('#suggestions').children];
  lines.forEach((line, place) => line.setAttribute('aria-selected', String(place === number)));
  if (lines[number]) text().setAttribute('aria-activedescendant', lines[number].id);
  else text().removeAttribute('aria-activedescendant');
}

document.addEventListener('keydown', (event) => {
  if (event.target.id !== 'text') return;
  const lines = [...one('#suggestions').children];
  const chosen = lines.findIndex((line) => line.getAttribute('aria-selected') === 'true');
  if (lines.length > 0 && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
    event.preventDefault();
    select((chosen + (event.key === 'ArrowDown' ? 1 : -1) + lines.length) % lines.length);
  } else if (lines.length > 0 && ['Enter', 'Tab'].includes(event.key) && !event.ctrlKey) {
    event.preventDefault();
    insert(lines[Math.max(0, chosen)].dataset.insert, true);
  } else if (event.key === 'Escape') {
    if (lines.length > 0) one('#suggestions').replaceChildren();
    else (one('.c-row[aria-current]') ?? one('#talk-head h2')).focus();
    one('#suggestions').hidden = true;
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

restore();
