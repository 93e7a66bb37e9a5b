# shellcheck shell=bash disable=SC2154
# What both packages share. Each function takes the folder that becomes the package's root.

put() { # MODE FILE TARGET
  install -D -m "$1" "$2" "$3"
}

# Replaces a marker line of a file by another file.
insert() { # MARKER FILE < TEXT
  sed -e "/^$1\$/{
    r $2
    d
  }"
}

# A page of docs/man, by its name in the folder of its section.
stage_page() { # PAGE FOLDER
  local name section
  name=$(basename "$1" .md)
  section=$2/man${name##*.}
  mkdir -p "$section"
  node dist/print.js roff <"$1" | gzip -9n >"$section/$name.gz"
}

stage_documents() { # PACKAGE ARCHITECTURE ROOT
  local docs=$3/usr/share/doc/$1
  mkdir -p "$docs"
  debian_changelog "$1" | gzip -9n >"$docs/changelog.gz"
  copyright "$1" "$2" >"$docs/copyright"
  put 644 ".ci/deb/$1/lintian-overrides" "$3/usr/share/lintian/overrides/$1"
  [ "$2" = all ] || cat ".ci/deb/$1/lintian-overrides-of-node" >>"$3/usr/share/lintian/overrides/$1"
}

# The newest section of CHANGELOG.md, in Debian's form: two blanks and a star, and no long lines.
debian_changelog() { # PACKAGE
  printf '%s (%s) unstable; urgency=medium\n\n' "$1" "$version"
  awk '
    /^## / { section++ }
    section != 1 || !/^(- |  )/ { next }
    {
      gsub(/[*`]/, "")
      line = /^- / ? "  *" : "   "
      for (i = /^- / ? 2 : 1; i <= NF; i++) {
        if (length(line) + length($i) > 75) { print line; line = "   " }
        line = line " " $i
      }
      print line
    }' CHANGELOG.md
  printf '\n -- %s  %s\n' "$(sed -n 's/^Maintainer: //p' ".ci/deb/$1/control")" "$(date -R -d "@$SOURCE_DATE_EPOCH")"
}

# The licences of the project, of every module that is part of its one file, and of the Node that comes with it.
copyright() { # PACKAGE ARCHITECTURE
  cat LICENSE
  [ "$1" = banspool ] || return 0
  local module name license
  bundled_modules | while read -r module; do
    read -r name license < <(node -p '(({ name, version, license }) => name + "-" + version + " " + license)(
      require(process.argv[1]))' "$PWD/$module/package.json")
    printf '\n---\n%s, %s\n\n' "$name" "$license"
    case $license in
      Apache-2.0) echo 'On Debian the licence stands in /usr/share/common-licenses/Apache-2.0.' ;;
      *) find "$module" -maxdepth 1 -iname 'licen[cs]e*' -exec cat {} + ;;
    esac
  done
  [ "$2" != all ] || return 0
  printf '\n---\nnode-%s, /usr/lib/banspool/node\n\n' "$(node_version "$2")"
  cat "$root/node-license"
}

# What .ci/bundle wrote down of them.
bundled_modules() {
  node -p 'Object.keys(require(process.argv[1]).inputs)
    .map((path) => path.match(/^(.*\/)?node_modules\/(@[^/]+\/)?[^/]+/)?.[0])
    .filter((folder, index, all) => folder !== undefined && all.indexOf(folder) === index)
    .sort().join("\n")' "$modules"
}

stage_control() { # PACKAGE ARCHITECTURE ROOT
  local control=$3/DEBIAN size script
  mkdir -p "$control"
  size=$(find "$3" -path "$control" -prune -o -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$2/" -e "s/@INSTALLED_SIZE@/$size/" -e "$(words_of_node "$2")" \
    ".ci/deb/$1/control" >"$control/control"
  [ ! -f ".ci/deb/$1/conffiles" ] || put 644 ".ci/deb/$1/conffiles" "$control/conffiles"
  for script in postinst prerm postrm; do
    insert '#REMOVE_RULES#' .ci/deb/banspool/remove-rules.sh <".ci/deb/$1/$script" |
      insert '#FORGET_SAVED_RULES#' .ci/deb/banspool/forget-saved-rules.sh |
      insert '#SAVED_RULES#' action.d/saved-rules.sh |
      insert '#READ_PREFIX#' action.d/read-prefix.sh |
      insert '#ACTIONS#' .ci/deb/banspool-send/actions.sh >"$control/$script"
    chmod 755 "$control/$script"
  done
  (cd "$3" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs -d '\n' md5sum) >"$control/md5sums"
}
