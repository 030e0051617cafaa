// A Worker that runs the SQL of a turn and nothing else: no turn can be faster on this runtime.

import { batches } from './batches.mjs';

export default {
  async fetch(_request, env) {
    const filled = new Map([['$now', Date.now()]]);
    const fill = (parameter) => {
      if (typeof parameter !== 'string' || !parameter.startsWith('$')) return parameter;
      if (!filled.has(parameter)) filled.set(parameter, crypto.randomUUID());
      return filled.get(parameter);
    };
    for (const batch of batches) {
      await env.DB.batch(batch.map(([sql, parameters]) => env.DB.prepare(sql).bind(...parameters.map(fill))));
    }
    return new Response('<Response></Response>', { headers: { 'content-type': 'text/xml' } });
  },
  async queue(batch) {
    batch.ackAll();
  },
};
