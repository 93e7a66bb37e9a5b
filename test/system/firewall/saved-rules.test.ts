import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SAVED_BY_IPTABLES } from '../../../src/system/firewall/saved-rules.ts';

const test = suite('saved rules');

test('are looked for in the same places by the program and by what makes the sets', () => {
  const script = readFileSync(join(import.meta.dirname, '../../../../action.d/saved-rules.sh'), 'utf8');
  const places = /for file in ([^;]*);/.exec(script)?.[1] ?? '';

  assert.equal(places.match(/\/\S+/g), SAVED_BY_IPTABLES);
});

test.run();
