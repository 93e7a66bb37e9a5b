import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { latencySection } from '../../../src/report/sections/latency.ts';
import { EMPTY_HISTOGRAM, observe } from '../../../src/status/histogram.ts';
import { textOf } from '../text-of.ts';

const section = suite('from file to drop');

section('has a column for each bound, with its part of the whole', () => {
  const latency = observe(EMPTY_HISTOGRAM, [...Array.from({ length: 299 }, () => 0.02), 60]);
  const { text } = latencySection({ latency });

  assert.match(text, /<title>up to 25\u00a0ms: 299 bans, 100 %<\/title>/);
  assert.match(text, /<title>&gt; 30\u00a0s: 1 ban, 0\.3 %<\/title>/);
});

section('needs a ban', () => {
  assert.match(textOf(latencySection({ latency: EMPTY_HISTOGRAM })), /No ban has been timed/);
});

section.run();
