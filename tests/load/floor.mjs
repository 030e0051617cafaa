// A Worker that runs the SQL of turns and nothing else: no turn can be faster on this runtime. `TURNS` holds the turns as
// tests/conversations/runner/mix.rs has recorded them, and a request names one of them and its customer.

let conversations;

/** What stands for a parameter of the recording, in this customer's case. */
function fill(parameter, { customer, peer, start }, now) {
  if (parameter === null || typeof parameter !== 'object') return parameter;
  const [[kind, value]] = Object.entries(parameter);
  switch (kind) {
    case 'peer':
      return peer;
    case 'message':
      return `SM-${customer}-${value}`;
    case 'id':
      return `${customer}-${value}`;
    case 'now':
      return now + value;
    case 'start':
      return start + value;
    case 'claims':
      return JSON.stringify(
        value.map(({ resource, units, seats, length }) => ({
          resource, seats, units: units.map((unit) => Math.floor(start / length) + unit),
        })),
      );
    default:
      throw new Error(`the recording has a parameter of an unknown kind: ${kind}`);
  }
}

export default {
  async fetch(request, env) {
    conversations ??= JSON.parse(env.TURNS);
    const turn = await request.json();
    const now = Date.now();
    for (const batch of conversations[turn.conversation][turn.number].batches) {
      const statements = batch.map(([sql, parameters]) =>
        env.DB.prepare(sql).bind(...parameters.map((parameter) => fill(parameter, turn, now))),
      );
      await env.DB.batch(statements);
    }
    return new Response('<Response></Response>', { headers: { 'content-type': 'text/xml' } });
  },
};
