import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wordsFor, type Coded } from '../../src/domain/coded.ts';

const coded = suite('a value with a code');

const TABLE = {
  late: ({ seconds }: { readonly seconds: number }) => `${seconds} s late`,
  gone: () => 'gone',
};

coded('has the words that the table makes of its details', () => {
  const values: readonly Coded<typeof TABLE>[] = [{ code: 'late', seconds: 5 }, { code: 'gone' }];

  assert.equal(
    values.map((value) => wordsFor(TABLE, value)),
    ['5 s late', 'gone'],
  );
});

coded.run();
