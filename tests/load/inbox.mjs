// The inbox's page on workerd, when a store has many conversations: how long until its first byte, and how big it is.

import { startRuntime } from '../edge/runtime.mjs';

const ROUNDS = 25;

/** Conversations over two years, a message each; every tenth is with a person, and half of these wait. */
async function fill(runtime, conversations) {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${conversations})`;
  const at = `${Date.now()} - i * ${Math.floor((730 * 86_400_000) / conversations)}`;
  for (const statement of [
    `INSERT INTO customers (id, store_id, name, created_at, updated_at)
       ${numbers} SELECT 'many' || i, 'lakeside', 'Customer ' || i, 0, 0 FROM n`,
    `INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at, handling, waiting_since)
       ${numbers} SELECT 'many' || i, 'lakeside', 'lakeside-sms', printf('+1773555%04d', i), 'many' || i, 'en', '{}', 0, ${at},
         iif(i % 10 = 0, 'person', 'ai'), iif(i % 20 = 0, ${at}, NULL) FROM n`,
    `INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at)
       ${numbers} SELECT 'many' || i, 'lakeside', 'many' || i, 'lakeside-sms', 'customer', 'Is there anything free on Tuesday?', ${at} FROM n`,
  ]) await runtime.sql(statement);
}

async function signIn(runtime) {
  const origin = runtime.url;
  const body = new URLSearchParams({ email: 'owner@demo.example', password: 'demo-password' });
  const response = await runtime.fetch('/desk/sign-in', { method: 'POST', body, headers: { origin } });
  if (response.status !== 303) throw new Error(`Signing in was answered with ${response.status}.`);
  return response.headers.get('set-cookie').split(';')[0];
}

/** How the page comes, as the median of some requests: milliseconds until its first byte and until its end, and kilobytes. */
export async function measureInbox(conversations) {
  const runtime = await startRuntime({ kind: 'workerd', demo: true });
  try {
    await fill(runtime, conversations);
    const headers = { cookie: await signIn(runtime), 'accept-encoding': 'identity' };
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const begun = performance.now();
      const response = await runtime.fetch('/desk/inbox', { headers });
      const firstByte = performance.now() - begun;
      const page = await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`The inbox was answered with ${response.status}.`);
      rounds.push({ firstByte, end: performance.now() - begun, kilobytes: page.byteLength / 1000 });
    }
    const median = (key) => rounds.map((round) => round[key]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
    return { firstByte: median('firstByte'), end: median('end'), kilobytes: median('kilobytes') };
  } finally {
    await runtime.stop();
  }
}
