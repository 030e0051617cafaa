// Files of ten thousand rows, and files that are too large.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from './runtime.mjs';

describe(`imports on ${kind}`, () => {
  let runtime;
  before(async () => {
    runtime = await startRuntime({ demo: true });
  });
  after(() => runtime?.stop());

  async function send(file, query = '') {
    const init = { method: 'POST', headers: { authorization: 'Bearer demo-api-key' }, body: file };
    const response = await runtime.fetch(`/api/v1/stores/lakeside/imports/customers${query}`, init);
    return { status: response.status, body: await response.json() };
  }
  const count = async (table) => (await runtime.sql(`SELECT count(*) AS n FROM ${table} WHERE store_id = 'lakeside'`))[0].n;
  const rows = Array.from({ length: 10_000 }, (_, n) => `C${n},Customer ${n},+1312${2_000_000 + n},2019,Honda,Civic`);
  const file = ['id,name,phone,year,make,model', ...rows].join('\n');

  it('takes ten thousand customers with their cars at once, and the same file again changes nothing', async () => {
    const [customers, vehicles] = [await count('customers'), await count('vehicles')];
    const preview = await send(file, '?preview=true');
    assert.deepEqual([preview.status, preview.body.created, preview.body.error_count], [200, 10_000, 0]);
    assert.equal(await count('customers'), customers);
    const done = await send(file);
    assert.deepEqual([done.status, done.body.created], [200, 10_000], JSON.stringify(done.body).slice(0, 500));
    assert.deepEqual([await count('customers'), await count('vehicles')], [customers + 10_000, vehicles + 10_000]);
    const again = await send(file);
    assert.deepEqual([again.status, again.body.unchanged], [200, 10_000]);
  });

  it('writes nothing where one of ten thousand rows is wrong', async () => {
    const before = await count('customers');
    const refused = await send(`${file.replaceAll('+1312', '+1415').replaceAll('\nC', '\nD')}\n`.replace('D77,Customer 77,+14152000077', 'D77,Customer 77,soon'));
    assert.equal(refused.status, 422);
    assert.deepEqual(refused.body.errors.map(({ row, column }) => [row, column]), [[79, 'phone']]);
    assert.equal(await count('customers'), before);
  });

  it('refuses what is too large', async () => {
    const long = await send(`${file}\nX,one too many,+13129999999,,,`);
    assert.deepEqual([long.status, long.body.errors[0].field], [422, 'body']);
    const huge = await send(Buffer.alloc(11 << 20, 'x'));
    assert.equal(huge.status, 413);
  });
});
