import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { html, Markup } from '../../src/report/markup.ts';

const markup = suite('a template of HTML');

markup('escapes every value, in content and in attributes, and keeps what is a template already', () => {
  const hostile = `<script>alert("1")</script> & 'x'`;

  assert.is(
    html`<p title="${hostile}">${hostile}</p>`.text,
    '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;">' +
      '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</p>',
  );
  assert.is(html`<b>${html`<i>${'<'}</i>`}</b>`.text, '<b><i>&lt;</i></b>');
  assert.is(Markup.trusted('a<b').text, 'a<b');
});

markup('shows characters that nobody sees, or that turn the direction, by their numbers', () => {
  assert.is(html`${'a\u202eb\u0000\n\u200b'}`.text, 'a[U+202E]b[U+0000][U+000A][U+200B]');
  assert.is(html`${'\ud800'}`.text, '[U+D800]');
});

markup('leaves out the lines and the indent of its source, and nothing between words', () => {
  const text = html`<p>
    a
    <b>b</b>c
  </p>`.text;

  assert.is(text, '<p> a <b>b</b>c </p>');
});

markup('takes numbers and lists, and nothing for undefined and false', () => {
  assert.is(html`${1}${[2, [html`<br />`, '<']]}${undefined}${false}`.text, '12<br />&lt;');
});

markup('leaves no character of a value that could begin or end an element or an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
      const [, inside = '<'] = /^<p>(.*)<\/p>$/s.exec(html`<p>${value}</p>`.text) ?? [];
      assert.not.match(inside, /[<>"'\p{C}\p{Zl}\p{Zp}]|&(?!(amp|lt|gt|quot|#39);)/u);
    }),
    { numRuns: 2_000 },
  );
});

markup.run();
