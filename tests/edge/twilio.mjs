// Twilio as it reaches us: webhooks, signed by Twilio's own library.
//
//   const phone = customer(runtime, { from: '+13125550142' });
//   const { status, replies } = await phone.text('Oil change tomorrow morning?');

import { randomBytes } from 'node:crypto';
import twilio from 'twilio';

const { getExpectedTwilioSignature } = twilio;

/** The demo's line at Lakeside Motors. */
export const lakeside = { line: 'lakeside-sms', number: '+15005550006', authToken: 'demo-twilio-token' };

/** The account in every webhook. */
export const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;

/** A new sid: `SM` for a text, `MM` for one with media. */
export const newSid = (prefix = 'SM') => prefix + randomBytes(16).toString('hex');

/** The headers of a webhook to this URL with these form parameters. */
export function signedHeaders(authToken, url, parameters) {
  return {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'x-twilio-signature': getExpectedTwilioSignature(authToken, url, parameters),
    'user-agent': 'TwilioProxy/1.1',
  };
}

/** The form of an incoming text, as Twilio fills it. `media` is a list of `{ url, contentType }`. */
export function incoming({ from, to, body, sid = newSid(), media = [], ...others }) {
  const attachments = media.flatMap(({ url, contentType }, index) => [
    [`MediaUrl${index}`, url],
    [`MediaContentType${index}`, contentType],
  ]);
  return {
    ToCountry: 'US',
    ToState: 'IL',
    SmsMessageSid: sid,
    NumMedia: String(media.length),
    ToCity: 'CHICAGO',
    FromZip: '60601',
    SmsSid: sid,
    FromState: 'IL',
    SmsStatus: 'received',
    FromCity: 'CHICAGO',
    Body: body,
    FromCountry: 'US',
    To: to,
    ToZip: '60601',
    NumSegments: '1',
    MessageSid: sid,
    AccountSid: accountSid,
    From: from,
    ApiVersion: '2010-04-01',
    ...Object.fromEntries(attachments),
    ...others,
  };
}

/**
 * Somebody with a phone who texts one line of a deployment.
 *
 * @param {{ from: string, to?: typeof lakeside, publicUrl?: string }} options `publicUrl` is the origin that Twilio
 *   calls and signs, where a proxy stands before the deployment.
 */
export function customer(runtime, { from, to = lakeside, publicUrl } = {}) {
  const path = `/channels/twilio/${to.line}`;

  /** Sends a form as it is; `headers` replaces the ones that a right signature would have. */
  async function post(form, headers = signedHeaders(to.authToken, (publicUrl ?? runtime.url) + path, form)) {
    const response = await runtime.fetch(path, { method: 'POST', headers, body: new URLSearchParams(form).toString() });
    const twiml = await response.text();
    return { status: response.status, headers: response.headers, twiml, replies: repliesIn(twiml) };
  }

  /** Sends a text. `options` as in `incoming`. */
  const text = (body, options = {}) => post(incoming({ from, to: to.number, body, ...options }));

  return { from, path, text, post };
}

/** The texts in a TwiML answer, in order. */
export function repliesIn(twiml) {
  return [...twiml.matchAll(/<Message\b[^>]*>([\s\S]*?)<\/Message>/g)].map(([, content]) => {
    const body = /<Body>([\s\S]*?)<\/Body>/.exec(content);
    return unescapeXml((body ? body[1] : content).replace(/<[^>]*>/g, ''));
  });
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text) {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex || decimal) return String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal));
    return entities[name] ?? whole;
  });
}
