#!/bin/sh
# A throwaway PostgreSQL for tests: own cluster, own port on loopback, locale C, durable settings.
#
#   eval "$(scripts/test-postgres.sh start)"    starts it and exports XINGCUN_TEST_POSTGRES
#   scripts/test-postgres.sh stop               stops it and removes its files
#   scripts/test-postgres.sh crash              kills all its processes (SIGKILL)
#   scripts/test-postgres.sh again              starts it on the data that a crash left
#
# Debian: apt-get install postgresql. The server refuses to run as root, so as root everything is
# done as the user postgres. Nothing outside the directory below is touched.
#
#   XINGCUN_TEST_POSTGRES_DIR    where the cluster lives (default: /tmp/xingcun-test-postgres-UID)
#   XINGCUN_TEST_POSTGRES_PORT   its port (default: 54329)
set -eu

directory=${XINGCUN_TEST_POSTGRES_DIR:-/tmp/xingcun-test-postgres-$(id -u)}
port=${XINGCUN_TEST_POSTGRES_PORT:-54329}
url="postgres://xingcun@127.0.0.1:$port/postgres"

say() { echo "test-postgres: $*" >&2; }

# Debian keeps the server's programs out of PATH.
binaries=""
for candidate in /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin; do
    if [ -x "$candidate/initdb" ]; then binaries=$candidate; break; fi
done
if [ -z "$binaries" ] && command -v initdb >/dev/null; then
    binaries=$(dirname "$(command -v initdb)")
fi
if [ -z "$binaries" ]; then
    say "no PostgreSQL server found; on Debian: apt-get install postgresql"
    exit 1
fi

# The server refuses to run as root.
as_owner() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

launch() {
    as_owner "$binaries/pg_ctl" start -w -D "$directory/data" -l "$directory/log" -o \
        "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$directory -c max_connections=300" >&2
}

running() { as_owner "$binaries/pg_ctl" status -D "$directory/data" >/dev/null 2>&1; }

start() {
    if ! running; then
        rm -rf "$directory"
        mkdir -p -m 0700 "$directory"
        if [ "$(id -u)" = 0 ]; then chown postgres "$directory"; fi
        as_owner "$binaries/initdb" -D "$directory/data" -U xingcun --auth=trust \
            --locale=C --encoding=UTF8 >&2
        launch
    fi
    say "running in $directory"
    echo "export XINGCUN_TEST_POSTGRES=$url"
}

stop() {
    if running; then as_owner "$binaries/pg_ctl" stop -w -m immediate -D "$directory/data" >&2; fi
    rm -rf "$directory"
    echo "unset XINGCUN_TEST_POSTGRES"
}

crash() {
    first=$(head -n 1 "$directory/data/postmaster.pid")
    # The first one first, so that it brings nobody back; they go in the middle of a commit.
    # shellcheck disable=SC2046
    as_owner kill -s KILL "$first" $(pgrep -P "$first")
}

case "${1:-}" in
    start) start ;;
    stop) stop ;;
    crash) crash ;;
    again) launch ;;
    *)
        say "usage: scripts/test-postgres.sh start|stop|crash|again"
        exit 2
        ;;
esac
