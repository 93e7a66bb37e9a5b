/**
 * Whether the policies and configs of a test use all that they may: what is promised holds with all of it on. The rules
 * are out of reach of tests, and the lists are of nobody that a test is about, so that what a test says of bans stays
 * true.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Set by the runner for the second run of a file. */
const NAME = 'BANSPOOL_TEST_POLICY';

/** The environment of a test file whose policies use everything. */
export const WITH_EVERYTHING: Readonly<Record<string, string>> = { [NAME]: 'everything' };

const PARTS: Readonly<Record<string, string>> = {
  escalate: `
  - { name: seen-by-many, servers: 9, within: 1h, ban: 1d }
  - { name: repeated, bans: 40, within: 7d, ban: 7d, jails: [sshd, recidive] }
  - { name: whole-net, addresses: 900, within: 1d, ban: 1d, ports: 22, protocol: tcp }
`,
  lists: `
  - { name: others, file: others.txt, stale: never, note: of nobody }
`,
  exports: `
  - { file: bans.txt, format: plain, aggregate: true }
  - { file: bans.json, format: json, jails: [sshd] }
`,
};

const LISTED = ['198.18.0.0/15', '2001:2::/48'];

const TEMPLATE = join(import.meta.dirname, '../../../state/policy.yaml');

/** True in a run with all of it. */
export function isEverythingOn(): boolean {
  return process.env[NAME] === 'everything';
}

/** What a config is to have beside these keys: which of them it fits, it may have. */
export function configOfEverything(
  config: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const fits = config['verdict'] !== 'REJECT' && config['backend'] !== 'rules';
  return isEverythingOn() && fits ? { early: 'true' } : {};
}

/** The text of a policy with what it leaves out, where it is a mapping in lines. */
export function withEverything(text: string): string {
  if (!isEverythingOn() || !/^(?:#|[a-z]+:|$)/.test(text)) return text;
  const missing = Object.entries(PARTS).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(text));
  return `${text.replace(/(?<=[^\n])$/, '\n')}${missing.map(([key, lines]) => `${key}:${lines}`).join('')}`;
}

/** Has the folder's lists, and has states begin with such a policy: in this mount namespace alone. */
export function openEverything(folder: string): void {
  if (!isEverythingOn()) return;
  mkdirSync(join(folder, 'lists'));
  writeFileSync(join(folder, 'lists/others.txt'), LISTED.map((net) => `${net}\n`).join(''));
  const text = readFileSync(TEMPLATE, 'utf8');
  if (withEverything(text) === text) return;
  const template = join(folder, 'template.yaml');
  writeFileSync(template, withEverything(text));
  execFileSync('mount', ['--bind', template, TEMPLATE]);
}

/** Lines of a listing without those of what is listed. */
export function withoutLists(lines: readonly string[]): readonly string[] {
  return isEverythingOn() ? lines.filter((line) => !line.includes('fail2ban-.list.')) : lines;
}
