/** Keeps a server whose clock is wrong from speaking out of the future. */
import type { Intent } from './intent.ts';

/** SPEC.md, section 4: a time further ahead than this is taken as now. */
export const MAX_AHEAD_MS = 5 * 60_000;

interface Clamped {
  readonly intent: Intent;
  /** How far ahead the time was, in seconds; undefined when it was fine. */
  readonly aheadSeconds: number | undefined;
}

/** The intent with times that are at most five minutes ahead; a ban keeps its length. */
export function clampTime(intent: Intent, now: number): Clamped {
  const ahead = intent.time - now;
  const clampedBans = intent.intent === 'snapshot' ? intent.bans.map((ban) => clampBan(ban, now)) : [];
  if (ahead <= MAX_AHEAD_MS) {
    return {
      intent: intent.intent === 'snapshot' ? { ...intent, bans: clampedBans } : intent,
      aheadSeconds: undefined,
    };
  }
  const aheadSeconds = Math.round(ahead / 1000);
  switch (intent.intent) {
    case 'ban':
    case 'prolong':
      return {
        intent: {
          ...clampBan(intent, now),
          ...(intent.ifConfirmed !== undefined && { ifConfirmed: now + (intent.ifConfirmed - intent.time) }),
        },
        aheadSeconds,
      };
    case 'snapshot':
      return { intent: { ...intent, time: now, bans: clampedBans }, aheadSeconds };
    case 'unban':
    case 'start':
    case 'reload':
    case 'stop':
    case 'flush':
      return { intent: { ...intent, time: now }, aheadSeconds };
  }
}

function clampBan<T extends { readonly time: number; readonly until: number }>(ban: T, now: number): T {
  if (ban.time - now <= MAX_AHEAD_MS) return ban;
  return { ...ban, time: now, until: now + (ban.until - ban.time) };
}
