import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stubbornSection } from '../../../src/report/sections/stubborn.ts';
import { NOW } from '../../support/made-up-report.ts';
import { textOf } from '../text-of.ts';

const section = suite('the most stubborn');

section('have their packets, bytes, network, jail and servers', () => {
  const markup = stubbornSection({
    stubborn: [
      {
        ip: '198.51.100.7',
        net: '198.51.100.0/24',
        inNet: 4,
        jail: 'sshd',
        servers: ['web1', 'web2', 'mail'],
        packets: 12_345,
        bytes: 700_000,
        since: NOW - 7_200_000,
      },
    ],
    uncounted: [],
    writtenAt: NOW,
  });

  assert.match(
    textOf(markup),
    /198\.51\.100\.7sshd, web1, web2 and 1 more; 4 banned in 198\.51\.100\.0\/24 12,345700 kB 700 kB 198\.51\.100\.0\/24 4 sshd web1, web2 and 1 more 2 h ago$/,
  );
});

section('say so where nobody counts, and where nothing came', () => {
  const [unseen, none] = [undefined, []].map((stubborn) =>
    textOf(stubbornSection({ stubborn, uncounted: [], writtenAt: NOW })),
  );

  assert.match(unseen ?? '', /not counted/);
  assert.match(none ?? '', /No packet/);
});

section('do not say that nothing came where the sets of some chains do not count', () => {
  const uncounted = ['fail2ban-sshd', 'fail2ban-web'];
  const text = textOf(stubbornSection({ stubborn: [], uncounted, writtenAt: NOW }));

  assert.match(
    text,
    /Packets are not counted by address in fail2ban-sshd, fail2ban-web, whose sets have no counters\./,
  );
  assert.not.match(text, /No packet/);
});

section.run();
