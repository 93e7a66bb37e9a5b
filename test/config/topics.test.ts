import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ALL_TOPICS, USUAL_TOPICS } from '../../src/config/topics.ts';

const test = suite('topics');

test('are all told where the config names none, but for each ban', () => {
  assert.equal(
    ALL_TOPICS.filter((topic) => !USUAL_TOPICS.includes(topic)),
    ['ban'],
  );
});

test.run();
