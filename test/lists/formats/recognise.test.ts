import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recognise } from '../../../src/lists/formats/recognise.ts';
import type { ListFormat } from '../../../src/lists/list-format.ts';
import { anyNet, jailName } from '../../support/arbitraries.ts';

const recognising = suite('the format of a list');

/** A line of an address as each format has it, of those by lines. */
const WRITERS: Readonly<Record<ListFormat, (text: string, word: string) => string>> = {
  plain: (text, word) => `${text} ; ${word}`,
  jsonl: (text, word) => JSON.stringify({ cidr: text, sblid: word }),
  dshield: () => '203.0.113.0\t203.0.113.255\t24\t7\tname\tFR\tx@example.org',
  csf: (text, word) => `${text} # lfd: (${word}) Failed login from ${text}`,
  crowdsec: (text, word) => `7,crowdsec,Ip:${text},${word},ban,FR,,6,3h59m0s,false,7`,
  ipset: (text, word) => `add ${word} ${text} timeout 7`,
  fail2ban: (text) => `${text} \t2026-11-29 09:28:18 + 600 = 2026-11-29 09:38:18`,
};

for (const [format, write] of Object.entries(WRITERS))
  recognising(`is ${format} where a line is written so, whatever its address and words`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyNet, jailName), { minLength: 1, maxLength: 5 }), (all) => {
        const lines = all.map(([{ text }, word]) => write(text, word));

        assert.is(recognise(lines), format);
        assert.is(recognise(['# made by hand', '', 'a heading', ...lines]), format);
      }),
    );
  });

recognising('is plain where there is no line but comments', () => {
  assert.is(recognise(['# none', '', ' ; none']), 'plain');
  assert.is(recognise([]), 'plain');
});

recognising('is csf where the first lines are plain, and a later one is of csf', () => {
  assert.is(recognise(['203.0.113.7', 'd=22|s=203.0.113.8']), 'csf');
  assert.is(recognise(['d=22|s=203.0.113.8']), 'csf');
});

recognising('is that of a heading where nothing stands below it', () => {
  assert.is(
    recognise(['id,source,ip,reason,action,country,as,events_count,expiration,simulated,alert_id']),
    'crowdsec',
  );
  assert.is(recognise(['Start\tEnd\tNetmask\tAttacks\tName\tCountry\temail']), 'dshield');
  assert.is(recognise(['create sshd hash:ip family inet hashsize 1024']), 'ipset');
});

recognising('is not found where no line is of any', () => {
  assert.is(recognise(['<html>', 'example.org', 'create a file', 'add salt']), undefined);
});

recognising.run();
