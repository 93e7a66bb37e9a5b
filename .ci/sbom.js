/**
 * Prints the parts of the release, in CycloneDX: the packages that the program is made of, as package-lock.json
 * pins them, and each Node that a package brings along. npm gives its list a new number and the time of day; here both
 * come from what is listed and from SOURCE_DATE_EPOCH, so that one commit has one list.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));

const words = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
const { status, stdout } = spawnSync('npm', words, {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (status !== 0) process.exit(1);

const list = JSON.parse(stdout);
// --omit=dev leaves out what packages for development need too (findings/npm-sbom-shared-with-dev.sh).
const shipped = new Set(shippedPackages());
const isShipped = (ref) => shipped.has(ref) || ref === list.metadata.component['bom-ref'];
list.components = list.components.filter((each) => isShipped(each['bom-ref']));
list.dependencies = list.dependencies
  .filter(({ ref }) => isShipped(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isShipped) }));
// npm takes the name of the folder.
list.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name;
list.metadata.timestamp = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString();
list.components.push(...nodes());
delete list.serialNumber;
list.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(list))}`;
console.log(JSON.stringify(list, undefined, 2));

/** As `NAME@VERSION`. */
function shippedPackages() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(
      ([path, { version }]) =>
        `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`,
    );
}

function nodes() {
  const lines = readFileSync('.ci/stage/node-pins', 'utf8').split('\n');
  const pins = lines.filter((line) => /^\w/.test(line)).map((line) => line.split(' '));
  return pins.map(([architecture, name, version, integrity]) => ({
    'bom-ref': `${name}@${version}`,
    type: 'platform',
    name,
    version,
    description: `The Node that the package for ${architecture} brings along`,
    purl: `pkg:npm/${name}@${version}`,
    hashes: [
      { alg: 'SHA-512', content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') },
    ],
  }));
}

/** A UUID of version 8, whose bits are a hash. */
function uuidOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
