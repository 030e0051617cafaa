// The chat widget's launcher. The chat itself runs in a frame from our own origin, so that this page neither sees what is said
// nor changes how it looks. docs/widget.md says how to embed it.

(() => {
  const script = document.currentScript ?? document.querySelector('script[data-line][src*="widget.js"]');
  const line = script?.dataset.line;
  if (!line) return console.error('Lanekeeper: the script tag needs data-line="…", the id of the widget\'s line.');
  if (window.Lanekeeper) return console.warn('Lanekeeper: the widget is on this page already.');
  const address = new URL(`widget/${encodeURIComponent(line)}`, script.src);
  if (script.dataset.language) address.searchParams.set('lang', script.dataset.language);

  const style = `
    :host { all: initial; color-scheme: light dark; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .launcher, .panel { position: fixed; bottom: max(20px, env(safe-area-inset-bottom)); z-index: 2147483000; }
    .launcher {
      display: inline-flex; align-items: center; gap: 10px; min-height: 56px; padding: 0 20px; border: 0; border-radius: 28px;
      font: 600 16px/1.2 system-ui, sans-serif; cursor: pointer; box-shadow: 0 6px 24px rgb(0 0 0 / 28%);
      transition: transform .16s ease-out, box-shadow .16s;
    }
    .bare { width: 56px; padding: 0; justify-content: center; }
    .launcher:hover { transform: translateY(-2px); box-shadow: 0 10px 30px rgb(0 0 0 / 32%); }
    .launcher:focus-visible { outline: 3px solid #fff; outline-offset: -6px; box-shadow: 0 0 0 3px #1a1a1a; }
    .launcher svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
    .badge {
      position: absolute; top: -6px; inset-inline-end: -4px; min-width: 24px; padding: 0 7px; border: 2px solid #fff; border-radius: 12px;
      background: #c5221f; color: #fff; font: 700 12px/20px system-ui, sans-serif; text-align: center;
    }
    .panel {
      width: min(400px, calc(100vw - 40px)); height: min(680px, calc(100dvh - 40px)); overflow: hidden; border-radius: 20px;
      box-shadow: 0 18px 60px rgb(0 0 0 / 32%), 0 0 0 1px rgb(0 0 0 / 8%); background: Canvas;
      transition: opacity .16s ease-out, transform .16s ease-out, visibility 0s;
    }
    .panel.closed { visibility: hidden; opacity: 0; transform: translateY(12px); transition-delay: 0s, 0s, .16s; pointer-events: none; }
    .left { left: max(20px, env(safe-area-inset-left)); }
    .right { right: max(20px, env(safe-area-inset-right)); }
    iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: auto; }
    @media (max-width: 480px) { .panel { inset: 0; width: 100%; height: 100%; border-radius: 0; } }
    @media (prefers-reduced-motion: reduce) { .launcher, .panel { transition: none; } .launcher:hover { transform: none; } }
    @media print { .launcher, .panel { display: none; } }
  `;

  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const host = make('div');
  const root = host.attachShadow({ mode: 'open' });
  if ('adoptedStyleSheets' in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } else root.append(make('style', { textContent: style }));

  const launcher = make('button', { type: 'button', className: 'launcher', hidden: true });
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', 'M21 11.5a8.5 8.5 0 0 1-12.6 7.4L3.5 20.5 5 15.6A8.5 8.5 0 1 1 21 11.5z');
  icon.append(path);
  const label = make('span');
  const badge = make('span', { className: 'badge', hidden: true });
  launcher.append(icon, label, badge);
  const panel = make('div', { className: 'panel closed' });
  const frame = make('iframe', { allow: 'clipboard-write' });
  panel.append(frame);
  root.append(launcher, panel);

  // What this page keeps: whether the chat was open; and for a frame that may keep nothing of its own, what it wants kept.
  const area = (name) => {
    try { return name === 'local' ? localStorage : sessionStorage; } catch { return null; }
  };
  const keep = (name, key, value) => area(name)?.setItem(`lanekeeper.${line}.${key}`, value);
  const kept = (name) => Object.fromEntries(Object.entries(area(name) ?? {}).map(([key, value]) => [key.split(`lanekeeper.${line}.`)[1], value]));

  let words;
  let open = false;
  const narrow = matchMedia('(max-width: 480px)');
  const tell = (message) => frame.contentWindow?.postMessage({ lanekeeper: line, ...message }, address.origin);

  function show(opened, focus = true) {
    open = opened;
    keep('session', 'open', open ? 'yes' : 'no');
    panel.classList.toggle('closed', !open);
    launcher.hidden = open;
    fit();
    tell({ open, focus });
    if (open && focus) frame.focus();
    if (!open && focus) launcher.focus();
  }

  function unread(count) {
    badge.hidden = count === 0;
    badge.textContent = count > 9 ? '9+' : String(count);
    launcher.setAttribute('aria-label', count ? words.open_unread.replace('{count}', count) : label.textContent || words.open);
  }

  // On a phone the chat has the whole screen, less the keyboard, and the page behind it does not scroll.
  function fit() {
    const whole = open && narrow.matches;
    const view = window.visualViewport;
    panel.style.height = whole && view ? `${view.height}px` : '';
    panel.style.top = whole && view ? `${view.offsetTop}px` : '';
    document.documentElement.style.overflow = whole ? 'hidden' : '';
  }

  function dress({ accent, onAccent, position, launcher: text, words: own }) {
    words = own;
    launcher.style.background = accent;
    launcher.style.color = onAccent;
    label.textContent = text ?? '';
    launcher.classList.toggle('bare', !text);
    for (const element of [launcher, panel]) element.classList.add(position === 'left' ? 'left' : 'right');
    frame.title = own.title;
    launcher.hidden = false;
    unread(0);
    if (kept('session').open === 'yes') show(true, false);
  }

  const silent = () => setTimeout(() => {
    if (!words) console.error(`Lanekeeper: ${address} did not load. Does frame-src allow it?`);
  }, 20_000);

  const lend = () => tell({ lent: { local: kept('local'), session: kept('session') } });
  addEventListener('storage', lend);
  addEventListener('message', ({ data, origin, source }) => {
    if (origin !== address.origin || source !== frame.contentWindow || data?.lanekeeper !== line) return;
    if (data.ready) lend();
    if (data.keep) keep(...data.keep);
    if (data.hello) dress(data.hello);
    if (data.refused) console.error(`Lanekeeper: ${data.refused} may not embed the widget "${line}". Add it to its allowed_origins.`);
    if (data.refused) words = {};
    if ('unread' in data && words) unread(data.unread);
    if (data.close) show(false);
  });
  launcher.addEventListener('click', () => show(true));
  addEventListener('keydown', (event) => { if (event.key === 'Escape' && open) show(false); });
  window.visualViewport?.addEventListener('resize', fit);
  window.visualViewport?.addEventListener('scroll', fit);
  narrow.addEventListener('change', fit);

  // The page comes first: the frame is loaded when it has done its own.
  const start = () => (window.requestIdleCallback ?? setTimeout)(() => {
    address.hash = 'launcher';
    frame.src = address;
    document.body.append(host);
    silent();
  });
  if (document.readyState === 'complete') start();
  else addEventListener('load', start, { once: true });

  window.Lanekeeper = { open: () => show(true), close: () => show(false) };
})();
