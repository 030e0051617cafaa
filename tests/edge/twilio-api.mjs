// Twilio as we reach it: a stub of its REST API for messages, on a loopback port.
//
//   const api = await startTwilioApi();
//   const runtime = await startRuntime({ demo: true, settings: { TWILIO_API_URL: api.url } });
//   api.failNext({ status: 429, retryAfter: 2 }, { reset: true, accepted: true });
//   await api.until((messages) => messages.length === 1);
//   await api.report(api.messages[0], 'delivered');
//   await api.stop();

import { createServer } from 'node:http';
import { accountSid, lakeside, newSid, signedHeaders } from './twilio.mjs';

/**
 * Starts the stub. A failure, as `failNext` takes them, is one of
 *
 * - `{ status, code?, message?, retryAfter? }`: an error answer, e.g. `{ status: 400, code: 21610 }` (unsubscribed)
 * - `{ hang: true, accepted? }`: no answer at all
 * - `{ reset: true, accepted? }`: the connection breaks
 *
 * where `accepted` says that the message went out all the same, and only the answer was lost.
 */
export async function startTwilioApi({ authToken = lakeside.authToken } = {}) {
  const messages = [];
  const requests = [];
  const failures = [];
  const watchers = new Set();

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const url = new URL(request.url, 'http://twilio');
    requests.push({ method: request.method, url: request.url, headers: request.headers, body });
    const account = /^\/2010-04-01\/Accounts\/(AC\w+)\/Messages\.json$/.exec(url.pathname)?.[1];
    if (!account) return fail(response, { status: 404, code: 20404, message: 'The requested resource was not found' });
    const expected = `Basic ${Buffer.from(`${account}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      return fail(response, { status: 401, code: 20003, message: 'Authenticate' });
    }
    if (request.method === 'GET') return answer(response, 200, list(url.searchParams));
    return create(account, new URLSearchParams(body), response);
  });

  function create(account, form, response) {
    const failure = failures.shift();
    if (failure?.status) return fail(response, failure);
    const message = failure && !failure.accepted ? undefined : accept(account, form);
    if (failure?.reset) return response.socket.destroy();
    if (failure?.hang) return undefined;
    return answer(response, 201, publicForm(message));
  }

  function accept(account, form) {
    const now = new Date();
    const message = {
      sid: newSid(),
      account_sid: account,
      to: form.get('To'),
      from: form.get('From'),
      messaging_service_sid: form.get('MessagingServiceSid'),
      body: form.get('Body'),
      status: 'queued',
      date: now,
      statusCallback: form.get('StatusCallback'),
    };
    messages.push(message);
    watchers.forEach((watch) => watch());
    return message;
  }

  /** https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources: newest first. */
  function list(query) {
    const day = (date) => date.toISOString().slice(0, 10);
    const after = query.get('DateSent>') ?? query.get('DateSentAfter');
    const found = messages
      .filter(({ to }) => !query.has('To') || to === query.get('To'))
      .filter(({ from }) => !query.has('From') || from === query.get('From'))
      .filter(({ date }) => !query.has('DateSent') || day(date) === query.get('DateSent').slice(0, 10))
      .filter(({ date }) => !after || date >= new Date(after))
      .reverse()
      .slice(0, Number(query.get('PageSize') ?? 50));
    return { messages: found.map(publicForm), page: 0, page_size: found.length, next_page_uri: null };
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    /** For `TWILIO_API_URL`. */
    url: `http://127.0.0.1:${server.address().port}`,
    accountSid,
    /** What went out, oldest first. */
    messages,
    /** What was asked, failures included. */
    requests,
    /** The next messages meet these failures, one each. */
    failNext: (...more) => failures.push(...more),
    /** Resolves when `holds(messages)` does, and fails after `seconds`. */
    until(holds, seconds = 20) {
      return new Promise((resolve, reject) => {
        const settle = (result) => {
          watchers.delete(watch);
          clearTimeout(timer);
          result instanceof Error ? reject(result) : resolve();
        };
        const watch = () => holds(messages) && settle();
        const timer = setTimeout(
          () => settle(new Error(`not within ${seconds} s; ${messages.length} messages went out`)),
          seconds * 1000,
        );
        watchers.add(watch);
        watch();
      });
    },
    /** Reports what became of a message to its StatusCallback, as Twilio would; the response. */
    async report(message, status, others = {}) {
      message.status = status;
      const form = {
        SmsSid: message.sid,
        SmsStatus: status,
        MessageStatus: status,
        To: message.to,
        MessageSid: message.sid,
        AccountSid: message.account_sid,
        From: message.from,
        ApiVersion: '2010-04-01',
        ...others,
      };
      const headers = signedHeaders(authToken, message.statusCallback, form);
      return fetch(message.statusCallback, { method: 'POST', headers, body: new URLSearchParams(form).toString() });
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function publicForm({ statusCallback: _, date, ...message }) {
  const stamp = date.toUTCString().replace('GMT', '+0000');
  return { ...message, num_segments: '1', date_created: stamp, date_sent: stamp, date_updated: stamp, error_code: null };
}

function answer(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function fail(response, { status, code = 20000, message = 'A failure of the test', retryAfter }) {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  const info = `https://www.twilio.com/docs/errors/${code}`;
  answer(response, status, { code, message, more_info: info, status }, headers);
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
