import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBannedParser } from '../../../src/lists/formats/fail2ban-banned.ts';
import { Tokenizer } from '../../../src/lists/formats/tokenizer.ts';
import { exampleList, readList } from '../examples.ts';
import { ipv4Text, jailName } from '../../support/arbitraries.ts';

const banned = suite('what fail2ban-client banned prints');

/** Each part as it is quoted, and whether it is understood; undefined where the text is none. */
function partsOf(text: string): readonly (readonly [text: string, isUnderstood: boolean])[] | undefined {
  const parts: [string, boolean][] = [];
  const parser = openBannedParser((meaning, part) => parts.push([part, typeof meaning === 'object']));
  const tokenizer = new Tokenizer(parser.take);
  tokenizer.write(text);
  return tokenizer.end() && parser.isWhole() ? parts : undefined;
}

banned('names the addresses of each jail', () => {
  assert.equal(readList(exampleList('banned.txt')).told, [
    ['203.0.113.7', { jail: 'sshd' }],
    ['2001:db8::7', { jail: 'sshd' }],
    ['198.51.100.0/24', { jail: 'sshd' }],
    ['203.0.113.7', { jail: 'recidive' }],
  ]);
});

banned('is read whatever jails and addresses there are, in a line as long as it is', () => {
  const jails = fc.array(fc.tuple(jailName, fc.array(ipv4Text, { maxLength: 5 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(jails, (all) => {
      const dicts = all.map(([jail, ips]) => `{'${jail}': [${ips.map((ip) => `'${ip}'`).join(', ')}]}`);

      const seen = partsOf(`[${dicts.join(', ')}]\n`);

      assert.equal(
        seen,
        all.flatMap(([, ips]) => ips.map((ip) => [ip, true])),
      );
    }),
  );
  const long = Array.from({ length: 2_000 }, (_, at) => `'203.0.${at >> 8}.${at & 0xff}'`).join(', ');
  assert.is(readList(`[{'sshd': [${long}]}]\n`).entries, 2_000);
});

banned('has names that are no address, which are not understood', () => {
  assert.equal(partsOf("[{'sshd': ['example.org', '203.0.113.7']}]"), [
    ['example.org', false],
    ['203.0.113.7', true],
  ]);
  assert.equal(partsOf('[]'), []);
});

for (const text of [
  ...["[{'sshd': ['203.0.113.7']}", "{'sshd': ['203.0.113.7']}", "['203.0.113.7']", "[['203.0.113.7']]"],
  ...[
    "[{'sshd': {'203.0.113.7'}}]",
    "[{'sshd': ['203.0.113.7']}]]",
    "[{'sshd': [203.0.113.7]}]",
    "[{'a",
    ']',
  ],
])
  banned(`is not ${text}`, () => {
    assert.is(partsOf(text), undefined);
  });

banned.run();
