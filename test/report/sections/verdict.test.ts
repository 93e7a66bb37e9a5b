import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../../src/domain/words.ts';
import { LEVELS, titleOf, verdictSection, yesterdaySection } from '../../../src/report/sections/verdict.ts';
import { REPORT } from '../../support/made-up-report.ts';
import { textOf } from '../text-of.ts';

const section = suite('the verdict');

const { verdict, yesterday } = REPORT;

section('is a sentence, with the time of the last check, and names who is silent', () => {
  const text = textOf(verdictSection(REPORT, UTC));

  assert.match(
    text,
    /Needs attention: the firewall holds all 3,285 bans; 1 server is silent\. Last check: 2026-11-28 21:40:00 UTC/,
  );
  assert.match(text, /db1 is silent: last heard 2 d ago$/);
});

section('says that all is well where nothing is wrong', () => {
  const text = textOf(verdictSection({ ...REPORT, verdict: { ...verdict, level: 'well', silent: [] } }, UTC));

  assert.ok(text.startsWith(`${LEVELS.well}: the firewall holds all 3,285 bans. Last check`), text);
});

section('tells what is false, and claims nothing of the firewall that is not converged', () => {
  const problem = {
    type: 'Converged',
    status: 'False',
    reason: 'PassFailed',
    message: 'iptables: <no>',
  } as const;
  const broken = { ...verdict, level: 'broken', problems: [problem], alarming: 1, silent: [] } as const;
  const text = textOf(verdictSection({ ...REPORT, verdict: broken }, UTC));

  assert.match(text, /Not converged: the firewall may differ from the desired state\./);
  assert.match(text, /Converged is false \(PassFailed\): iptables: <no>/);
  assert.not.match(text, /holds/);
});

section(
  'says how old it is by itself: what a page says of its age is in it, whether or not it is seen',
  () => {
    const { text } = verdictSection(REPORT, UTC);

    assert.match(text, /<span id="age">\(if that is more than 3\u00a0min ago, this page is old\)<\/span>/);
    assert.match(
      text,
      /class="old">.*it was written at 2026-11-28 21:40:12 UTC\. A new one is due each minute/,
    );
    assert.match(verdictSection({ ...REPORT, isRenewed: false }, UTC).text, /class="old">.*It is a copy/);
  },
);

section('says what changed since yesterday', () => {
  const text = textOf(yesterdaySection(REPORT));

  assert.match(
    text,
    /^Since yesterday 132 new bans, 118 the day before \(\+12 %\) most of the rise by web1: 21 more drift repaired once, by ufw \(pid 4711\) 3 files refused, 1 the day before policy changed once$/,
  );
  const quiet = {
    ...yesterday,
    drift: { now: 0, before: 2 },
    policyEdits: 0,
    rise: undefined,
    refused: { now: 0, before: 0 },
  };
  assert.match(textOf(yesterdaySection({ yesterday: quiet })), /\(\+12 %\) no drift$/);
});

section('tells of no rise as a whole where only a server had one', () => {
  const bans = { now: 110, before: 118 };

  const text = textOf(yesterdaySection({ yesterday: { ...yesterday, bans } }));

  assert.match(text, /110 new bans, 118 the day before \(−7 %\) the largest rise by web1: 21 more/);
});

section('holds no ban where nothing is enforced, and says so in the title too', () => {
  const observing = { ...verdict, isObserving: true, silent: [] };
  const text = textOf(verdictSection({ ...REPORT, verdict: observing }, UTC));

  assert.ok(text.startsWith('Observing: nothing is enforced, and 3,285 bans would be. Last check'), text);
  assert.equal(
    [titleOf(observing), titleOf({ ...observing, level: 'broken' })],
    ['Observing', 'Not converged'],
  );
});

section.run();
