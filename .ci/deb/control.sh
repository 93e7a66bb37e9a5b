# shellcheck shell=bash disable=SC2154
# What Debian's packages have beside their files.

stage_documents() { # PACKAGE ARCHITECTURE ROOT
  local docs=$3/usr/share/doc/$1
  mkdir -p "$docs"
  debian_changelog "$1" | gzip -9n >"$docs/changelog.gz"
  copyright "$1" "$2" debian >"$docs/copyright"
  put 644 ".ci/deb/$1/lintian-overrides" "$3/usr/share/lintian/overrides/$1"
  [ "$2" = all ] || cat ".ci/deb/$1/lintian-overrides-of-node" >>"$3/usr/share/lintian/overrides/$1"
}

# The newest section of CHANGELOG.md, in Debian's form: two blanks and a star, and no long lines.
debian_changelog() { # PACKAGE
  printf '%s (%s) unstable; urgency=medium\n\n' "$1" "$version"
  newest_changes '  *' '   ' 76
  printf '\n -- %s  %s\n' "$(sed -n 's/^Maintainer: //p' ".ci/deb/$1/control")" "$(date -R -d "@$SOURCE_DATE_EPOCH")"
}

stage_control() { # PACKAGE ARCHITECTURE ROOT
  local control=$3/DEBIAN size script
  mkdir -p "$control"
  size=$(find "$3" -path "$control" -prune -o -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$2/" -e "s/@INSTALLED_SIZE@/$size/" -e "$(words_of_node "$2")" \
    ".ci/deb/$1/control" >"$control/control"
  [ ! -f ".ci/deb/$1/conffiles" ] || put 644 ".ci/deb/$1/conffiles" "$control/conffiles"
  for script in postinst prerm postrm; do
    join_script ".ci/deb/$1/$script" >"$control/$script"
    chmod 755 "$control/$script"
  done
  (cd "$3" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs -d '\n' md5sum) >"$control/md5sums"
}
