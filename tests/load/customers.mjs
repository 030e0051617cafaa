// Who texts in a load test: customers of Lakeside Motors, half of whom book and half of whom only ask. All their requests
// are made and signed beforehand, so that the load costs little while it is measured.

import { chicago, openDay } from '../edge/people.mjs';
import { incoming, lakeside, signedHeaders } from '../edge/twilio.mjs';

const route = `/channels/twilio/${lakeside.line}`;
const workdays = 36;
const halfHours = 19; // From 8:00 to 17:00.

/** Signed webhooks: what `count` customers text, text by text. `conversations` come from the recording. */
export function webhooks(conversations, count, url) {
  return customers(conversations, count).map(({ peer, texts }) =>
    texts.map((body) => {
      const form = incoming({ from: peer, to: lakeside.number, body });
      const headers = signedHeaders(lakeside.authToken, url + route, form);
      return { path: route, method: 'POST', headers, body: new URLSearchParams(form).toString() };
    }),
  );
}

/** What the floor is asked in the place of the same webhooks. */
export function floorRequests(conversations, count) {
  return customers(conversations, count).map(({ conversation, peer, start, texts }) =>
    texts.map((_, number) => ({
      path: '/',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ conversation, number, customer: `c${peer.slice(1)}`, peer, start }),
    })),
  );
}

function customers(conversations, count) {
  const days = openDays();
  return Array.from({ length: count }, (_, index) => {
    const conversation = index % conversations.length;
    // Neighbours want different days: no two who text at once want the same opening.
    const wish = Math.floor(index / conversations.length);
    const date = days[wish % days.length];
    const halfHour = 16 + (Math.floor(wish / days.length) % halfHours);
    const time = `${String(halfHour >> 1).padStart(2, '0')}:${halfHour & 1 ? '30' : '00'}`;
    const round = Math.floor(wish / days.length / halfHours);
    return {
      conversation,
      peer: `+1312${2_000_000 + index}`,
      // The floor has one bay: where ours would go to the next one, it goes to another quarter of the year.
      start: chicago(date, time) + round * 90 * 86_400_000,
      texts: conversations[conversation].map(({ text }) => text.replace('{date}', date).replace('{time}', time)),
    };
  });
}

/** Days on which the store is open from Monday to Friday, from the day after tomorrow on. */
function openDays() {
  const days = new Set();
  for (let ahead = 2; days.size < workdays; ahead += 1) days.add(openDay(ahead));
  return [...days];
}
