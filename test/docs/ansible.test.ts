/** The page about Ansible has the variables of the role. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { ROOT, textOf } from './pages.ts';

const test = suite('the role for Ansible');

test('has each of its variables in the tables of the page, and no other', () => {
  const text = readFileSync(join(ROOT, 'docs/ansible/roles/banspool/defaults/main.yml'), 'utf8');
  const shown = textOf('docs/ansible.md').matchAll(/^\| `(banspool_\w+)` +\|/gm);

  assert.equal(Array.from(shown, ([, name]) => name).sort(), Object.keys(parse(text) as object).sort());
});

test.run();
