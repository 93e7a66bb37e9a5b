/** What is named to git where files of the state are gone. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pathsToRestore } from '../../../src/ledger/git/restore-words.ts';

const test = suite('what is missing');

const KNOWN = [
  'claims/ipv4/001.yaml',
  'claims/ipv4/002.yaml',
  'claims/ipv6/20.yaml',
  'policy.yaml',
  'servers/web1.yaml',
];

const CASES: Readonly<Record<string, readonly [missing: readonly string[], paths: readonly string[]]>> = {
  'is a folder where all of it is gone': [KNOWN.slice(0, 2), ['claims/ipv4']],
  'is the outermost folder that is gone': [KNOWN.slice(0, 3), ['claims']],
  'is by name where something of its folder is there': [
    [KNOWN[0], KNOWN[2]].map(String),
    [KNOWN[0], KNOWN[2]].map(String),
  ],
  'is by name where it was the only one of its folder': [KNOWN.slice(3), KNOWN.slice(3)],
  'is not named where the commit has no such file': [
    ['claims/ipv4/003.yaml', 'policy.yaml'],
    ['policy.yaml'],
  ],
};

for (const [title, [missing, paths]] of Object.entries(CASES))
  test(title, () => {
    assert.equal(pathsToRestore(missing, KNOWN), paths);
  });

test.run();
