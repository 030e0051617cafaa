// Moves cards of the day, of the week and of the board: with the pointer, or with M and the arrow keys. Where a drop moves an
// appointment it only asks: the page that answers says whether the time fits, and what the customer will be told; on the board
// it sends the card's own form. Without this script the same is done by links and forms.

const live = document.querySelector('#grid-live');
const grid = document.querySelector('#day-grid');
const week = document.querySelector('#week-grid');
const board = document.querySelector('#board');
const words = (grid ?? week ?? board)?.dataset ?? {};
const QUARTER = 15 * 60 * 1000;

const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
const say = (text) => { if (live) live.textContent = text; };

/** Opens the question that a drop asks: in a dialog over the page, or as a page of its own. */
async function ask(url, back) {
  const dialog = document.querySelector('#dialog');
  if (!window.htmx || !dialog?.showModal) {
    location.assign(url);
    return;
  }
  await window.htmx.ajax('GET', url, { target: '#dialog', swap: 'innerHTML' });
  if (dialog.childElementCount === 0) return;
  dialog.showModal();
  dialog.addEventListener('close', () => { dialog.replaceChildren(); back?.focus(); }, { once: true });
}

/** What the day's grid and the week's have in common: where a card would be, shown and said. */
class DayTarget {
  constructor(card) {
    this.card = card;
    this.lanes = [...grid.querySelectorAll('.lane[data-place]')];
    this.lane = card.closest('.lane');
    this.home = this.lane;
    this.row = this.first = rowOf(card);
    this.height = card.offsetHeight;
    this.step = Number(grid.dataset.step) || 1;
    this.mark = document.createElement('span');
    this.clock = new Intl.DateTimeFormat(grid.dataset.language, { hour: 'numeric', minute: '2-digit', timeZone: grid.dataset.zone });
  }

  /** From a point of the screen; `grip` is how far below the card's top it was taken. */
  point(x, y, grip) {
    const lane = this.lanes.find((one) => { const box = one.getBoundingClientRect(); return x >= box.left && x < box.right; });
    if (!lane) return;
    const box = lane.getBoundingClientRect();
    this.to(lane, Math.round((y - grip - box.top) / (box.height / Number(grid.dataset.rows))));
  }

  arrow(key) {
    const place = this.lanes.indexOf(this.lane);
    const lane = { ArrowLeft: this.lanes[place - 1], ArrowRight: this.lanes[place + 1] }[key] ?? this.lane;
    this.to(lane, this.row + ({ ArrowUp: -this.step, ArrowDown: this.step }[key] ?? 0));
  }

  to(lane, row) {
    const last = Number(grid.dataset.rows) - 1;
    const steps = Math.round((row - this.first) / this.step);
    this.row = Math.min(Math.max(this.first + steps * this.step, 0), last);
    this.lane = lane;
    const rows = rowsOf(this.card);
    this.mark.className = `drop y${this.row} h${Math.min(rows, last - this.row + 1)}`;
    this.mark.textContent = this.clock.format(this.start());
    if (this.mark.parentElement !== lane) lane.append(this.mark);
    this.mark.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    say(fill(words.wouldBe, { time: this.mark.textContent, place: lane.dataset.name }));
  }

  /** When the appointment would begin. */
  start() {
    return Number(this.card.dataset.start) + (this.row - this.first) * QUARTER;
  }

  url() {
    // Work in several places keeps to the rules' own choice while it stays in its column.
    const pinned = this.card.dataset.steps === '1' || this.lane !== this.home;
    return `${this.card.dataset.move}?at=${this.start()}${pinned && this.lane.dataset.place ? `&${this.lane.dataset.place}` : ''}`;
  }

  drop() {
    if (this.row !== this.first || this.lane !== this.home) ask(this.url(), this.card);
  }

  clear() {
    this.mark.remove();
  }
}

class WeekTarget {
  constructor(card) {
    this.card = card;
    this.cell = this.home = card.closest('td');
  }

  point(x, y) {
    const cell = document.elementsFromPoint(x, y).map((one) => one.closest('td[data-day]')).find(Boolean);
    if (cell) this.to(cell);
  }

  arrow(key) {
    const row = this.cell.parentElement;
    const place = [...row.children].indexOf(this.cell);
    const cell = {
      ArrowLeft: row.children[place - 1], ArrowRight: row.children[place + 1],
      ArrowUp: row.previousElementSibling?.children[place], ArrowDown: row.nextElementSibling?.children[place],
    }[key];
    if (cell?.dataset.day) this.to(cell);
  }

  to(cell) {
    this.clear();
    this.cell = cell;
    cell.classList.add('target');
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    say(cell.dataset.name);
  }

  url() {
    return `${this.card.dataset.move}?day=${this.cell.dataset.day}${this.cell.dataset.place ? `&${this.cell.dataset.place}` : ''}`;
  }

  drop() {
    if (this.cell !== this.home) ask(this.url(), this.card);
  }

