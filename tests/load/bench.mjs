// Turns per second and latency, beside a Worker that runs the same SQL with no logic; sizes. One run, one machine: only
// the ratios travel. BENCH_SECONDS=10 and BENCH_CONNECTIONS=32 change the load.

import { readFile, stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startRuntime } from '../edge/runtime.mjs';
import { incoming, lakeside, signedHeaders } from '../edge/twilio.mjs';
import { load } from './generator.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target');
const component = path.join(target, 'wasm32-wasip2/release/lanekeeper_spin.wasm');
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const connections = Number(process.env.BENCH_CONNECTIONS ?? 32);

const exists = (file) => stat(file).then(() => true, () => false);

/** The first texts of a conversation; each new customer sends them in order. */
const conversation = ['Hi, I need an oil change', 'tomorrow morning', 'the first one', 'yes'];

/** One text after another. Each customer waits for no answer but their own: every connection has its own customers. */
function turns(url) {
  const waiting = [];
  let customers = 0;
  return () => {
    const customer = waiting.shift() ?? { from: `+1312${String(2000000 + (customers += 1))}`, said: 0 };
    const body = conversation[customer.said];
    customer.said += 1;
    if (customer.said < conversation.length) waiting.push(customer);
    const route = `/channels/twilio/${lakeside.line}`;
    const form = incoming({ from: customer.from, to: lakeside.number, body });
    const headers = signedHeaders(lakeside.authToken, url + route, form);
    return { path: route, method: 'POST', headers, body: new URLSearchParams(form).toString() };
  };
}

async function measure(name, { options, next }) {
  process.stderr.write(`  ${name} … `);
  const runtime = await startRuntime({ demo: true, ...options });
  try {
    const url = runtime.directUrl;
    const result = await load({ url, next: next(url), connections, seconds });
    process.stderr.write(`${Math.round(result.perSecond)}/s\n`);
    return { name, ...result };
  } finally {
    await runtime.stop();
  }
}

const health = () => () => ({ path: '/health' });
const measurements = {
  'floor: the SQL of a turn alone': {
    options: { kind: 'workerd', scripts: ['floor.mjs', 'batches.mjs'].map((name) => path.join(import.meta.dirname, name)) },
    next: () => () => ({ path: '/' }),
  },
  'workerd: turns': { options: { kind: 'workerd' }, next: turns },
  'workerd: /health': { options: { kind: 'workerd' }, next: health },
  ...((await exists(component)) && {
    'wasmtime: turns': { options: { kind: 'wasmtime' }, next: turns },
    'wasmtime: /health': { options: { kind: 'wasmtime' }, next: health },
  }),
};

process.stderr.write(`${connections} connections, ${seconds} s each, ${cpus().length} cores, load from the same machine\n`);
const results = [];
for (const [name, measurement] of Object.entries(measurements)) results.push(await measure(name, measurement));

const floor = results[0].perSecond;
console.log('\n| what | per second | p50 ms | p99 ms | of the floor | failed |\n|---|---:|---:|---:|---:|---:|');
for (const { name, perSecond, p50, p99, count, failed } of results) {
  const share = name.endsWith('turns') && !failed ? (perSecond / floor).toFixed(2) : '';
  console.log(`| ${name} | ${Math.round(perSecond)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${share} | ${failed} of ${count} |`);
}
for (const { name, firstFailure } of results) if (firstFailure) console.log(`\n${name}: ${firstFailure}`);

console.log('\n| size | raw kB | gzip kB |\n|---|---:|---:|');
for (const file of [path.join(root, 'build/index_bg.wasm'), path.join(root, 'build/index.js'), component]) {
  if (!(await exists(file))) continue;
  const bytes = await readFile(file);
  const kilobytes = (length) => (length / 1000).toFixed(0);
  console.log(`| ${path.basename(file)} | ${kilobytes(bytes.length)} | ${kilobytes(gzipSync(bytes, { level: 9 }).length)} |`);
}
