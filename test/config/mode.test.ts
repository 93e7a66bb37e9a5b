import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NOTHING_ENFORCED, observeText } from '../../src/config/mode.ts';

const mode = suite('the mode');

mode('that only observes is told in words that nobody takes for bans that are enforced', () => {
  assert.equal(
    [observeText(1), observeText(1_200), NOTHING_ENFORCED],
    [
      'observe: nothing is enforced; 1 ban would be',
      'observe: nothing is enforced; 1,200 bans would be',
      'the mode is observe: nothing is enforced',
    ],
  );
});

mode.run();
