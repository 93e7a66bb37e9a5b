/**
 * Puts a network into `allow` or `deny` in the text of policy.yaml, or takes it out; every other byte stays as people
 * wrote it. In: the text of a policy that can be read. Out: the new text, or undefined where the policy stands in a
 * form that cannot be edited so: what is handed back is always read again and means what was asked for. Pure.
 */
import type { Net } from '../domain/net.ts';
import { inlineText, putItem, setKey, takeItem, takeKey } from '../yaml/edit-text.ts';
import { isoTime } from '../yaml/time.ts';
import { readPolicy, type Policy, type PolicyNet } from './policy.ts';

export type NetList = 'allow' | 'deny';

/** As a line of policy.yaml has it. */
type NetEntry = Omit<PolicyNet, 'line'>;

/** With the entry: in place of one of that net, or as one more. */
export function putNet(text: string, list: NetList, entry: NetEntry): string | undefined {
  const before = entriesOf(text, list);
  const [known, ...others] = before.flatMap(({ net }, index) => (net.text === entry.net.text ? [index] : []));
  const alone = takeAll(text, list, others);
  const edited =
    known === undefined
      ? putItem(text, { key: list, kind: 'list', item: inlineEntry(entry) })
      : setFields(alone, [list, known], fieldsOf(entry));
  const kept = before.filter((_, index) => !others.includes(index));
  const wanted =
    known === undefined ? [...before, entry] : [...kept.slice(0, known), entry, ...kept.slice(known + 1)];
  return isMeant(edited, { text, list, wanted }) ? edited : undefined;
}

/** Without every entry of exactly that net. */
export function takeNet(text: string, list: NetList, net: Net): string | undefined {
  const before = entriesOf(text, list);
  const indexes = before.flatMap((each, index) => (each.net.text === net.text ? [index] : []));
  const wanted = before.filter(({ net: each }) => each.text !== net.text);
  const edited = takeAll(text, list, indexes);
  return isMeant(edited, { text, list, wanted }) ? edited : undefined;
}

/** The end that an entry can have: a whole second, and not before the time. */
export function endOfEntry(time: number): number {
  return Math.ceil(time / 1000) * 1000;
}

/** `{ net: 192.0.2.0/24, note: office }`. */
export function inlineEntry(entry: NetEntry): string {
  return inlineText(fieldsOf(entry));
}

function fieldsOf({ net, note, until }: NetEntry): Readonly<Record<string, string>> {
  return {
    net: net.text,
    ...(note !== undefined && { note }),
    ...(until !== Infinity && { until: secondsText(until) }),
  };
}

function secondsText(time: number): string {
  return isoTime(time).replace('.000Z', 'Z');
}

function takeAll(text: string, list: NetList, indexes: readonly number[]): string | undefined {
  return [...indexes]
    .reverse()
    .reduce<string | undefined>(
      (left, index) => (left === undefined ? undefined : takeItem(left, [list], index)),
      text,
    );
}

/** Key by key, so that comments inside an entry stay too. */
function setFields(
  text: string | undefined,
  path: readonly (string | number)[],
  fields: Readonly<Record<string, string>>,
): string | undefined {
  return ['note', 'until'].reduce<string | undefined>((edited, key) => {
    const value = fields[key];
    if (edited === undefined) return undefined;
    return value === undefined
      ? takeKey(edited, [...path, key])
      : setKey(edited, [...path, key], inlineText(value));
  }, text);
}

interface Meant {
  /** As it was. */
  readonly text: string;
  readonly list: NetList;
  /** What the list is to be; all else of the policy is to be as it was. */
  readonly wanted: readonly NetEntry[];
}

function isMeant(edited: string | undefined, { text, list, wanted }: Meant): boolean {
  const [before, after] = [readPolicy(text), readPolicy(edited ?? '')];
  if (before.kind === 'mistakes' || after.kind === 'mistakes' || edited === undefined) return false;
  const rest = ({ policy }: typeof after): string => meaningOf({ ...policy, [list]: [] });
  return rest(before) === rest(after) && isSameSet(entriesOf(edited, list), wanted);
}

function entriesOf(text: string, list: NetList): readonly NetEntry[] {
  const read = readPolicy(text);
  return read.kind === 'policy'
    ? read.policy[list].map(({ net, note, until }) => ({ net, note, until }))
    : [];
}

/** All but the lines, which move and mean nothing. */
function meaningOf(policy: Policy): string {
  return JSON.stringify(policy, (key, value: unknown) => {
    if (key === 'line') return undefined;
    if (value instanceof Map) return Array.from(value);
    return typeof value === 'bigint' || value === Infinity ? String(value) : value;
  });
}

/** In brackets a new one stands first. */
function isSameSet(found: readonly NetEntry[], wanted: readonly NetEntry[]): boolean {
  const sorted = (entries: readonly NetEntry[]): string =>
    entries
      .map(({ net, note, until }) => JSON.stringify([net.text, note, String(until)]))
      .sort()
      .join();
  return sorted(found) === sorted(wanted);
}
