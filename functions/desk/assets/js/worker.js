// The desk's service worker: it shows what the push service brings, and does nothing else. Pages are not kept.

self.addEventListener('push', (event) => {
  const { title, body, conversation, url } = event.data?.json() ?? {};
  const shown = self.registration.showNotification(title || 'Lanekeeper', {
    body,
    // Of one conversation only the last alert stands there, and it sounds again.
    ...(conversation && { tag: conversation, renotify: true }),
    data: { url },
  });
  event.waitUntil(shown);
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

/** Goes to the tab that shows it, or opens one: what is being written in another tab stays there. */
async function open(url) {
  const wanted = new URL(url || '/desk', self.location.origin);
  const address = wanted.origin === self.location.origin ? wanted : new URL('/desk', self.location.origin);
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const tab = tabs.find((one) => new URL(one.url).pathname === address.pathname);
  return tab ? tab.focus() : self.clients.openWindow(address.href);
}
