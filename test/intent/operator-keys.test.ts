import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OPERATOR_KEYS, readOperatorKeys, trialEnds } from '../../src/intent/operator-keys.ts';

const keys = suite('what only an operator says');

keys('is read where it has the right form, and refused where it has not', () => {
  const good = readOperatorKeys({ of: 'web1', within: 'true', confirm: '60.5' });
  const bad = [
    { of: '../x' },
    { of: ['web1'] },
    { within: 'yes' },
    { add: 'yes' },
    { confirm: '-1' },
    { confirm: '1d' },
    { confirm: 5 },
  ];

  assert.equal(good, { kind: 'read', keys: { confirmWithin: 60_500, unban: { of: 'web1', within: true } } });
  assert.equal(readOperatorKeys({ add: 'true' }), { kind: 'read', keys: { unban: {}, adds: true } });
  assert.equal(readOperatorKeys({}), { kind: 'read', keys: { unban: {} } });
  assert.equal(
    bad.map((each) => readOperatorKeys(each).kind),
    Array(bad.length).fill('refused'),
  );
  assert.equal([...OPERATOR_KEYS], ['of', 'within', 'add', 'confirm']);
});

keys('has a ban end when it is to be confirmed by, and never later than it would', () => {
  const endOf = (confirmWithin: number): unknown => trialEnds(1000, 5000, { confirmWithin, unban: {} });

  assert.equal(endOf(60), { until: 1060, ifConfirmed: 5000 });
  assert.equal(endOf(60_000), { until: 5000, ifConfirmed: 5000 });
  assert.equal(trialEnds(1000, 5000, { unban: {} }), { until: 5000 });
});

keys.run();
