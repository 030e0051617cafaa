// Runs the built Workers on workerd for as long as the parent lives. Their bindings come from wrangler.toml and
// wrangler.desk.toml, their place on disk and their settings from the parent:
// `fork(this file, [JSON.stringify({ directory, settings })])`. With `scripts` it runs the first of these files, which may
// import the others, in the front's place and alone; without `consumers` what is put into the queue stays there.
//
// It sends `{ ready: { url, directUrl } }` once and `{ line }` for each line of the log, and answers
// `{ id, call, argument }`, where `call` is one of `calls` below, with `{ id, result }` or `{ id, error }`.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig, unstable_splitSqlQuery } from 'wrangler';

const root = path.resolve(import.meta.dirname, '../../..');
const { directory, settings, scripts, consumers } = JSON.parse(process.argv[2]);

const frontConfig = unstable_readConfig({ config: path.join(root, 'wrangler.toml') });
const deskConfig = unstable_readConfig({ config: path.join(root, 'wrangler.desk.toml') });

function worker(config, options) {
  const build = path.dirname(config.main);
  return {
    ...unstable_getMiniflareWorkerOptions(config).workerOptions,
    name: config.name,
    // Exactly these: wrangler would add the developer's .dev.vars.
    bindings: { ...config.vars, ...settings },
    modulesRoot: build,
    modules: [
      { type: 'ESModule', path: config.main },
      { type: 'CompiledWasm', path: path.join(build, 'index_bg.wasm') },
    ],
    ...options,
  };
}

const instead = scripts && {
  modulesRoot: path.dirname(scripts[0]),
  modules: scripts.map((script) => ({ type: 'ESModule', path: script })),
  serviceBindings: {},
};
const front = worker(frontConfig, {
  // workerd's own socket, for load: the other one goes through a proxy.
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  ...(!consumers && { queueConsumers: {} }),
  ...instead,
});

const runtime = new Miniflare(
  convertV4MiniflareOptions({
    workers: instead ? [front] : [front, worker(deskConfig)],
    host: '127.0.0.1',
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    resourcePersistencePath: directory,
    log: new Log(LogLevel.WARN),
    handleStructuredLogs: ({ message }) => process.send({ line: message }),
  }),
);

const calls = {
  async sql({ query, parameters, shard }) {
    const database = await runtime.getD1Database(shard === 1 ? 'DB' : `DB_${shard}`);
    return (await database.prepare(query).bind(...parameters).all()).results;
  },
  async script({ file, shard }) {
    const database = await runtime.getD1Database(shard === 1 ? 'DB' : `DB_${shard}`);
    const statements = unstable_splitSqlQuery(await readFile(file, 'utf8'));
    await database.batch(statements.map((statement) => database.prepare(statement)));
  },
  async tick() {
    const worker = await runtime.getWorker();
    const { outcome } = await worker.scheduled({ cron: frontConfig.triggers.crons[0] });
    if (outcome !== 'ok') throw new Error(`the scheduled event ended with ${outcome}`);
  },
};

process.on('message', async ({ id, call, argument }) => {
  try {
    process.send({ id, result: (await calls[call](argument)) ?? null });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.on('disconnect', async () => {
  await runtime.dispose();
  process.exit();
});

const url = (await runtime.ready).origin;
const directUrl = (await runtime.unsafeGetDirectURL()).origin;
process.send({ ready: { url, directUrl } });
