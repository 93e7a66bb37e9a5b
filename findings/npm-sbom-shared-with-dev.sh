#!/bin/sh
# A list of the parts that a program ships, by `npm sbom --omit=dev`, where a package for development needs one of them too.
#
# Expected: the list has all that `npm ls --omit=dev` has and `npm install --omit=dev` installs: what the program depends on.
# Seen: what a package for development needs as well is left out, also what package.json itself lists as a dependency. The
# lock file does not call it dev, npm ls and npm install keep it, exit codes are 0, and nothing is said. So a list of parts
# lacks the libraries that are most common, and changes as tools for development come and go.
#
# npm 11.19.1; ms 2.1.3, which the program and debug 4.4.3 depend on.
set -eu
export LC_ALL=C

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir tool program
command npm install --silent --no-audit --no-fund --prefix tool npm@11.19.1
pinned_npm() { node "$work/tool/node_modules/npm/bin/npm-cli.js" "$@"; }
pinned_npm --version

cd program
count_listed() { pinned_npm sbom --sbom-format=cyclonedx --omit=dev | grep -c '"name": "ms"' || :; }
echo '{ "name": "program", "version": "1.0.0", "dependencies": { "ms": "2.1.3" } }' >package.json
pinned_npm install --silent --no-audit --no-fund
before=$(count_listed)
pinned_npm install --silent --no-audit --no-fund --save-dev --save-exact debug@4.4.3
after=$(count_listed)
kept=$(pinned_npm ls --omit=dev | grep -c 'ms@2.1.3' || :)
echo "npm sbom --omit=dev has ms without a package for development: $before; with debug as one: $after"
echo "npm ls --omit=dev has it then: $kept"
[ "$before" -eq 1 ] && [ "$after" -eq 0 ] && [ "$kept" -ge 1 ]
