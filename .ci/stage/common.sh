# shellcheck shell=bash disable=SC2034,SC2154
# What all packages share: their time, their version, and what is staged for each of them. To be sourced in the root of
# the clone. Each function takes the folder that becomes the package's root.

umask 022
export LC_ALL=C TZ=UTC

version=$(node -p 'require("./package.json").version')
# The time of all files; dpkg-deb and rpmbuild take it from the environment as well.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# What the program is made of.
modules=$root/modules.json
# Makes the manual and the completions, beside a package.json that it reads; it is of no use on a firewall.
printer=$root/dist/print.js
cp package.json "$root"
.ci/bundle src/cli/manual/print.ts "$printer"

# shellcheck source=.ci/stage/banspool.sh
. .ci/stage/banspool.sh
# shellcheck source=.ci/stage/banspool-send.sh
. .ci/stage/banspool-send.sh
# shellcheck source=.ci/stage/node.sh
. .ci/stage/node.sh

put() { # MODE FILE TARGET
  install -D -m "$1" "$2" "$3"
}

# A script with the functions that it calls in the places of their markers: when it runs, the package's files may be
# gone.
join_script() { # SCRIPT
  insert '#REMOVE_RULES#' .ci/stage/remove-rules.sh <"$1" |
    insert '#FORGET_SAVED_RULES#' .ci/stage/forget-saved-rules.sh |
    insert '#SAVED_RULES#' action.d/saved-rules.sh |
    insert '#READ_PREFIX#' action.d/read-prefix.sh |
    insert '#FIREWALL#' .ci/stage/firewall.sh |
    insert '#SYSTEMCTL#' .ci/stage/systemctl.sh |
    insert '#ACTIONS#' .ci/stage/actions.sh
}

# Replaces a marker line of a text by a file.
insert() { # MARKER FILE < TEXT
  sed -e "/^$1\$/{
    r $2
    d
  }"
}

# Pages of docs/man, by their names in the folders of their sections. A start of Node makes all of them.
stage_pages() { # FOLDER PAGE...
  local folder=$1 page name section text end=''
  shift
  for page; do
    printf '%b' "$end"
    cat "$page"
    end='\0'
  done >"$printer.in"
  node "$printer" roff <"$printer.in" >"$printer.out"
  for page; do
    name=$(basename "$page" .md)
    section=$folder/man${name##*.}
    mkdir -p "$section"
    # The last one has no end.
    IFS= read -r -d '' text || true
    printf %s "$text" | gzip -9n >"$section/$name.gz"
  done <"$printer.out"
}

# The newest section of CHANGELOG.md: a bullet's first line begins with the mark, its other lines with FURTHER.
newest_changes() { # MARK FURTHER WIDTH
  awk -v mark="$1" -v further="$2" -v width="$3" '
    function tell(  i, count, words, line) {
      count = split(bullet, words)
      if (count == 0) return
      line = mark
      for (i = 1; i <= count; i++) {
        if (length(line) + length(words[i]) >= width) { print line; line = further }
        line = line " " words[i]
      }
      print line
      bullet = ""
    }
    /^## / { section++ }
    section != 1 || !/^(- |  )/ { next }
    { gsub(/[*`]/, "") }
    sub(/^- /, "") { tell() }
    { bullet = bullet " " $0 }
    END { tell() }' CHANGELOG.md
}

# The licences of the project, of every module that is part of its files, and of the Node that comes with it. Debian
# has the Apache licence on each machine.
copyright() { # PACKAGE ARCHITECTURE [SYSTEM]
  cat LICENSE
  [ "$1" = banspool ] || return 0
  local module name license
  bundled_modules | while read -r module name license; do
    printf '\n---\n%s, %s\n\n' "$name" "$license"
    case ${3:-}/$license in
      debian/Apache-2.0) echo 'On Debian the licence is in /usr/share/common-licenses/Apache-2.0.' ;;
      *) find "$module" -maxdepth 1 -iname 'licen[cs]e*' -exec cat {} + ;;
    esac
  done
  [ "$2" != all ] || return 0
  printf '\n---\nnode-%s, /usr/lib/banspool/node\n\n' "$(node_version "$2")"
  cat "$root/node-license"
}

# What .ci/bundle wrote down of them: FOLDER NAME-VERSION LICENCE.
bundled_modules() {
  node -p 'Object.keys(require(process.argv[1]).inputs)
    .map((path) => path.match(/^(.*\/)?node_modules\/(@[^/]+\/)?[^/]+/)?.[0])
    .filter((folder, index, all) => folder !== undefined && all.indexOf(folder) === index)
    .sort()
    .map((folder) => {
      const { name, version, license } = require(path.resolve(folder, "package.json"));
      return [folder, name + "-" + version, license].join(" ");
    })
    .join("\n")' "$modules"
}
