// What every page of the desk can do beyond what the server renders. Without it all still works by links and forms.

const failed = document.querySelector('script[data-failed]').dataset.failed;

/** Says something above the page for a few seconds; a refusal stays longer. */
export function toast(text, tone = 'bad') {
  const line = document.createElement('p');
  line.className = `toast ${tone}`;
  line.setAttribute('role', tone === 'bad' ? 'alert' : 'status');
  line.textContent = text;
  document.querySelector('#toasts')?.append(line);
}

// Toasts go by themselves, also those that the server sent.
const toasts = document.querySelector('#toasts');
if (toasts) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const line of addedNodes) setTimeout(() => line.remove?.(), 8000);
    }
  }).observe(toasts, { childList: true });
}

// A choice marked with data-send sends its form at once.
document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-send]')) target.form.requestSubmit();
});

// What is there to be copied is selected when one goes there.
document.addEventListener('focusin', ({ target }) => {
  if (target.matches('[data-select]')) target.select();
});

// Open menus close when one clicks beside them, and with Escape, which gives the focus back.
const openMenus = () => document.querySelectorAll('details.menu[open]');
document.addEventListener('click', ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A button with data-opens shows the dialog of that id; one with data-closes closes the dialog around it.
document.addEventListener('click', ({ target }) => {
  const opener = target.closest('[data-opens]');
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  target.closest('[data-closes]')?.closest('dialog')?.close();
});

// A refusal of ours says where it is to be put; what comes from others (a proxy's page) is put nowhere.
document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  if (detail.xhr.status >= 400) detail.shouldSwap = detail.xhr.getResponseHeader('hx-retarget') !== null;
});
document.addEventListener('htmx:responseError', ({ detail }) => {
  const { xhr } = detail;
  if (xhr.getResponseHeader('hx-retarget') === null && xhr.getResponseHeader('hx-redirect') === null) toast(failed);
});
document.addEventListener('htmx:sendError', () => toast(failed));
