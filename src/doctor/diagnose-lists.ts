/**
 * Checks the lists that come from the network: whether the fetcher runs, and what servers answer. In: policy.yaml, and
 * the notes of the fetcher. Out: a finding for each such list; none where there is none.
 */
import type { Finding } from '../domain/finding.ts';
import { agoText, countText } from '../domain/words.ts';
import { ordersPath } from '../fetch/order-writer.ts';
import { readPolicyFile } from '../ledger/policy-files.ts';
import { fetchedFolder, readNote, sourceOf, type FetchedNote } from '../lists/fetched-note.ts';
import type { ListPolicy } from '../policy/list-schema.ts';
import { access } from '../system/files/access.ts';
import type { World } from '../world/world.ts';

const TIMER = 'banspool-fetch.timer';

/** The timer comes every 5 minutes, and waits while the fetcher runs. */
const LATE_MS = 30 * 60_000;

/** Every finding about lists from the network. */
export async function listFindings(world: World): Promise<readonly Finding[]> {
  const read = await readPolicyFile(world);
  // A policy that cannot be read is a finding already.
  const lists = read.kind === 'policy' ? read.policy.lists.filter(({ from }) => from.kind === 'url') : [];
  if (lists.length === 0) return [];
  const orders = ordersPath(world.config);
  if (access(orders, 'open') === 'missing') {
    const what = `the controller has not told the fetcher yet which lists to fetch: ${orders} is missing`;
    return [{ level: 'bad', what, mend: 'systemctl start banspool.service' }];
  }
  const now = world.now();
  const folder = fetchedFolder(world.config);
  const findings: Finding[] = [];
  for (const list of lists) {
    const note = await readNote(world.files, folder, list.name);
    const isOfThis = list.from.kind === 'url' && note?.source === sourceOf(list.from.url);
    findings.push(findingOf(list, isOfThis ? note : undefined, now));
  }
  return findings;
}

function findingOf({ name, stale }: ListPolicy, note: FetchedNote | undefined, now: number): Finding {
  if (note === undefined) {
    const what = `the list ${name} was not fetched yet`;
    return { level: 'bad', what, mend: `systemctl enable --now ${TIMER}; ${howToSee(name)}` };
  }
  const { nextTry, triedAt, confirmedAt, error, failures } = note;
  if (nextTry !== null && now - nextTry > LATE_MS) {
    const last = triedAt === null ? '' : `; the last time was ${agoText(triedAt, now)}`;
    const what = `the fetcher does not run: it should have asked for the list ${name} ${agoText(nextTry, now)}${last}`;
    return { level: 'bad', what, mend: `systemctl enable --now ${TIMER}` };
  }
  if (error !== null) {
    const isOld = confirmedAt === null || now - confirmedAt > stale;
    const kept = confirmedAt === null ? 'it has no content yet' : 'its last content stays';
    const tries = failures > 1 ? ` (${countText(failures, 'try', 'tries')})` : '';
    const what = `the list ${name} cannot be fetched${tries}: ${error.text}; ${kept}`;
    return { level: isOld ? 'bad' : 'warn', what, mend: howToSee(name) };
  }
  const when = confirmedAt === null ? 'never' : agoText(confirmedAt, now);
  return { level: 'good', what: `the list ${name} was last confirmed by its server ${when}` };
}

function howToSee(name: string): string {
  return `banspool fetch --list ${name} --now shows what the server answers`;
}
