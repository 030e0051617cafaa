// How long the processors have worked for what this process has started. Unlike the rate, it hardly depends on what else
// the machine does meanwhile.

import { readFileSync, readdirSync } from 'node:fs';

const millisecondsPerTick = 10; // USER_HZ, which Linux fixes for /proc at 100 per second.

/** Milliseconds of processor time of the descendants of this process; NaN where there is no Linux `/proc`. */
export function descendantsMilliseconds() {
  const children = new Map();
  let pids;
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return NaN;
  }
  for (const pid of pids) {
    const stat = statOf(pid);
    if (!stat) continue;
    // The fields behind the name, which may itself contain anything: proc(5) counts the state as the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], Number(fields[11]), Number(fields[12])];
    children.set(parent, [...(children.get(parent) ?? []), { pid, ticks: user + system }]);
  }
  const ticksBelow = (pid) =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + child.ticks + ticksBelow(child.pid), 0);
  return ticksBelow(String(process.pid)) * millisecondsPerTick;
}

function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // It has just ended.
  }
}
