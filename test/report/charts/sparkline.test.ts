import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sparkline } from '../../../src/report/charts/sparkline.ts';

const chart = suite('a sparkline');

chart('goes from one side to the other, and its words tell the numbers', () => {
  const { text } = sparkline([0, 10, 5], 'bans: 0, 10, 5');

  assert.match(text, /viewBox="0 0 20 28".*<title>bans: 0, 10, 5<\/title>.*d="M0,26L10,2L20,14"/);
  assert.not.match(sparkline([], '').text, /NaN/);
  assert.not.match(sparkline([0, 0], '').text, /NaN/);
});

chart.run();