  clear() {
    this.cell.classList.remove('target');
  }
}

/** The board: only the stages that may follow can be dropped on. */
class BoardTarget {
  constructor(card) {
    this.card = card;
    this.column = this.home = card.closest('[data-stage]');
    this.columns = [...board.querySelectorAll('[data-stage]')];
    this.allowed = card.dataset.stages.split(' ');
    for (const column of this.columns) column.classList.toggle('barred', column !== this.home && !this.may(column));
  }

  may(column) {
    return this.allowed.includes(column.dataset.stage);
  }

  point(x, y) {
    const column = document.elementsFromPoint(x, y).map((one) => one.closest('[data-stage]')).find(Boolean);
    if (column) this.to(column);
  }

  arrow(key) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const column = step && this.columns[this.columns.indexOf(this.column) + step];
    if (column) this.to(column);
  }

  to(column) {
    this.column.classList.remove('target');
    this.column = column;
    const possible = column === this.home || this.may(column);
    column.classList.toggle('target', possible);
    column.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    say(possible ? column.dataset.name : fill(words.notThere, { stage: column.dataset.name }));
  }

  drop() {
    if (this.column === this.home || !this.may(this.column)) return;
    const form = this.card.querySelector('form');
    form.elements.stage.value = this.column.dataset.stage;
    form.requestSubmit();
  }

  clear() {
    for (const column of this.columns) column.classList.remove('barred', 'target');
  }
}

const numberIn = (card, letter) => Number([...card.classList].find((name) => new RegExp(`^${letter}\\d+$`).test(name))?.slice(1));
const rowOf = (card) => numberIn(card, 'y');
const rowsOf = (card) => numberIn(card, 'h');
const CARDS = '[data-move], [data-carry]';
const target = (card) => new (grid ? DayTarget : week ? WeekTarget : BoardTarget)(card);

// With the pointer. A finger scrolls; it moves appointments by the link on their page.
let dragged = null;
document.addEventListener('pointerdown', (event) => {
  const card = event.target.closest?.(CARDS);
  if (!card || event.button !== 0 || event.pointerType === 'touch' || event.target.closest('form')) return;
  const box = card.getBoundingClientRect();
  dragged = { card, x: event.clientX, y: event.clientY, grip: event.clientY - box.top, left: event.clientX - box.left, target: null };
});
document.addEventListener('pointermove', (event) => {
  if (!dragged) return;
  const { card, x, y, grip, left } = dragged;
  if (!dragged.target) {
    if (Math.hypot(event.clientX - x, event.clientY - y) < 5) return;
    dragged.target = target(card);
    dragged.ghost = card.cloneNode(true);
    dragged.ghost.classList.add('ghost');
    dragged.ghost.setAttribute('aria-hidden', 'true');
    dragged.ghost.removeAttribute('href');
    dragged.ghost.style.width = `${card.offsetWidth}px`;
    dragged.ghost.style.height = `${card.offsetHeight}px`;
    document.body.append(dragged.ghost);
    card.classList.add('dragged');
  }
  event.preventDefault();
  dragged.ghost.style.left = `${event.clientX - left}px`;
  dragged.ghost.style.top = `${event.clientY - grip}px`;
  dragged.target.point(event.clientX, event.clientY, grip);
});
function letGo(drop) {
  if (!dragged) return;
  const { card, target: where, ghost } = dragged;
  dragged = null;
  if (!where) return;
  ghost.remove();
  card.classList.remove('dragged');
  where.clear();
  // The click that ends a drag is none.
  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  addEventListener('click', stop, { capture: true });
  setTimeout(() => removeEventListener('click', stop, { capture: true }), 0);
  if (drop) where.drop();
}
document.addEventListener('pointerup', () => letGo(true));
document.addEventListener('pointercancel', () => letGo(false));

// With the keyboard.
let carried = null;
document.addEventListener('keydown', (event) => {
  if (carried) {
    const where = carried;
    if (event.key === 'Escape') {
      say(words.putBack);
    } else if (event.key === 'Enter') {
      where.drop();
    } else if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      where.arrow(event.key);
      return;
    } else if (event.key === 'Tab') {
      say(words.putBack);
    } else {
      return;
    }
    if (event.key !== 'Tab') event.preventDefault();
    where.clear();
    where.card.classList.remove('dragged');
    carried = null;
    return;
  }
  if (event.key === 'Escape' && dragged) letGo(false);
  const card = event.target.closest?.('form') ? null : event.target.closest?.(CARDS);
  if (card && event.key.toLowerCase() === 'm' && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    carried = target(card);
    card.classList.add('dragged');
    say(fill(words.pickedUp, { what: card.title || card.textContent }));
  }
});

// A card is dragged by us, not as a link.
document.addEventListener('dragstart', (event) => { if (event.target.closest?.(CARDS)) event.preventDefault(); });

// What is under way is in view.
grid?.querySelector('.now')?.scrollIntoView({ block: 'center', inline: 'nearest' });
