// Processes that are ended together with whatever they started.

const running = new Set();

/** Ends the process and its descendants with SIGKILL, and returns when it is gone. It leads its own group. */
export async function killGroup(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  signal(child);
  await gone;
}

/** Sees to it that the process does not outlive us. It must have been started with `detached: true`. */
export function track(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

function signal(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

process.on('exit', () => running.forEach(signal));
