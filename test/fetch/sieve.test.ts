import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ListFormat } from '../../src/lists/list-format.ts';
import { Sieve } from '../../src/fetch/sieve.ts';

const test = suite('what comes as a list');

/** Why it is none, if it comes in pieces of that length. */
function codeOf(text: string | Uint8Array, length = Infinity, format?: ListFormat): string | undefined {
  const sieve = new Sieve(format);
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += length) {
    const error = sieve.take(bytes.subarray(at, Math.min(at + length, bytes.length)));
    if (error !== undefined) return error.code;
  }
  return sieve.end()?.code;
}

test('is one where it is text with an address in it, in any form and however it comes in pieces', () => {
  for (const text of [
    '203.0.113.7\n',
    '# comment\r\n203.0.113.0/24 ; SBL1\r\n',
    '\ufeff2001:db8::/32\n',
    '{"cidr":"203.0.113.0/24","sblid":"SBL1"}\n',
    '203.0.113.0\t203.0.113.255\t24\t1234\tNÄME\n',
    'add x 203.0.113.7 timeout 5\n',
    `${'# comment\n'.repeat(10_000)}2001:db8::1`,
  ])
    for (const length of [Infinity, 1, 7]) assert.is(codeOf(text, length), undefined, text.slice(0, 50));
});

test('is none where it is a page, whatever its server calls it', () => {
  for (const text of [
    '<!DOCTYPE html><p>203.0.113.7 may not read this',
    '\n  <html lang=en>203.0.113.7',
    '\ufeff<?xml version="1.0"?>\n<!-- 203.0.113.7 -->\n<HTML>',
    '<!-- x --><head>203.0.113.7',
  ])
    for (const length of [Infinity, 3]) assert.is(codeOf(text, length), 'html', text);
  assert.is(codeOf('<hosts>\n203.0.113.7\n</hosts>\n'), undefined);
});

test('is none where it is no text', () => {
  assert.is(codeOf(Buffer.from('203.0.113.7\n', 'utf16le')), 'not-text');
  assert.is(codeOf(Buffer.from([0x50, 0x4b, 3, 4])), 'not-text');
});

test('is none where it is of another format than people named', () => {
  assert.is(codeOf('203.0.113.7\n', Infinity, 'plain'), undefined);
  assert.is(codeOf('203.0.113.7\n', Infinity, 'jsonl'), 'no-entry');
});

test('is none where it has nothing, or no address', () => {
  assert.is(codeOf(''), 'empty');
  for (const text of [
    '\n',
    '# nothing today\n',
    '{"error":"no such key","time":"12:30:45"}',
    '1.2.3\n256.1.1.1\n',
  ])
    assert.is(codeOf(text), 'no-entry', text);
});

test.run();
