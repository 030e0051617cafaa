// The stub of Twilio's REST API, held against Twilio's own client.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import twilio from 'twilio';
import { startTwilioApi } from './twilio-api.mjs';
import { accountSid, incoming, lakeside, repliesIn, signedHeaders } from './twilio.mjs';

describe("the stub of Twilio's API", () => {
  let api;
  let client;
  before(async () => {
    api = await startTwilioApi();
    client = twilio(accountSid, lakeside.authToken);
    // The client knows only Twilio's own address; the rest of each URL stays.
    const request = client.httpClient.request.bind(client.httpClient);
    client.httpClient.request = (options) =>
      request({ ...options, uri: options.uri.replace('https://api.twilio.com', api.url) });
  });
  after(() => api.stop());

  const send = (body, to = '+13125550142') => client.messages.create({ to, from: lakeside.number, body });

  it('accepts a message and lists it again', async () => {
    const { sid } = await send('Booked: 早上好 & "hello"');
    const [found] = await client.messages.list({ to: '+13125550142', from: lakeside.number, dateSent: new Date() });
    assert.equal(found.sid, sid);
    assert.equal(found.body, 'Booked: 早上好 & "hello"');
    assert.deepEqual(await client.messages.list({ to: '+13125550199' }), []);
  });

  it('fails as it is told, once each', async () => {
    const before = api.messages.length;
    api.failNext({ status: 429, retryAfter: 2 }, { status: 400, code: 21610 }, { reset: true, accepted: true });
    await assert.rejects(send('one'), { status: 429 });
    await assert.rejects(send('two'), { status: 400, code: 21610 });
    await assert.rejects(send('three'));
    await send('four');
    assert.deepEqual(api.messages.slice(before).map(({ body }) => body), ['three', 'four']);
  });

  it('knows who asks', async () => {
    const url = `${api.url}/2010-04-01/Accounts/${accountSid}/Messages.json`;
    assert.equal((await fetch(url)).status, 401);
  });
});

describe('the webhooks of the tests', () => {
  it('carry the signature that Twilio expects', () => {
    const url = 'https://edge.example/channels/twilio/lakeside-sms';
    const form = incoming({ from: '+13125550142', to: lakeside.number, body: 'héllo 早上' });
    const signature = signedHeaders(lakeside.authToken, url, form)['x-twilio-signature'];
    assert.ok(twilio.validateRequest(lakeside.authToken, signature, url, form));
    assert.ok(!twilio.validateRequest(lakeside.authToken, signature, `${url}?x`, form));
  });

  it('read replies out of TwiML', () => {
    const response = new twilio.twiml.MessagingResponse();
    response.message('Tom & Jerry <3 "早上"');
    response.message().body('second');
    assert.deepEqual(repliesIn(response.toString()), ['Tom & Jerry <3 "早上"', 'second']);
  });
});
