// Load: a fixed number of connections, each with one request under way, for a fixed time.

import { Agent, request as send } from 'node:http';

/**
 * Runs the load and says how it went.
 *
 * @param {{ url: string, next: () => { path: string, method?: string, headers?: object, body?: string },
 *   connections: number, seconds: number, warmUpSeconds?: number }} options Requests of the warm-up are not counted.
 * @returns {Promise<{ perSecond: number, p50: number, p99: number, count: number, failed: number, firstFailure?: string }>}
 *   Latencies in milliseconds.
 */
export async function load({ url, next, connections, seconds, warmUpSeconds = 2 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const start = performance.now() + warmUpSeconds * 1000;
  const end = start + seconds * 1000;
  const latencies = [];
  let failed = 0;
  let firstFailure;

  async function connection() {
    while (performance.now() < end) {
      const request = next();
      const sent = performance.now();
      const { status, text } = await exchange(agent, url, request);
      const received = performance.now();
      if (received < start || received > end) continue;
      latencies.push(received - sent);
      if (status === 200) continue;
      failed += 1;
      firstFailure ??= `${request.path} gave ${status}: ${text.slice(0, 200)}`;
    }
  }

  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(share * (latencies.length - 1))] ?? NaN;
  return { perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), count: latencies.length, failed, firstFailure };
}

function exchange(agent, url, { path, method = 'GET', headers = {}, body }) {
  return new Promise((resolve) => {
    const lengths = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const request = send(url + path, { agent, method, headers: { ...headers, ...lengths } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      response.on('error', (error) => resolve({ status: 0, text: error.message }));
    });
    request.on('error', (error) => resolve({ status: 0, text: error.message }));
    request.end(body);
  });
}
