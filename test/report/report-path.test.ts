import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportPath } from '../../src/report/report-path.ts';

const test = suite('the path of the report');

test('is in a folder of its own, which a web server can be pointed to', () => {
  assert.is(reportPath({ runtime: '/run/banspool' }), '/run/banspool/report/index.html');
});

test.run();
