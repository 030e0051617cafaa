// Turns per second and latency, beside a Worker that runs the same SQL with no logic; batches per turn; the inbox; sizes.
// One run, one machine: only the ratios travel. BENCH_SECONDS=10 and BENCH_CONNECTIONS=32 change the load; BENCH_TURNS names
// the recording of the turns (scripts/bench.sh makes it).

import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startRuntime } from '../edge/runtime.mjs';
import { floorRequests, webhooks } from './customers.mjs';
import { load } from './generator.mjs';
import { measureInbox } from './inbox.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target');
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const connections = Number(process.env.BENCH_CONNECTIONS ?? 32);
const recording = await readFile(process.env.BENCH_TURNS, 'utf8');
const conversations = JSON.parse(recording);

// More than any runtime can take in the time.
const mostTurnsPerSecond = 1500;
const turnsPerCustomer = conversations.flat().length / conversations.length;
const customers = Math.ceil(((seconds + 2) * mostTurnsPerSecond) / turnsPerCustomer);

/** Takes what deliveries send. */
const twilioApi = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end('{"sid":"SM00000000000000000000000000000001","status":"queued"}');
  });
});
await new Promise((resolve) => twilioApi.listen(0, '127.0.0.1', resolve));
const settings = { TWILIO_API_URL: `http://127.0.0.1:${twilioApi.address().port}` };

const turns = (url) => webhooks(conversations, customers, url);
const measurements = [
  {
    name: 'floor: the SQL of the turns alone, on workerd',
    options: {
      kind: 'workerd',
      scripts: [path.join(import.meta.dirname, 'floor.mjs')],
      settings: { TURNS: recording },
      consumers: false,
    },
    requests: () => floorRequests(conversations, customers),
  },
  { name: 'turns on workerd', options: { kind: 'workerd', consumers: false }, requests: turns },
  { name: 'turns on workerd, and their deliveries', options: { kind: 'workerd', settings }, requests: turns },
  { name: 'turns on wasmtime, and their deliveries', options: { kind: 'wasmtime', settings }, requests: turns },
];

async function measure({ name, options, requests }) {
  process.stderr.write(`  ${name} … `);
  const runtime = await startRuntime({ demo: true, ...options });
  try {
    const url = runtime.directUrl;
    const result = await load({ url, customers: requests(url), connections, seconds });
    const [{ booked }] = await runtime.sql('SELECT count(*) AS booked FROM appointments WHERE conversation_id IS NOT NULL');
    process.stderr.write(`${Math.round(result.perSecond)}/s\n`);
    return { name, booked, ...result };
  } finally {
    await runtime.stop();
  }
}

function printTable(headings, rows) {
  console.log(`\n| ${headings.join(' | ')} |\n|---${'|---:'.repeat(headings.length - 1)}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

printTable(['turn of the mix', 'batches', 'statements'], conversations.flat().map(({ text, batches }) => [
  text, batches.length, batches.flat().length,
]));

process.stderr.write(`\n${connections} connections, ${seconds} s each, ${cpus().length} cores, load from the same machine\n`);
const results = [];
for (const measurement of measurements) results.push(await measure(measurement));
twilioApi.close();

const floor = results[0].perSecond;
printTable(
  ['what', 'per second', 'p50 ms', 'p99 ms', 'CPU ms per turn', 'of the floor', 'booked', 'failed'],
  results.map(({ name, perSecond, p50, p99, cpu, booked, count, failed }) => [
    name, Math.round(perSecond), p50.toFixed(1), p99.toFixed(1), cpu.toFixed(2), (perSecond / floor).toFixed(2), booked, `${failed} of ${count}`,
  ]),
);
for (const { name, firstFailure } of results) if (firstFailure) console.log(`\n${name}: ${firstFailure}`);

const pages = [];
for (const conversations of [1000, 100_000]) {
  process.stderr.write(`  the inbox at ${conversations} conversations … `);
  const { firstByte, end, kilobytes } = await measureInbox(conversations);
  process.stderr.write(`${Math.round(firstByte)} ms\n`);
  pages.push([conversations, firstByte.toFixed(0), end.toFixed(0), kilobytes.toFixed(0)]);
}
printTable(['the inbox on workerd, by conversations', 'first byte ms', 'whole ms', 'kB'], pages);

const kilobytes = (bytes) => (bytes / 1000).toFixed(0);
const component = (unit) => path.join(target, `wasm32-wasip2/release/lanekeeper_spin_${unit}.wasm`);
const built = {
  'front: Worker': path.join(root, 'build/front/index_bg.wasm'),
  'front: Spin component': component('front'),
  'desk: Worker': path.join(root, 'build/desk/index_bg.wasm'),
  'desk: Spin component': component('desk'),
};
const sizes = [];
for (const [name, file] of Object.entries(built)) {
  if (!(await stat(file).catch(() => null))) continue;
  const bytes = await readFile(file);
  sizes.push([name, kilobytes(bytes.length), kilobytes(gzipSync(bytes, { level: 9 }).length)]);
}
printTable(['size (the front at most 900 kB gzip)', 'kB', 'kB gzip'], sizes);
