import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aheadSection } from '../../../src/report/sections/ahead.ts';
import { textOf } from '../text-of.ts';

const section = suite('ahead of the attacker');

section('tells for each pair of servers how many attackers one kept from the other', () => {
  const spared = [
    [0, 12],
    [3, 0],
  ];
  const markup = aheadSection({ ahead: { servers: ['web1', 'web2'], first: [20, 5], spared } });

  assert.match(textOf(markup), /First Bans web1 web2 web1 20 – 12 web2 5 3 –$/);
  assert.match(markup.text, /class="number q5" title="web1 banned 12 addresses that web2 never had to ban"/);
});

section('needs two servers', () => {
  assert.match(
    textOf(aheadSection({ ahead: { servers: ['web1'], first: [1], spared: [[0]] } })),
    /With two servers or more/,
  );
});

section.run();
