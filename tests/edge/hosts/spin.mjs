// Runs the Spin components: on wasmtime through tests/spin-host, or on Spin itself.

import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { killGroup, track } from './processes.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target');

export function startWasmtime(options) {
  const files = ['lanekeeper.db', 'shard2.db'].map((name) => path.join(options.directory, name));
  const program = path.join(target, 'host/spin-host');
  const component = (unit) => path.join(target, `wasm32-wasip2/release/lanekeeper_spin_${unit}.wasm`);
  // The routes of spin.toml.
  const routes = { '/': 'front', '/api': 'desk', '/desk': 'desk', '/internal/move-store': 'desk' };
  const components = Object.entries(routes).flatMap(([route, unit]) => ['--component', `${route}=${component(unit)}`]);
  const databases = files.flatMap((file) => ['--sqlite', file]);
  return start(options, program, [...components, '--listen', '127.0.0.1:0', ...databases], files);
}

export async function startSpin(options) {
  const files = ['sqlite_db.db', 'shard2.db'].map((name) => path.join(options.directory, name));
  const configuration = path.join(options.directory, 'runtime.toml');
  await writeFile(configuration, `[sqlite_database.shard2]\ntype = "spin"\npath = ${JSON.stringify(files[1])}\n`);
  const listen = `127.0.0.1:${await freePort()}`;
  const from = ['up', '--from', path.join(root, 'spin.toml'), '--listen', listen, '--state-dir', options.directory];
  return start(options, 'spin', [...from, '--runtime-config-file', configuration], files);
}

async function start({ settings, onLine }, program, words, files) {
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--variable', `${name.toLowerCase()}=${value}`]);
  const child = track(spawn(program, [...words, ...variables], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] }));
  createInterface(child.stderr).on('line', onLine);

  const url = await new Promise((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      onLine(line);
      const found = /(?:listening on|Serving) (http:\/\/[\d.:]+)/.exec(line);
      if (found) resolve(found[1]);
    });
    child.once('error', (error) => reject(new Error(`${program}: ${error.message}; is it built? (make build)`)));
    child.once('exit', (code, signal) => reject(new Error(`${program} is gone (${signal ?? code})`)));
  });

  const onDatabase = (shard, use) => {
    const database = new DatabaseSync(files[shard - 1], { timeout: 5000 });
    try {
      return use(database);
    } finally {
      database.close();
    }
  };
  return {
    url,
    directUrl: url,
    // The components migrate their databases themselves, at the first request.
    migrate: async () => {
      await fetch(`${url}/health`);
    },
    script: async (script, shard) => {
      const text = await readFile(script, 'utf8');
      onDatabase(shard, (database) => database.exec(`BEGIN IMMEDIATE;\n${text}\nCOMMIT;`));
    },
    sql: async (query, parameters, shard) => onDatabase(shard, (database) => database.prepare(query).all(...parameters)),
    tick: async () => {
      const headers = { authorization: `Bearer ${settings.INTERNAL_SECRET}` };
      const response = await fetch(`${url}/internal/tick`, { method: 'POST', headers });
      if (response.status !== 204) throw new Error(`the clock answered ${response.status}: ${await response.text()}`);
    },
    kill: () => killGroup(child),
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
