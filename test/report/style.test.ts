import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { STYLE } from '../../src/report/style.ts';

const style = suite('the style of the report');

/** Variables of a block of the sheet, by name. */
function coloursOf(block: string): ReadonlyMap<string, string> {
  return new Map(
    Array.from(block.matchAll(/--(\w[\w-]*):(#[0-9a-f]{3,6})\b/g), ([, name = '', colour = '']) => [
      name,
      colour,
    ]),
  );
}

const [lightBlock = '', darkBlock = ''] = Array.from(
  STYLE.matchAll(/:root\{([^}]*)\}/g),
  ([, block = '']) => block,
);
const light = coloursOf(lightBlock);
const dark = new Map([...light, ...coloursOf(darkBlock)]);

/** As WCAG 2 has it. */
function luminance(colour: string): number {
  const digits =
    colour.length === 4 ? Array.from(colour.slice(1), (digit) => digit + digit).join('') : colour.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4]
    .map((at) => parseInt(digits.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [more = 0, less = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (more + 0.05) / (less + 0.05);
}

/** Text on what it stands on. */
const TEXTS = [
  ...['ink', 'soft'].flatMap((text) => ['page', 'card'].map((back) => [text, back] as const)),
  ...['well', 'attention', 'broken'].flatMap((level) =>
    [level, 'ink', 'soft'].map((text) => [text, `${level}-back`] as const),
  ),
  ...['well', 'attention', 'mark'].map((text) => [text, 'card'] as const),
  ...['q0', 'q1', 'q2'].map((shade) => ['ink', shade] as const),
  ...['q4', 'q5'].map((shade) => ['on4', shade] as const),
] as const;

for (const [name, colours] of [
  ['light', light],
  ['dark', dark],
] as const) {
  style(`has a contrast of 4.5 for text, in ${name}`, () => {
    const weak = TEXTS.map(([text, back]) => ({
      pair: `${text} on ${back}`,
      contrast: contrast(colours.get(text) ?? '#000', colours.get(back) ?? '#000'),
    })).filter((each) => each.contrast < 4.5);

    assert.equal(weak, []);
  });

  style(`has a contrast of 3 for marks and icons, in ${name}`, () => {
    const weak = ['s0', 's5', 'mark', 'q4', 'q5']
      .map((shape) => ({
        shape,
        contrast: contrast(colours.get(shape) ?? '#000', colours.get('card') ?? '#000'),
      }))
      .filter((each) => each.contrast < 3);

    assert.equal(weak, []);
  });
}

style('asks for nothing from elsewhere', () => {
  assert.not.match(STYLE, /url\(|@import|@font-face/);
});

style.run();
