// Builds the Spin component and the test host, and starts the host.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const component = join(target, 'wasm32-wasip2/release/lanekeeper_spin.wasm');
const host = join(target, 'host/spin-host');

/** Builds what is not built yet. */
export function build() {
  cargo('build', '-p', 'lanekeeper-spin', '--target', 'wasm32-wasip2', '--release');
  cargo('build', '-p', 'lanekeeper-spin-host', '--profile', 'host');
}

function cargo(...words) {
  const { status } = spawnSync('cargo', words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`cargo ${words.join(' ')} failed`);
}

/**
 * Starts the host on a free port.
 * `variables` are the settings by lower-case name; `options` are further words of its command line.
 * `end(signal)` ends it and gives its exit code, which is null when the signal killed it.
 */
export async function start({ sqlite, variables = {}, options = [] }) {
  const settings = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
  const words = ['--component', component, '--sqlite', sqlite, '--listen', '127.0.0.1:0', ...settings, ...options];
  const child = spawn(host, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => line),
    exited.then(([code]) => { throw new Error(`the host ended with ${code} before it was ready`); }),
  ]);
  return {
    url: line.replace('listening on ', ''),
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
