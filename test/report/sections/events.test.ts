import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../../src/domain/words.ts';
import { eventsSection } from '../../../src/report/sections/events.ts';
import { REPORT } from '../../support/made-up-report.ts';
import { textOf } from '../text-of.ts';

const section = suite('the last events');

section('are a line each, of every kind', () => {
  const text = textOf(
    eventsSection(
      {
        writtenAt: 0,
        events: [
          ...REPORT.events,
          { kind: 'started', time: 'whenever' },
          {
            kind: 'ended',
            time: '2026-11-28T21:00:00Z',
            ip: '198.51.100.7',
            jail: 'sshd',
            server: 'web1',
            why: 'lifted',
            peer: 'fw2',
          },
        ],
      },
      UTC,
    ),
  );

  for (const line of [
    '28 Nov 21:39 banned 198.51.7.44 in sshd by web1',
    'by mail: password guessing on three accounts of <b>accounting</b>',
    'ended 198.51.9.4 in sshd by web2: expired',
    'drift iptables emptied fail2ban-sshd (114 rules); restored in 33 ms (ufw (pid 4711))',
    'refused shop.example.net: 198.51.0.0/16 is wider than /24',
    'condition Committed is true again',
    'condition Committed is false (GitFailed): git cannot write',
    'policy policy: allows 203.0.113.0/28',
    'more 412 events of the kind banned',
    'whenever started the controller',
    '28 Nov 21:00 ended 198.51.100.7 in sshd by web1: lifted by fw2',
  ])
    assert.ok(text.includes(line), `${line}\n${text}`);
});

section('may be none', () => {
  assert.match(textOf(eventsSection({ events: [], writtenAt: 0 }, UTC)), /Nothing has happened/);
});

section.run();
