import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatTrial, readTrial } from '../../src/policy/trial.ts';

const trial = suite('a policy that is tried');

const UNTIL = Date.UTC(2026, 10, 22, 13, 32);
const TEXT = 'deny:\n  - { net: 192.0.2.0/24 }\n';

trial('is read back as it was handed in, with its end', () => {
  assert.equal(readTrial(formatTrial({ until: UNTIL, text: TEXT })), { until: UNTIL, text: TEXT });
});

trial('is none without the line that says its end', () => {
  for (const text of ['', TEXT, `# Tried\n${TEXT}`, formatTrial({ until: UNTIL, text: TEXT }).slice(1)])
    assert.is(readTrial(text), undefined, text);
});

trial.run();
