import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodePeerFile,
  encodePeerFile,
  LIFTS_FILE,
  MAX_PUBLISHED_BYTES,
  type PeerFile,
} from '../../src/fleet/peer-file.ts';

const peerFiles = suite('peer.yaml');

const SHA256 = 'a'.repeat(64);

const FILE: PeerFile = {
  name: 'fw1',
  sequence: 7,
  published: Date.UTC(2026, 10, 22, 13, 30, 0, 5),
  files: [
    { path: 'ipv4/203.yaml', bytes: 120, sha256: SHA256 },
    { path: 'ipv6/0d.yaml', bytes: MAX_PUBLISHED_BYTES, sha256: SHA256 },
    { path: LIFTS_FILE, bytes: 3, sha256: SHA256, since: 6 },
  ],
};

/** The file with other keys than it should have. */
function changed(changes: Readonly<Record<string, unknown>>): PeerFile | undefined {
  const fields = JSON.parse(encodePeerFile(FILE)) as object;
  return decodePeerFile(JSON.stringify({ ...fields, ...changes }));
}

/** The same with another file in it. */
function withFile(changes: Readonly<Record<string, unknown>>): PeerFile | undefined {
  return changed({ files: [{ ...FILE.files[0], ...changes }] });
}

peerFiles('is read as it was written, and has a line for each file', () => {
  const text = encodePeerFile(FILE);

  assert.equal(decodePeerFile(text), FILE);
  assert.is(
    text,
    `{
  "format": 1,
  "name": "fw1",
  "sequence": 7,
  "published": "2026-11-22T13:30:00.005Z",
  "files": [
    {"path":"ipv4/203.yaml","bytes":120,"sha256":"${SHA256}"},
    {"path":"ipv6/0d.yaml","bytes":4194304,"sha256":"${SHA256}"},
    {"path":"lifts.yaml","bytes":3,"sha256":"${SHA256}","since":6}
  ]
}
`,
  );
  assert.equal(decodePeerFile(encodePeerFile({ ...FILE, files: [] })), { ...FILE, files: [] });
});

peerFiles('is of one format, one name, and a sequence that grows from 1', () => {
  for (const changes of [
    { format: 2 },
    { format: '1' },
    { name: 'Fw1' },
    { name: '../fw1' },
    { sequence: 0 },
    { sequence: 1.5 },
    { sequence: 2 ** 53 },
    { sequence: '7' },
    { published: 'soon' },
    { published: 5 },
    { files: {} },
    { files: undefined },
  ])
    assert.is(changed(changes), undefined, JSON.stringify(changes));
  assert.equal(changed({ more: 1 }), FILE);
});

peerFiles('names files of shards and of lifts alone, each once, so that none leads out of its folder', () => {
  for (const path of [
    '../ipv4/203.yaml',
    '/etc/passwd',
    'ipv4/../../x.yaml',
    'ipv4/203.yaml\n',
    'ipv4/203',
    'ipv4/007.yaml',
    'ipv6/2001.yaml',
    'peer.yaml',
    'heard.yaml',
    '',
  ])
    assert.is(withFile({ path }), undefined, path);
  assert.equal(withFile({ path: 'ipv4/9.yaml' })?.files[0]?.path, 'ipv4/9.yaml');
  assert.is(changed({ files: [FILE.files[0], { ...FILE.files[0], bytes: 5 }] }), undefined);
});

peerFiles('says of each file how large it is, up to 4 MiB, and its SHA-256 in hex', () => {
  for (const changes of [
    { bytes: 0 },
    { bytes: MAX_PUBLISHED_BYTES + 1 },
    { bytes: -1 },
    { bytes: 1.5 },
    { sha256: 'a'.repeat(63) },
    { sha256: 'A'.repeat(64) },
    { sha256: `${SHA256}\n` },
  ])
    assert.is(withFile(changes), undefined, JSON.stringify(changes));
});

peerFiles('is JSON, and no other text is read or throws', () => {
  for (const text of ['', 'format: 1\n', '[]', 'null', '{"format":1', '['.repeat(100_000)])
    assert.is(decodePeerFile(text), undefined, text.slice(0, 20));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.is(decodePeerFile(text), undefined);
    }),
  );
});

peerFiles.run();
