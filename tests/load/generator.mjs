// Load: a fixed number of connections, on each of which one customer after another sends requests, the next when the one
// before is answered.

import { Agent, request as send } from 'node:http';
import { descendantsMilliseconds } from './cpu.mjs';

/**
 * Runs the load and says how it went. It ends early when there are no more customers.
 *
 * @param {{ url: string, customers: { path: string, method: string, headers: object, body: string }[][],
 *   connections: number, seconds: number, warmUpSeconds?: number }} options Requests of the warm-up are not counted.
 * @returns {Promise<{ perSecond: number, p50: number, p99: number, cpu: number, count: number, failed: number,
 *   firstFailure?: string }>} Latencies in milliseconds; `cpu` is the processor time of what we have started, in
 *   milliseconds per request.
 */
export async function load({ url, customers, connections, seconds, warmUpSeconds = 2 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const start = performance.now() + warmUpSeconds * 1000;
  const end = start + seconds * 1000;
  const waiting = customers.values();
  const latencies = [];
  let cpuBefore = NaN;
  setTimeout(() => (cpuBefore = descendantsMilliseconds()), warmUpSeconds * 1000);
  let failed = 0;
  let firstFailure;

  async function connection() {
    for (const requests of waiting) {
      for (const request of requests) {
        const sent = performance.now();
        if (sent > end) return;
        const { status, text } = await exchange(agent, url, request);
        const received = performance.now();
        if (received < start || received > end) continue;
        latencies.push(received - sent);
        if (status === 200) continue;
        failed += 1;
        firstFailure ??= `${request.path} gave ${status}: ${text.slice(0, 200)}`;
      }
    }
  }

  await Promise.all(Array.from({ length: connections }, connection));
  const cpu = (descendantsMilliseconds() - cpuBefore) / latencies.length;
  agent.destroy();
  const measuredSeconds = (Math.min(performance.now(), end) - start) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(share * (latencies.length - 1))] ?? NaN;
  const count = latencies.length;
  return { perSecond: count / measuredSeconds, p50: at(0.5), p99: at(0.99), cpu, count, failed, firstFailure };
}

function exchange(agent, url, { path, method, headers, body }) {
  return new Promise((resolve) => {
    const options = { agent, method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } };
    const request = send(url + path, options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      response.on('error', (error) => resolve({ status: 0, text: error.message }));
    });
    request.on('error', (error) => resolve({ status: 0, text: error.message }));
    request.end(body);
  });
}
