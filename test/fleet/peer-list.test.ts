import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodePeerList, encodePeerList } from '../../src/fleet/peer-list.ts';

const list = suite('the list of peers for the mover');

list('names each peer in order, and is read as it was written', () => {
  const text = encodePeerList(new Set(['lab', 'fw2']));

  assert.is(text, '["fw2","lab"]\n');
  assert.equal(decodePeerList(text), ['fw2', 'lab']);
});

list('is nobody where it is no such list, or names what no firewall can be called', () => {
  for (const text of ['', '{', '{}', '"fw2"', '[1]', '["fw2","../x"]', '["default"]', '["FW"]'])
    assert.equal(decodePeerList(text), [], text);
});

list.run();
