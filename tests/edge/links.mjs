// Links as the deployment signs them, made anew from the description in shared/links/src/lib.rs.

import { createHmac } from 'node:crypto';

const hmac = (key, ...parts) => {
  const mac = createHmac('sha256', key);
  parts.forEach((part) => mac.update(part));
  return mac.digest();
};

/** The path of a link: `segment` is `a` or `o`, `until` the last day on which it opens. */
export function linkTo(sealingKey, segment, store, id, until) {
  const key = hmac(Buffer.from(sealingKey, 'base64'), 'lanekeeper links\x01');
  const head = Buffer.alloc(3);
  head[0] = hmac(key, 'name')[0];
  head.writeUInt16BE(Math.floor(until.getTime() / 86_400_000), 1);
  const signature = hmac(key, segment, store, '\0', head, bytesOf(id)).subarray(0, 11);
  return `/${segment}/${Buffer.concat([head, signature, bytesOf(id)]).toString('base64url')}.${store}`;
}

/** A ULID is packed into 16 bytes; any other id is text. */
function bytesOf(id) {
  if (!/^0[0-9a-hjkmnp-tv-z]{25}$/.test(id)) return Buffer.from(id);
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  const number = [...id].reduce((sum, digit) => sum * 32n + BigInt(digits.indexOf(digit)), 0n);
  return Buffer.from(number.toString(16).padStart(32, '0'), 'hex');
}
