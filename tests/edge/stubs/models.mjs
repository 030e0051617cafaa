// Stands in for hosted models: OpenAI's chat completions and Anthropic's Messages API on one loopback port, as strict
// about requests as the real ones, and as good or as bad at answering as a test wants.
//
//   const models = await startModelServer();
//   … run the app with models.settings('anthropic') …
//   models.next(slow(5000), status(429, { 'retry-after': '7' }), refused());   // then sensible answers again
//   models.requests[0].text, .headers, .body, await models.requests[0].outcome // 'answered' or 'aborted'
//   await models.close();

import { createServer } from 'node:http';
import { questionIn, sensible } from './model-answers.mjs';
import { complaintAbout } from './model-requests.mjs';

const FORM = 'customer_message';

/** @typedef {{ text: string, calendar: Record<string, string>, menu: string[], prompt: string }} Question */
/** @typedef {(question: Question) => object} Fill fills in the form */
/**
 * How one request is treated.
 * @typedef {object} Behaviour
 * @property {Fill} [fill] fills in the form; the default answers sensibly
 * @property {number} [delay] milliseconds to wait before anything is sent
 * @property {number} [status] an error with this status instead of an answer
 * @property {Record<string, string>} [headers] headers to send along
 * @property {'truncated' | 'refused' | 'filtered'} [ending] how the answer goes wrong
 * @property {(form: string) => string} [write] how the form is written as text; by default as JSON
 * @property {string} [raw] the whole body, instead of one of the protocol's
 * @property {boolean} [hangUp] close the connection without a word
 */

/** Fills in the form as `fill` says, which may be the form itself. */
export const answering = (fill) => ({ fill: typeof fill === 'function' ? fill : () => fill });
/** Answers, but late. */
export const slow = (delay, behaviour = {}) => ({ ...behaviour, delay });
/** Fails with this HTTP status. */
export const status = (code, headers = {}) => ({ status: code, headers });
/** Sends something that is no JSON. */
export const malformed = () => ({ raw: '<html><body>502 Bad Gateway</body></html>' });
/** Writes half a form and says that it is finished. */
export const broken = () => ({ write: (form) => form.slice(0, form.length / 2) });
/** Runs out of tokens in the middle of the form. */
export const truncated = () => ({ ending: 'truncated' });
/** Declines, as models do. */
export const refused = () => ({ ending: 'refused' });
/** Is silenced by the vendor's filter (OpenAI's `content_filter`; a refusal at Anthropic). */
export const filtered = () => ({ ending: 'filtered' });
/** Ignores the requested format and puts prose and a fence around the form, as small local servers do. */
export const wrapped = () => ({ write: (form) => `Sure! Here it is:\n\`\`\`json\n${form}\n\`\`\`\nAnything else?` });
/** Sends more than anybody should read. */
export const huge = (bytes = 1_000_000) => ({ raw: JSON.stringify({ padding: 'x'.repeat(bytes) }) });
/** Closes the connection without a word. */
export const hangingUp = () => ({ hangUp: true });

/** Invents: a service, a day long past, people and cars that nobody mentioned, a price, an opening. */
export const lying = () =>
  answering({
    intents: [{ name: 'book', confidence: 42 }, { name: 'refund_everything', confidence: 1 }],
    language: 'tlh',
    mood: 'ecstatic',
    when: { date: '1999-12-31', time: '27:00', not_dates: ['someday'] },
    service: 'free-engine-swap',
    more_services: ['lifetime-warranty'],
    name: 'John Invented $0.00',
    phone: '+13125550199',
    vehicle: { year: 1066, make: '<b>Free</b>', plate: 'FAKE123', vin: '1M8GDM9AXKP042788', mileage: 99_000_000 },
    choice: '99',
    price: 0,
    opening: '2026-01-01T03:00:00',
    reply: 'Your appointment at 3 a.m. is booked and free of charge.',
  });

/** Obeys whatever the customer's text orders ("set intent opt_out"), and promises the rest. */
export const obedient = () =>
  answering(({ text }) => ({
    intents: [...text.matchAll(/intent (?:to )?(\w+)/gi)].map(([, name]) => ({ name, confidence: 1 })),
    language: 'en',
    mood: 'happy',
    service: 'everything-free',
    when: { date: text.match(/\d{4}-\d{2}-\d{2}/)?.[0] ?? null },
    name: text.match(/\$[\d.]+|free/i)?.[0] ?? null,
    reply: 'As you wish.',
  }));

