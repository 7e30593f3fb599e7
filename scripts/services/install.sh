#!/usr/bin/env bash
# Installs PostgreSQL 15, pgvector, PgBouncer and Redis from Debian's archive, unattended, starting none of them.
# pgvector is not packaged for PostgreSQL 15: it is built from the source package of the next release.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
version=15
control=/usr/share/postgresql/$version/extension/vector.control

[ "$(id -u)" = 0 ] || { echo "Installing the services needs root." >&2; exit 1; }
command -v apt-get >/dev/null || { echo "Installing the services needs Debian's apt-get." >&2; exit 1; }
if [ -f "$control" ] && command -v pgbouncer >/dev/null && command -v redis-server >/dev/null && [ -x /usr/lib/postgresql/$version/bin/initdb ]; then
  exit 0
fi

apt-get update -qq
mkdir -p /etc/postgresql-common/createcluster.d
printf 'create_main_cluster = false\n' > /etc/postgresql-common/createcluster.d/no-main.conf
# Keeps the packages from starting their services.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' > $policy
  chmod +x $policy
  trap 'rm -f $policy' EXIT
fi
apt-get install -y -qq --no-install-recommends postgresql-$version postgresql-client-$version pgbouncer redis-server >/dev/null

if [ ! -f "$control" ]; then
  apt-get install -y -qq --no-install-recommends postgresql-server-dev-$version build-essential dpkg-dev >/dev/null
  # The same mirror and key as the machine's own packages; one more suite, sources only.
  sources=/etc/apt/sources.list.d/debian.sources
  if [ -f $sources ]; then
    mirror=$(awk '/^URIs:/ {print $2; exit}' $sources)
    key=$(awk '/^Signed-By:/ {print $2; exit}' $sources)
  else
    mirror=$(awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) {print $i; exit}}' /etc/apt/sources.list)
    key=/usr/share/keyrings/debian-archive-keyring.gpg
  fi
  extra=/etc/apt/sources.list.d/resolve-sources.sources
  build=$(mktemp -d)
  chmod 755 "$build"
  trap 'rm -rf "$build" $extra; [ -z "${policy:-}" ] || rm -f $policy' EXIT
  printf 'Types: deb-src\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: %s\n' "$mirror" "$key" > $extra
  apt-get update -qq
  cd "$build"
  apt-get source -qq --only-source -o APT::Sandbox::User=root pgvector >/dev/null 2>&1
  cd pgvector-*/
  # Without -march=native a built copy can move between machines.
  config=/usr/lib/postgresql/$version/bin/pg_config
  make -s -j"$(nproc)" PG_CONFIG=$config OPTFLAGS="" with_llvm=no >/dev/null
  make -s install PG_CONFIG=$config with_llvm=no >/dev/null
fi
echo "PostgreSQL $(/usr/lib/postgresql/$version/bin/postgres --version | awk '{print $3}'), pgvector $(sed -n "s/default_version = '\(.*\)'/\1/p" "$control"), $(pgbouncer --version | head -1), Redis $(redis-server --version | sed 's/.*v=\([0-9.]*\).*/\1/')"
