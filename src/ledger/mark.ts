/**
 * What tells a state that vanished from one that never was: without it the first pass after a folder was moved, or not
 * mounted, would be a first start, in which every ban of ours is somebody else's and nobody is allowed. The mark stands
 * outside of the folder, in two places: beside it, and in the runtime folder, which is there as long as the rules are.
 */
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { Family } from '../net/net.ts';
import type { LedgerWorld } from './ledger-world.ts';

export interface Mark {
  /** The folder of the state that it speaks of: another one, where the config named another before. */
  readonly state: string;
  /** The newest commit of ours that is known here; undefined while the state is only about to begin. */
  readonly commit: string | undefined;
  /** Families that could not be read at the first start: their bans are still to be adopted. */
  readonly pending: readonly Family[];
}

type Place = Pick<LedgerWorld, 'config' | 'files'>;

/** Undefined before the first start, and after somebody said that there was none. */
export async function readMark(place: Place): Promise<Mark | undefined> {
  const found: Mark[] = [];
  for (const path of markPaths(place)) {
    const text = await place.files.read(path).catch(() => undefined);
    const mark = text === undefined ? undefined : parseMark(text);
    if (mark !== undefined) found.push(mark);
  }
  // The one in the runtime folder comes first and is newer: it is written with each commit.
  return found.find(({ state }) => state === place.config.state) ?? found[0];
}

/** Where the mark is. */
export function markPaths({ config }: Pick<LedgerWorld, 'config'>): readonly string[] {
  return [...new Set([join(config.runtime, 'state.begun'), `${config.state}.begun`])];
}

/** Writes both, or only the one that is for the moment; what cannot be written is told of elsewhere. */
export async function writeMark(
  { config, files }: Place,
  { commit, pending }: Pick<Mark, 'commit' | 'pending'>,
  { everywhere } = { everywhere: true },
): Promise<void> {
  const mark = {
    state: config.state,
    ...(commit !== undefined && { commit }),
    ...(pending.length > 0 && { pending }),
  };
  const text = `${JSON.stringify(mark)}\n`;
  const [first, ...others] = markPaths({ config });
  for (const path of everywhere ? [first, ...others] : [first]) {
    if (path === undefined || (await files.read(path).catch(() => undefined)) === text) continue;
    const written = files.makeFolder(dirname(path)).then(() => files.write(path, text));
    await written.catch(() => undefined);
  }
}

/** Forgets that there was a state; throws where the mark cannot be removed. */
export async function removeMark(place: Place): Promise<void> {
  for (const path of markPaths(place)) await place.files.remove(path);
}

const Schema = v.object({
  state: v.string(),
  commit: v.optional(v.string()),
  pending: v.optional(v.array(v.picklist(['ipv4', 'ipv6'])), []),
});

function parseMark(text: string): Mark | undefined {
  try {
    const { state, commit, pending } = v.parse(Schema, JSON.parse(text));
    return { state, commit, pending };
  } catch {
    // A power cut may leave it without a byte.
    return undefined;
  }
}
