// This browser's alerts on the account's page. They come through the browser's push service, also when no page of ours is open.

const form = document.querySelector('#device');
const can = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** Bytes from base64url, as `applicationServerKey` wants them. */
function bytes(text) {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

async function present() {
  const worker = await navigator.serviceWorker.getRegistration('/desk/');
  return (await worker?.pushManager.getSubscription()) ?? null;
}

async function send(address, fields) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, ...fields });
  const answer = await fetch(address, { method: 'POST', body, headers: { 'hx-request': 'true' } });
  if (!answer.ok) throw new Error(answer.status);
}

async function start() {
  if ((await Notification.requestPermission()) !== 'granted') return form.dataset.denied;
  await navigator.serviceWorker.register('/desk/worker.js');
  const worker = await navigator.serviceWorker.ready;
  // One that was given out for another key of ours, or to a colleague at this browser, is of no use any more.
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(form.dataset.key),
  });
  const { endpoint, keys } = subscription.toJSON();
  try {
    await send('/desk/account/devices', { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
  show(true);
  return form.dataset.on;
}

async function stop() {
  const subscription = await present();
  if (subscription) {
    await send('/desk/account/devices/end', { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  show(false);
  return '';
}

function show(on) {
  const { start, stop } = form.elements;
  const focused = [start, stop].includes(document.activeElement);
  start.hidden = on;
  stop.hidden = !on;
  if (focused) (on ? stop : start).focus();
}

if (form && can) {
  const said = form.querySelector('[role="status"]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      said.textContent = await (event.submitter?.name === 'stop' ? stop() : start());
    } catch {
      said.textContent = form.dataset.failed;
    }
  });
  const subscription = await present();
  const on = subscription !== null && JSON.parse(form.dataset.endpoints).includes(subscription.endpoint);
  show(on);
  if (on) said.textContent = form.dataset.on;
  form.hidden = false;
}
