import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXPORT_FORMATS } from '../../src/policy/export-schema.ts';
import { readPolicy } from '../../src/policy/policy.ts';

const exported = suite('exports in policy.yaml');

function mistakeOf(text: string): string {
  const read = readPolicy(`exports:\n  - ${text}\n`);
  return read.kind === 'mistakes' ? (read.mistakes[0]?.message ?? '') : '';
}

exported('have all jails and families, as they are, where nothing else is said', () => {
  const read = readPolicy('exports: [{ file: bans.txt, format: plain }]');

  assert.equal(read.kind === 'policy' && read.policy.exports, [
    { file: 'bans.txt', format: 'plain', jails: undefined, aggregate: false, families: ['ipv4', 'ipv6'] },
  ]);
});

exported('may be of each form', () => {
  for (const format of EXPORT_FORMATS) assert.is(mistakeOf(`{ file: bans, format: ${format} }`), '', format);
  assert.match(mistakeOf('{ file: bans, format: xml }'), /"xml" is not plain or csv/);
});

exported('go each to a file of its own in their folder', () => {
  const entry = '{ file: bans.txt, format: plain }';

  assert.match(mistakeOf(`${entry}\n  - ${entry}`), /two exports go to bans\.txt/);
  assert.match(mistakeOf('{ file: /etc/bans, format: plain }'), /"\/etc\/bans" is not the name of a file/);
  assert.match(mistakeOf('{ file: a, format: plain, families: [] }'), /is not a list of ipv4, ipv6 or both/);
});

exported.run();
