// Runs schemathesis against one deployment with the demo's stores and a few things of their own to be found by id.
// scripts/test-api.sh starts it.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRuntime } from './runtime.mjs';
import { startTwilioApi } from './twilio-api.mjs';

const KEY = 'demo-api-key';
/** What is looked at. Whether generated data should be accepted is not: a store that exists is rarely guessed. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'ignored_auth',
];

const twilio = await startTwilioApi();
const runtime = await startRuntime({ demo: true, settings: { TWILIO_API_URL: twilio.url } });
const directory = await mkdtemp(path.join(tmpdir(), 'schemathesis-'));
let status = 1;
try {
  const config = path.join(directory, 'schemathesis.toml');
  await writeFile(config, await configuration());
  status = await run('st', [
    ...['--config-file', config, 'run', `${runtime.url}/api/openapi.json`],
    ...['--header', `Authorization: Bearer ${KEY}`, '--checks', CHECKS.join(',')],
    // Its phase of examples breaks Python's own parser on long descriptions ("AST constructor recursion depth mismatch").
    ...['--phases', 'coverage,fuzzing', '--max-examples', '15', '--max-time', '75', '--seed', '1'],
    ...['--workers', '2', '--suppress-health-check', 'all', '--warnings', 'off', '--continue-on-failure'],
  ]);
} finally {
  await runtime.stop();
  await twilio.stop();
  await rm(directory, { recursive: true, force: true });
}
process.exit(status);

/** The ids of things that exist, for the places of paths. */
async function configuration() {
  const api = async (route, body) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    const response = await runtime.fetch(`/api/v1/${route}`, { headers: { authorization: `Bearer ${KEY}` }, ...init });
    if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const customer = await api('stores/lakeside/customers', { name: 'Dana', phone: '+13125550100' });
  const vehicle = await api(`stores/lakeside/customers/${customer.id}/vehicles`, { make: 'Honda', model: 'CR-V' });
  const openings = await api('stores/lakeside/openings?services=oil-change');
  const { starts_at } = openings.items.at(-1);
  const wish = { customer_id: customer.id, services: ['oil-change'], starts_at, vehicle_id: vehicle.id };
  const appointment = await api('stores/lakeside/appointments', wish);
  const entry = await api('stores/lakeside/waitlist', { customer_id: customer.id, services: ['oil-change'] });
  const places = {
    store: 'lakeside',
    customer: customer.id,
    vehicle: vehicle.id,
    appointment: appointment.id,
    conversation: appointment.conversation_id,
    entry: entry.id,
  };
  const lines = Object.entries(places).map(([name, value]) => `"path.${name}" = "${value}"`);
  return ['[parameters]', ...lines, ''].join('\n');
}

function run(program, words) {
  return new Promise((resolve, reject) => {
    // It keeps a cache where it runs.
    const child = spawn(program, words, { cwd: directory, stdio: 'inherit', env: { ...process.env, NO_COLOR: '1' } });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
