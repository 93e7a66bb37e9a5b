import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { joinEntries } from '../../src/exports/entry.ts';
import { entryOf } from './entries.ts';

const test = suite('entries');

test('that are joined have the last end of both, and the jails of both in order, each once', () => {
  const one = entryOf('192.0.2.1', { until: 5, jails: ['sshd'] });
  const other = entryOf('192.0.2.1', { until: 7, jails: ['postfix', 'sshd'] });

  const joined = joinEntries(netOf('192.0.2.1'), one, other);

  assert.equal(joined, entryOf('192.0.2.1', { until: 7, jails: ['postfix', 'sshd'] }));
});

test.run();
