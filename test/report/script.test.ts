import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import vm from 'node:vm';
import { SCRIPT } from '../../src/report/script.ts';

const script = suite('the script of the report');

/** What the page shows `age` milliseconds after it was written. */
function look(age: number): { readonly text: string; readonly isLate: boolean; readonly isLive: boolean } {
  const shown = { textContent: '' };
  const classes = new Set<string>();
  const root = {
    dataset: { written: '1000000', checked: '1000000', old: '180000' },
    classList: {
      add: (name: string) => classes.add(name),
      toggle: (name: string, on: boolean) => (on ? classes.add(name) : classes.delete(name)),
    },
  };
  vm.runInNewContext(SCRIPT, {
    document: { documentElement: root, getElementById: () => shown },
    Date: { now: () => 1_000_000 + age },
    setInterval: () => 0,
  });
  return { text: shown.textContent, isLate: classes.has('late'), isLive: classes.has('live') };
}

script('tells the age of the last check, and calls a page old after its time', () => {
  assert.equal(look(34_000), { text: '(34 s ago)', isLate: false, isLive: true });
  assert.equal(look(180_000), { text: '(3 min ago)', isLate: false, isLive: true });
  assert.equal(look(181_000), { text: '(3 min ago)', isLate: true, isLive: true });
  assert.equal(look(3 * 86_400_000).text, '(3 d ago)');
});

script('says so where the clock of who looks is behind', () => {
  assert.match(look(-60_000).text, /in the future/);
});

script.run();
