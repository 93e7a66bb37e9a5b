import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFail2banBanned } from '../../../src/lists/formats/fail2ban-banned.ts';
import { exampleList, readList } from '../examples.ts';
import { ipv4Text, jailName } from '../../support/arbitraries.ts';

const banned = suite('what fail2ban-client banned prints');

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

      const seen = parseFail2banBanned(`[${dicts.join(', ')}]\n`);

      assert.equal(
        seen?.map(({ text }) => text),
        all.flatMap(([, ips]) => ips),
      );
    }),
  );
  const long = Array.from({ length: 2_000 }, (_, at) => `'203.0.${at >> 8}.${at & 0xff}'`).join(', ');
  assert.is(readList(`[{'sshd': [${long}]}]\n`).entries, 2_000);
});

banned('has names that are no address, which are not understood', () => {
  assert.equal(
    parseFail2banBanned("[{'sshd': ['example.org', '203.0.113.7']}]")?.map(({ meaning }) => typeof meaning),
    ['string', 'object'],
  );
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
    assert.is(parseFail2banBanned(text), undefined);
  });

banned.run();
