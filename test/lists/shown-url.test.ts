import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shownUrl } from '../../src/lists/shown-url.ts';

const test = suite('a URL as it is shown');

test('has no name, no password and no query', () => {
  const shown = shownUrl('https://anna:secret@lists.example.org:8443/drop.txt?token=secret#secret');

  assert.is(shown, 'https://lists.example.org:8443/drop.txt?…');
});

test('is one short line of ASCII, whatever stands in it', () => {
  const shown = shownUrl(`https://lists.example.org/\u202e\n\u001b[2J${'x'.repeat(1000)}`);

  assert.match(shown, /^https:\/\/lists\.example\.org\/[\x21-\x7e]{1,180}$/);
  assert.is(shownUrl('\u001b[2J'), 'an invalid URL');
});

test.run();
