# SPDX-License-Identifier: LGPL-2.1-or-later
# What examples/run and tests/run begin with; sourced by both, from the root of the tree.

build_packages=(
  gcc
  gettext
  gir1.2-glib-2.0
  gjs
  gobject-introspection
  libc6-dev
  libgirepository1.0-dev
  libglib2.0-dev
  libmpfr-dev
  libopenblas-dev
  meson
  ninja-build
  pkgconf
  python-gi-dev
  python3
  python3-dev
  python3-gi
  python3-numpy
  valac
)

say () {
  printf '\n== %s\n' "$*"
}

# Installs those Debian packages of its arguments that are missing.
install_packages () {
  local missing=() package

  for package in "$@"; do
    if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      missing+=("$package")
    fi
  done
  if [[ ${#missing[@]} -eq 0 ]]; then
    return
  fi

  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
}

# Configures the folder $1 with the options that follow, and builds it.
build () {
  local folder=$1
  shift

  say "Building in $folder/"
  if [[ -e $folder/build.ninja ]]; then
    meson setup --reconfigure "$folder" "$@" >"$folder/setup.log" 2>&1 ||
      meson setup --wipe "$folder" "$@"
  else
    meson setup "$folder" "$@"
  fi
  meson compile -C "$folder"
}

# The python3 that has gi: Debian's own, or the first of the path.
find_python () {
  local candidate

  for candidate in /usr/bin/python3 python3; do
    if "$candidate" -c 'import gi, numpy' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo 'No python3 here has the modules gi and numpy' >&2
  return 1
}
