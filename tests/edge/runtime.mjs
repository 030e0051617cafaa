// One running deployment, on whichever runtime `RUNTIME` names: `workerd` (the default), `wasmtime` or `spin`.
//
//   const runtime = await startRuntime({ settings: { LLM_BASE_URL: stub.url } });
//   const response = await runtime.fetch('/health');
//   const rows = await runtime.sql('SELECT * FROM appointments WHERE store_id = ?1', 'lakeside');
//   await runtime.stop();

import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSpin, startWasmtime } from './hosts/spin.mjs';
import { startWorkerd } from './hosts/start-workerd.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const hosts = { workerd: startWorkerd, wasmtime: startWasmtime, spin: startSpin };

/** Which runtime the tests run on. */
export const kind = process.env.RUNTIME ?? 'workerd';

/** What every deployment of a test has, unless it says otherwise. */
export const defaultSettings = {
  // Fits the credentials in the demo's SQL, which scripts/test-edge.sh makes with the same key.
  SEALING_KEY: process.env.TEST_SEALING_KEY ?? randomBytes(32).toString('base64'),
  INTERNAL_SECRET: 'test-internal-secret',
};

/**
 * Starts a deployment with two databases of its own, migrated; with `demo`, the demo's stores are in it.
 *
 * @param {{ kind?: string, settings?: Record<string, string>, demo?: boolean, scripts?: string[], consumers?: boolean }} [options] `settings`
 *   adds to `defaultSettings`; `scripts` run in the built Worker's place, and without `consumers` nobody takes what is put
 *   into the queue (both on workerd only).
 */
export async function startRuntime({ kind: wanted = kind, settings = {}, demo = false, scripts, consumers = true } = {}) {
  const start = hosts[wanted];
  if (!start) throw new Error(`RUNTIME is ${wanted}; it can be ${Object.keys(hosts).join(', ')}`);
  const directory = await mkdtemp(path.join(tmpdir(), 'lanekeeper-'));
  const allSettings = { ...defaultSettings, ...settings };
  const lines = [];
  const open = () => start({ directory, settings: allSettings, scripts, consumers, onLine: (line) => lines.push(line) });
  let host = await open();

  await host.migrate(await migrations());
  if (demo) {
    if (!process.env.DEMO_SQL) throw new Error('DEMO_SQL names no file; run the tests with scripts/test-edge.sh');
    for (const [index, file] of process.env.DEMO_SQL.split(' ').entries()) await host.script(file, index + 1);
  }

  return {
    kind: wanted,
    settings: allSettings,
    /** The origin, without a slash at the end. Another one after `restart`. */
    get url() {
      return host.url;
    },
    /** The runtime's own socket, where `url` goes through a proxy. */
    get directUrl() {
      return host.directUrl;
    },
    /** `fetch` of a path. Redirects are not followed. */
    fetch: (route, init) => fetch(host.url + route, { redirect: 'manual', ...init }),
    /** The rows of one statement, from the deployment's first database, where the demo's Lakeside Motors is. */
    sql: (query, ...parameters) => host.sql(query, parameters, 1),
    /** The same from the second one, where the demo's other store is. */
    sqlOnSecond: (query, ...parameters) => host.sql(query, parameters, 2),
    /** What the cron does each minute. */
    tick: () => host.tick(),
    /** The lines of the log so far. */
    logs: () => [...lines],
    /** Ends everything at once, as a power cut would. The data stays. */
    kill: () => host.kill(),
    /** Starts again on the same data, after `kill` or `stop`. */
    async restart() {
      host = await open();
    },
    /** Ends it and forgets its data. */
    async stop() {
      await host.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function migrations() {
  const directory = path.join(root, 'shared/storage/migrations');
  return (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort().map((name) => path.join(directory, name));
}
