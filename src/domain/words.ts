/** Times and amounts in the words that all output shares. */
import ms from 'ms';
import { hasPorts, parseProtocols } from './protocol.ts';

/** `2026-11-22 14:05:09 UTC`. */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** An end: a time, or `until unbanned`. */
export function untilText(until: number): string {
  return until === Infinity ? 'until unbanned' : `until ${timeText(until)}`;
}

/** `3 minutes ago`; `now` for less than a second. */
export function agoText(time: number, now: number): string {
  return now - time < 1_000 ? 'now' : `${ms(now - time, { long: true })} ago`;
}

/** `2,000`. Not by toLocaleString, whose tables stay in memory for good: 6 MB of an idle controller's 66 (Node 20). */
export function numberText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 ban`, `2,000 bans`; `many` where that is not `one` with an s. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

/** `22,2222/tcp`, `all tcp ports`, `all ports`; a protocol without ports is `all icmp`. Both texts are canonical. */
export function portsText(protocols: string, ports: string): string {
  const names: readonly string[] = parseProtocols(protocols) ?? protocols.split(',');
  if (names.includes('all')) return 'all ports';
  const withPorts = names.filter(hasPorts).join(',');
  const others = names.filter((name) => !hasPorts(name)).map((name) => `all ${name}`);
  if (withPorts === '') return others.join(', ');
  return [ports === 'all' ? `all ${withPorts} ports` : `${ports}/${withPorts}`, ...others].join(', ');
}
