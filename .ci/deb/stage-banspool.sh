# shellcheck shell=bash
# The firewall's half.

stage_banspool() { # ROOT
  local root=$1 program=$1/usr/lib/banspool unit
  stage_program "$program"
  stage_manual "$program/dist/src/cli/manual" "$root/usr/share"
  mkdir -p "$root/usr/bin"
  ln -s ../lib/banspool/dist/src/main.js "$root/usr/bin/banspool"
  # What is missing shows here, and not on somebody's firewall.
  node "$root/usr/bin/banspool" --version >/dev/null

  for unit in systemd/banspool.service systemd/banspool-boot.service systemd/banspool-reconcile.*; do
    put 644 "$unit" "$root/usr/lib/systemd/system/${unit##*/}"
  done
  put 644 systemd/sysusers.d/banspool.conf "$root/usr/lib/sysusers.d/banspool.conf"
  put 644 systemd/tmpfiles.d/banspool.conf "$root/usr/lib/tmpfiles.d/banspool.conf"
  put 644 systemd/examples/legacy.conf "$root/usr/share/doc/banspool/examples/legacy.conf"
  put 644 systemd/examples/alerts.yaml "$root/usr/share/doc/banspool/examples/alerts.yaml"
  put 644 .ci/deb/banspool/config.yaml "$root/etc/banspool/config.yaml"
  put 755 action.d/banspool-receive "$program/action.d/banspool-receive"
  put 644 README.md "$root/usr/share/doc/banspool/README.md"
  put 644 DESIGN.md "$root/usr/share/doc/banspool/DESIGN.md"
}

# Compiled anew: dist/ may hold what is no longer in src/. Modules of Node as they are in node_modules, but only those
# that the program needs, and of these only code.
stage_program() { # FOLDER
  local module
  node_modules/.bin/tsc --outDir "$1/dist" --sourceMap false --incremental false --tsBuildInfoFile null
  rm -r "$1/dist/test"
  cp -R package.json state "$1"
  production_modules | while read -r module; do
    find "$module" -path "$module/*/node_modules" -prune -o -path "$module/node_modules" -prune -o \
      -type f \( -name '*.js' -o -name '*.cjs' -o -name '*.mjs' -o -name package.json \) ! -name bin.mjs -exec cp --parents {} "$1" \;
  done
  find "$1" -type f -exec chmod 644 {} +
  # Debian's Node, whatever else is in somebody's PATH.
  sed -i '1s,.*,#!/usr/bin/node,' "$1/dist/src/main.js"
  chmod 755 "$1/dist/src/main.js"
}

production_modules() {
  node -p 'Object.entries(require("./package-lock.json").packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== "" && !dev && !devOptional && !optional)
    .map(([path]) => path).sort().join("\n")'
}

# The program that makes them is of no use on a firewall.
stage_manual() { # PROGRAM TARGET
  local kind target
  while read -r kind target; do
    mkdir -p "$2/${target%/*}"
    node "$1/print.js" "$kind" >"$2/$target"
  done <<'KINDS'
man man/man8/banspool.8
bash bash-completion/completions/banspool
zsh zsh/vendor-completions/_banspool
fish fish/vendor_completions.d/banspool.fish
KINDS
  gzip -9n "$2/man/man8/banspool.8"
  rm -r "$1"
}
