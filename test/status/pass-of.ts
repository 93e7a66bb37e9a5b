/** The record of a pass that found nothing to do, but for what a test says. */
import type { Pass } from '../../src/pass/pass.ts';
import { millis } from '../claims/said.ts';

export function passOf(changes: Partial<Pass> = {}): Pass {
  return {
    ...{ kind: 'full', startedAt: millis(0), enforcedAt: millis(1), finishedAt: millis(2) },
    ...{ banArrivals: [], intents: 0, refused: [], warnings: [], claimChanges: [], changes: [], drift: [] },
    ...{ repairs: [], policyLines: [], problems: [], isBlocked: false, bans: 0, claims: 0, ignored: 0 },
    ...{ sets: [], lists: [], servers: [], unconfirmed: [], left: new Set(), more: false, nextDue: Infinity },
    ...changes,
  };
}