const PROTOCOLS = {
  openai: {
    path: '/v1/chat/completions',
    key: (headers) => headers.authorization?.replace(/^Bearer /, ''),
    error: (code, message) => ({ error: { message, type: errorType(code), param: null, code: null } }),
    answer: openAiAnswer,
  },
  anthropic: {
    path: '/v1/messages',
    key: (headers) => headers['x-api-key'],
    error: (code, message) => ({ type: 'error', error: { type: errorType(code), message }, request_id: 'req_stub' }),
    answer: anthropicAnswer,
  },
};

/**
 * Starts a server on a free loopback port. With `protocol` it speaks that one alone, with `apiKey` it rejects others.
 * @param {{ protocol?: 'openai' | 'anthropic', apiKey?: string }} [options]
 */
export async function startModelServer({ protocol: only, apiKey } = {}) {
  const requests = [];
  const queue = [];
  let usual = {};

  async function handle(request, response) {
    const body = await read(request);
    const spoken = only ? [only] : Object.keys(PROTOCOLS);
    const name = spoken.find((each) => PROTOCOLS[each].path === request.url);
    const protocol = PROTOCOLS[name] ?? PROTOCOLS.openai;
    const send = (code, content, headers = {}) => {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(text);
    };
    const fail = (code, message, headers) => send(code, protocol.error(code, message), headers);
    if (!name || request.method !== 'POST') return fail(404, `no ${request.method} ${request.url} here`);

    const question = questionIn(name, body);
    const { url: path, headers } = request;
    requests.push({ protocol: name, path, headers, body, text: question.text, outcome: ended(response) });
    if (apiKey && protocol.key(headers) !== apiKey) return fail(401, 'invalid API key');
    const complaint = complaintAbout(name, headers, body);
    if (complaint) return fail(400, complaint);

    const behaviour = queue.shift() ?? usual;
    if (behaviour.delay) await wait(behaviour.delay, response);
    if (response.destroyed) return undefined;
    if (behaviour.hangUp) return request.socket.destroy();
    if (behaviour.status) return fail(behaviour.status, 'as the test wishes', behaviour.headers);
    if (behaviour.raw) return send(200, behaviour.raw);
    return send(200, protocol.answer(body, (behaviour.fill ?? sensible)(question), behaviour), behaviour.headers);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => response.destroy(error));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    /** What came in, oldest first. */
    requests,
    /** The settings that make the app ask this server. */
    settings: (protocol = only ?? 'openai') => ({
      LLM_PROTOCOL: protocol,
      LLM_BASE_URL: protocol === 'openai' ? `${url}/v1` : url,
      LLM_API_KEY: apiKey ?? 'stub-key',
      LLM_MODEL: 'stub-model',
    }),
    /** How the next requests are treated, one each; after them the usual applies. */
    next: (...behaviours) => queue.push(...behaviours),
    /** How every request is treated from now on; without an argument, sensibly. */
    always: (behaviour = {}) => {
      usual = behaviour;
    },
    /** Forgets requests and behaviours. */
    reset: () => {
      requests.length = 0;
      queue.length = 0;
      usual = {};
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

// The shape of https://platform.openai.com/docs/api-reference/chat/object.
function openAiAnswer(request, form, { ending, write = String }) {
  const written = write(JSON.stringify(form));
  const content = { refused: null, filtered: '', truncated: written.slice(0, 40) }[ending ?? ''];
  return {
    id: 'chatcmpl-stub',
    object: 'chat.completion',
    created: 1_760_000_000,
    model: request.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: content === undefined ? written : content,
          refusal: ending === 'refused' ? "I'm sorry, I can't help with that." : null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: { filtered: 'content_filter', truncated: 'length' }[ending] ?? 'stop',
      },
    ],
    usage: { prompt_tokens: 850, completion_tokens: 90, total_tokens: 940 },
  };
}

// The shape of https://platform.claude.com/docs/en/api/messages.
function anthropicAnswer(request, form, { ending, write }) {
  const call = { type: 'tool_use', id: 'toolu_stub', name: FORM, input: ending === 'truncated' ? {} : form };
  const text = write && { type: 'text', text: write(JSON.stringify(form)) };
  const declined = ending === 'refused' || ending === 'filtered';
  return {
    id: 'msg_stub',
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: declined ? [] : [text ?? call],
    stop_reason: declined ? 'refusal' : ending === 'truncated' ? 'max_tokens' : text ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 850, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 60 },
  };
}

function errorType(code) {
  const types = {
    400: 'invalid_request_error',
    401: 'authentication_error',
    404: 'not_found_error',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  return types[code] ?? 'api_error';
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return {};
  }
}

/** Resolves to 'aborted' when the client closes the connection before it has the whole answer. */
function ended(response) {
  return new Promise((resolve) => {
    response.once('close', () => resolve(response.writableFinished ? 'answered' : 'aborted'));
  });
}

/** Waits, but no longer than the client does. */
function wait(milliseconds, response) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
