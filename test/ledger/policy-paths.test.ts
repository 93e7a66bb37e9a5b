import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { policyPath, trialPath } from '../../src/ledger/policy-paths.ts';

const paths = suite('the policy');

paths('stands in the state, beside the one that is tried', () => {
  const place = { config: { state: '/var/lib/banspool/state' } };

  assert.is(policyPath(place), '/var/lib/banspool/state/policy.yaml');
  assert.is(trialPath(place), '/var/lib/banspool/state/policy.trial.yaml');
});

paths.run();
