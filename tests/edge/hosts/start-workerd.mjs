// Starts workerd.mjs and talks to it.

import { fork } from 'node:child_process';
import path from 'node:path';
import { killGroup, track } from './processes.mjs';

const program = path.join(import.meta.dirname, 'workerd.mjs');

export async function startWorkerd({ directory, settings, onLine, scripts, consumers }) {
  const child = track(
    fork(program, [JSON.stringify({ directory, settings, scripts, consumers })], {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_LOG: 'warn' },
    }),
  );
  const waiting = new Map();
  let lastId = 0;

  const ready = await new Promise((resolve, reject) => {
    child.on('message', ({ ready, line, id, result, error }) => {
      if (ready) resolve(ready);
      else if (line !== undefined) onLine(line);
      else if (error) waiting.get(id).reject(new Error(error));
      else waiting.get(id).resolve(result);
    });
    child.once('exit', (code, signal) => {
      const error = new Error(`workerd's host is gone (${signal ?? code}); is the Worker built? (make build)`);
      reject(error);
      waiting.forEach(({ reject }) => reject(error));
    });
  });

  const call = (name, argument) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.send({ id: lastId, call: name, argument });
    });

  return {
    ...ready,
    migrate: async (files) => {
      for (const shard of [1, 2]) for (const file of files) await call('script', { file, shard });
    },
    script: (file, shard) => call('script', { file, shard }),
    sql: (query, parameters, shard) => call('sql', { query, parameters, shard }),
    tick: () => call('tick'),
    kill: () => killGroup(child),
  };
}
