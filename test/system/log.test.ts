import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logStyle, makeLog, type Log } from '../../src/system/log.ts';

const test = suite('the log');

/** What it writes when all that it can is said. */
function written(style: 'journal' | 'plain', message: string): string {
  let text = '';
  const log: Log = makeLog({ write: (more) => void (text += more) }, style);
  log.error(message);
  log.warn(message);
  log.info(message);
  return text;
}

test('tells a person in words how grave a line is, and journald by a number', () => {
  assert.is(written('plain', 'x'), 'banspool: error: x\nbanspool: warning: x\nbanspool: x\n');
  assert.is(written('journal', 'x'), '<3>x\n<4>x\n<6>x\n');
});

test('has a line for each event, whatever bytes a server sent', () => {
  const [line = '', ...others] = written('journal', 'a\n<0>b\u001b[2Jc\u202ed\u2028').split('\n');

  assert.is(line, '<3>a\\u000a<0>b\\u001b[2Jc\\u202ed\\u2028');
  assert.is(others.length, 3);
});

test('is for journald where systemd says that it listens', () => {
  assert.is(logStyle({ JOURNAL_STREAM: '8:1234' }), 'journal');
  assert.is(logStyle({}), 'plain');
});

test.run();
