/** What a channel of messages can be told about: its name in the config, and what it is for the manual. */
import type { KeyText } from '../domain/key-text.ts';

export const TOPICS = {
  converged: {
    meaning: 'the firewall is not converged, or the controller is not running; and when that is over',
  },
  condition: {
    meaning:
      'another condition is false that makes `banspool status` exit with 1, such as a peer that is not heard; and when that is over',
  },
  silent: { meaning: 'banspool has taken in nothing from a server for `silent`; and when it is heard again' },
  drift: { meaning: 'another program changed the rules; which program, and what banspool restored' },
  refused: { meaning: 'banspool refused files of a server, for example beyond its limits' },
  policy: { meaning: 'an edit of `policy.yaml` lifted or restored bans' },
  ban: { meaning: 'bans; all bans of `group` in one message' },
  digest: { meaning: 'once a day: what happened, and what is wrong now' },
} as const satisfies Readonly<Record<string, KeyText>>;

export type Topic = keyof typeof TOPICS;

export const ALL_TOPICS: readonly Topic[] = Object.keys(TOPICS).filter(
  (name): name is Topic => name in TOPICS,
);

/** What is told where the config names nothing: a message for each ban would drown all others. */
export const USUAL_TOPICS: readonly Topic[] = ALL_TOPICS.filter((topic) => topic !== 'ban');
