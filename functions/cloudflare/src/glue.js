// What is done on JavaScript's side of the boundary, because each crossing of it costs more than the work itself: a
// batch of ten statements with five parameters each is two crossings here and would be some hundred the other way.

/** The method, the URL and the headers of a request, as JSON. */
export function head(request) {
  return JSON.stringify([request.method, request.url, [...request.headers]]);
}

/** The headers of a response, as JSON. */
export function headers(response) {
  return JSON.stringify([...response.headers]);
}

/** The bytes of a body; null if there are more than `limit` of them, in which case the sender is cut off. */
export async function bytes(message, limit) {
  if (!message.body) return new Uint8Array();
  // Most senders say how long the body is, and no more is read than that: one call then, instead of a stream.
  const stated = Number(message.headers.get('content-length') ?? NaN);
  if (stated <= limit) return new Uint8Array(await message.arrayBuffer());
  const chunks = [];
  let length = 0;
  const reader = message.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  if (chunks.length === 1) return chunks[0];
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** A response; `headers` is JSON. A status that allows no body gets none. */
export function respond(status, headers, body) {
  return new Response(body.length === 0 ? null : body.slice(), { status, headers: JSON.parse(headers) });
}

/** Hands a request to another Worker, as it came, and returns its answer. */
export async function forward(service, request) {
  return service.fetch(request);
}

/** Runs `[[sql, [parameter, …]], …]` as one batch on a D1 database and returns the rows of each, both as JSON. */
export async function batch(database, statements) {
  const prepared = JSON.parse(statements).map(([sql, parameters]) => database.prepare(sql).bind(...parameters));
  const results = await database.batch(prepared);
  return JSON.stringify(results.map((result) => result.results));
}
