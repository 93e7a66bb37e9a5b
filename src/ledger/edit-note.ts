/**
 * Who edited policy.yaml by a command, and how, for the commit that a pass makes of that edit. In: `deny 192.0.2.0/24,
 * by anna`, and the text that is written. Out: the same, for as long as that text stands there and was not committed.
 * It is kept where git does not look, and an edit by hand makes it void.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cut, printable } from '../domain/printable.ts';
import { gitFolderOf } from './git/git-folder.ts';
import type { LedgerWorld } from './ledger-world.ts';
import { policyPath } from './policy-paths.ts';

type Needs = Pick<LedgerWorld, 'files'> & { readonly config: Pick<LedgerWorld['config'], 'state'> };

/** To be called before the text is written: whoever reads that finds this. Before the first commit there is no need. */
export async function noteEdit(
  world: Needs,
  { did, text }: { readonly did: string; readonly text: string },
): Promise<void> {
  const { files, config } = world;
  if (files.stamp(join(config.state, '.git')) === undefined) return;
  // What changes nothing is not committed, and would be told of another's edit later.
  if ((await files.read(policyPath(world)).catch(() => undefined)) === text) return;
  const folder = await folderOf(world);
  const earlier = await findEdit(world);
  await files.makeFolder(folder);
  const all = earlier === undefined ? did : `${earlier}; ${did}`;
  await files.write(join(folder, FILE), `${hashOf(text)} ${cut(all, MOST_LETTERS)}\n`);
}

/** What was noted of the text that policy.yaml has now, and is told by no commit; undefined for an edit by hand. */
export async function findEdit(world: Needs): Promise<string | undefined> {
  const path = join(await folderOf(world), FILE);
  const noted = await world.files.readAtMost(path, MOST_BYTES).catch(() => undefined);
  const [, hash, did = ''] = /^([0-9a-f]{64}) (.+)\n$/.exec(noted ?? '') ?? [];
  if (hash === undefined) return undefined;
  const text = await world.files.read(policyPath(world)).catch(() => undefined);
  return text !== undefined && hashOf(text) === hash ? cut(printable(did), MOST_LETTERS) : undefined;
}

/** To be called when it was told: the same text may be there again some day, by another hand. */
export async function forgetEdit(world: Needs): Promise<void> {
  await world.files.remove(join(await folderOf(world), FILE)).catch(() => undefined);
}

const FILE = 'edit';
const MOST_LETTERS = 200;
const MOST_BYTES = 2_000;

async function folderOf({ files, config }: Needs): Promise<string> {
  return join(await gitFolderOf(config.state, files), 'banspool');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** As a line of the commit's message, from which `history` has it. */
export function editLines(did: string | undefined): readonly string[] {
  return did === undefined ? [] : [`${LINE}${did}`];
}

/** What such a line of a message says. */
export function editIn(body: readonly string[]): string | undefined {
  return body.find((line) => line.startsWith(LINE))?.slice(LINE.length);
}

const LINE = 'edited: ';
