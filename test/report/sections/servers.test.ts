import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../../src/domain/words.ts';
import { serversSection } from '../../../src/report/sections/servers.ts';
import { NOW, REPORT } from '../../support/made-up-report.ts';
import { textOf } from '../text-of.ts';

const section = suite('servers');

section('tell when each was heard, and which is silent', () => {
  const text = textOf(serversSection(REPORT, UTC));

  assert.match(text, /web1 47 s ago 1,301 0 0/);
  assert.match(text, /db1 silent 2 d ago 96 0 0/);
  assert.match(text, /mail 2 min ago 702 3 0/);
  assert.is(text.split('silent').length - 1, 2);
});

section('may never have been heard, and have more waiting than was counted', () => {
  const server = {
    name: 'new',
    heardAt: undefined,
    isSilent: false,
    bans: 0,
    waiting: 45_000,
    moreWaiting: true,
    refused: 2,
    days: [],
  };

  assert.match(textOf(sectionOf({ servers: [server] })), /new never 0 45,000\+ 2$/);
  assert.match(textOf(sectionOf({ servers: [] })), /No server/);
});

section('says how long a server may be silent, where one ever is', () => {
  assert.match(textOf(sectionOf({ silentAfterMs: 5_400_000 })), /sends nothing for 1 h 30 min is silent/);
  assert.not.match(textOf(sectionOf({ silentAfterMs: Infinity })), /silent/);
});

function sectionOf(told: Partial<Parameters<typeof serversSection>[0]>): ReturnType<typeof serversSection> {
  return serversSection({ servers: [], writtenAt: NOW, silentAfterMs: 3_600_000, ...told }, UTC);
}

section.run();
