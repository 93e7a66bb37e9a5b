/** Short forms of what servers say, for tests of the state. Times are seconds after {@link START}. */
import type { BanIntent, Scope, UnbanIntent } from '../../src/intent/intent.ts';
import { netOf } from '../../src/domain/net.ts';
import { fold, type SentIntent } from '../../src/claims/fold.ts';
import { liveClaims } from '../../src/claims/live.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';

/** Milliseconds since 1970. */
export const START = Date.UTC(2026, 10, 22, 13, 30);

export const IP = '203.0.113.7';

export const HOUR = 3600;
export const DAY = 24 * HOUR;

export interface Where {
  readonly server?: string;
  readonly jail?: string;
  readonly ip?: string;
}

type BanDetails = Where &
  Scope &
  Pick<BanIntent, 'failures' | 'reason'> & { readonly kind?: 'ban' | 'prolong' };

/** A ban of so many seconds; Infinity is until unbanned. */
export function ban(at: number, seconds: number, details: BanDetails = {}): SentIntent {
  const { server = 'web1', jail = 'sshd', ip = IP, kind = 'ban', ...rest } = details;
  const time = millis(at);
  return {
    server,
    intent: { intent: kind, jail, ip: netOf(ip), time, until: time + seconds * 1000, ...rest },
  };
}

export function unban(
  at: number,
  { server = 'web1', jail = 'sshd', ip = IP, ...rest }: Where & Pick<UnbanIntent, 'of' | 'within'> = {},
): SentIntent {
  return { server, intent: { intent: 'unban', jail, ip: netOf(ip), time: millis(at), ...rest } };
}

export function tell(
  intent: 'start' | 'reload' | 'stop' | 'flush',
  at: number,
  { server = 'web1', jail = 'sshd', ...scope }: Where & Scope = {},
): SentIntent {
  return { server, intent: { intent, jail, time: millis(at), ...scope } };
}

/** A snapshot; each ban is an address, its beginning, and its length. */
export function snapshot(
  at: number,
  bans: readonly (readonly [ip: string, since: number, seconds: number])[],
  { server = 'web1', jail = 'sshd', ...scope }: Where & Scope = {},
): SentIntent {
  const listed = bans.map(([ip, since, seconds]) => ({
    ip: netOf(ip),
    time: millis(since),
    until: millis(since) + seconds * 1000,
  }));
  return { server, intent: { intent: 'snapshot', jail, time: millis(at), bans: listed, ...scope } };
}

/** The state after all of this was heard at one moment. */
export function heard(at: number, ...said: readonly SentIntent[]): State {
  return fold(EMPTY_STATE, said, millis(at));
}

/** The state after more was heard. */
export function then(state: State, at: number, ...said: readonly SentIntent[]): State {
  return fold(state, said, millis(at));
}

/** Who bans whom until when: `web1 sshd 203.0.113.7 until 600`. */
export function bansAt(state: State, at: number): readonly string[] {
  return Array.from(
    liveClaims(state, millis(at)),
    ({ server, jail, ip, until }) => `${server} ${jail} ${ip.text} until ${(until - START) / 1000}`,
  ).sort();
}

export function millis(seconds: number): number {
  return START + seconds * 1000;
}

/** What is heard of a publication beside what it says, where a test is about something else. */
export const WHOLE = { key: `SHA256:${'x'.repeat(43)}`, isWhole: true, bantime: Infinity };
