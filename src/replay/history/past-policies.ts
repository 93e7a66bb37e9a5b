/**
 * Which policy was in force at which time, from git: policy.yaml as it was committed, or one that was tried, for as
 * long as it was. A damaged one was not in force: the one before it stayed.
 */
import { EMPTY_POLICY, readPolicy, type Policy } from '../../policy/policy.ts';
import { POLICY_PATHS } from '../../policy/policy-history.ts';
import { readTrial } from '../../policy/trial.ts';
import type { ReadGit } from '../../ledger/git/commit-log.ts';
import { readBlobs, type Named } from './blobs.ts';
import type { CommitLine } from './commit-line.ts';
import type { InForce } from '../epochs.ts';

/** Edits that are looked at: each costs a few milliseconds. */
const MOST_EDITS = 2_000;

interface PastPolicies {
  /** The first begins where the history does. */
  readonly policies: readonly InForce[];
  /** Versions that could not be read, or were too many. */
  readonly passedOver: number;
}

/** Those of a time. */
export async function readPastPolicies(read: ReadGit, { base, commits }: CommitLine): Promise<PastPolicies> {
  if (base === undefined) return { policies: [], passedOver: 0 };
  const edits = await editsIn(read, base.commit);
  const wanted = [base, ...commits.filter(({ commit }) => edits.has(commit))];
  const kept = [base, ...wanted.slice(1).slice(-MOST_EDITS)];
  const names = kept.flatMap(({ commit }) => POLICY_PATHS.map((path) => `${commit}:${path}`));
  const texts = await textsOf(read, names);
  const reader = new PolicyReader();
  const policies: InForce[] = [];
  for (const { commit, time } of kept) {
    const [policy, trial] = POLICY_PATHS.map((path) => texts.get(`${commit}:${path}`));
    const own = reader.read(policy);
    const tried = trial === undefined ? undefined : readTrial(trial);
    const triedPolicy = tried === undefined || tried.until <= time ? undefined : reader.parse(tried.text);
    if (tried !== undefined && triedPolicy !== undefined) {
      policies.push({ from: time, policy: triedPolicy });
      policies.push({ from: tried.until, policy: own });
    } else policies.push({ from: time, policy: own });
  }
  return { policies: withoutOvertaken(policies), passedOver: reader.damaged + wanted.length - kept.length };
}

/** Whoever ends a trial early makes a commit ahead of the time at which it would have gone back. */
function withoutOvertaken(policies: readonly InForce[]): readonly InForce[] {
  return policies.filter(({ from }, index) => policies.slice(index + 1).every((later) => later.from >= from));
}

async function editsIn(read: ReadGit, base: string): Promise<ReadonlySet<string>> {
  const log = await read(['log', '--first-parent', '--format=%H', `${base}..HEAD`, '--', ...POLICY_PATHS]);
  return new Set(log.split('\n'));
}

/** What each name, such as `COMMIT:policy.yaml`, stands for; those that are there. */
async function textsOf(read: ReadGit, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const checked = await read(['cat-file', '--batch-check'], names.map((name) => `${name}\n`).join(''));
  const objects = new Map<string, Named>();
  const files: Named[] = [];
  for (const [index, line] of checked.split('\n').entries()) {
    const [, object, bytes] = /^([0-9a-f]+) blob (\d+)$/.exec(line) ?? [];
    if (object === undefined) continue;
    const file = { path: names[index] ?? '', object, bytes: Number(bytes) };
    files.push(file);
    objects.set(object, file);
  }
  const texts = new Map<string, string>();
  for await (const [{ object }, text] of readBlobs(read, Array.from(objects.values())))
    if (text !== undefined) texts.set(object, text);
  return new Map(
    files.flatMap(({ path, object }) => {
      const text = texts.get(object);
      return text === undefined ? [] : [[path, text] as const];
    }),
  );
}

/** Remembers the last good one, and what it read: many commits hold the same. */
class PolicyReader {
  damaged = 0;
  readonly #known = new Map<string, Policy | undefined>();
  #last = EMPTY_POLICY;

  /** The one that is in force with this text; without a file, one that says nothing. */
  read(text: string | undefined): Policy {
    this.#last = text === undefined ? EMPTY_POLICY : (this.parse(text) ?? this.#last);
    return this.#last;
  }

  /** Undefined for a damaged one. */
  parse(text: string): Policy | undefined {
    if (this.#known.has(text)) return this.#known.get(text);
    const read = readPolicy(text);
    const policy = read.kind === 'policy' ? read.policy : undefined;
    if (policy === undefined) this.damaged += 1;
    this.#known.set(text, policy);
    return policy;
  }
}
