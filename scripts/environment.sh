# Makes .venv and installs what is missing. Sourced by ./run and ./test; plain sh, safe to call again: quick when
# nothing changed. Pinned versions stand in scripts/requirements-*.txt.

say() { printf '%s\n' "$*" >&2; }

is_root() { [ "$(id -u)" = 0 ]; }

# What installers say is shown only where they fail.
begin_log() {
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
}
end_log() {
    rm -f "$log"
    trap - EXIT
}

# Install Debian packages as root; otherwise print the one line to run.
need_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "请先安装：$*（please install these packages）"
        exit 3
    fi
    if ! is_root; then
        say "缺少系统软件包，请执行：sudo apt-get update && sudo apt-get install -y $*"
        exit 3
    fi
    say "安装系统软件包：$*"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } >/dev/null 2>"$log" || {
        tail -n 5 "$log" >&2
        say "软件包安装失败：$*"
        exit 3
    }
}

has_curl() { ls /usr/lib/*/libcurl.so.4 /usr/lib64/libcurl.so.4 /lib/*/libcurl.so.4 2>/dev/null | grep -q .; }

find_python() {
    for python in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$python" ] && command -v "$python" >/dev/null 2>&1 || continue
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    say "需要 Python 3.11 或更新的版本（Python 3.11 or newer is needed）"
    exit 3
}

# What an environment was made from; written beside it, so that nothing is installed again while it holds.
environment_mark() { cat "$1" pyproject.toml | cksum; "$python" -V; }

ensure_environment() {
    kind=$1
    begin_log
    python=$(find_python)
    lock="scripts/requirements-$kind.txt"
    stamp=".venv/.installed-$kind"
    want=$(environment_mark "$lock")
    if [ "$(uname -s)" = Linux ] && [ -z "${MONGO_URI:-}" ] && ! has_curl; then
        libcurl=libcurl4
        [ "$(. /etc/os-release 2>/dev/null; echo "${VERSION_CODENAME:-}")" = bookworm ] || libcurl=libcurl4t64
        need_packages "$libcurl"
    fi
    [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && { end_log; return 0; }
    say "准备 Python 环境（第一次约一分钟，慢机器或慢网络要几分钟）…"
    if command -v uv >/dev/null 2>&1; then
        export UV_PYTHON_DOWNLOADS=never
        [ -x .venv/bin/python ] || uv venv -q --python "$python" .venv
        uv pip install -q --compile-bytecode --python .venv/bin/python -r "$lock" 2>"$log" || fail_install
        uv pip install -q --python .venv/bin/python --no-deps -e . 2>"$log" || fail_install
    else
        "$python" -c 'import venv, ensurepip' 2>/dev/null || need_packages python3-venv
        [ -x .venv/bin/pip ] || "$python" -m venv --clear .venv
        .venv/bin/python -m pip install -q --disable-pip-version-check -r "$lock" >/dev/null 2>"$log" || fail_install
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e . >/dev/null 2>"$log" || fail_install
    fi
    printf '%s' "$want" >"$stamp"
    end_log
}

fail_install() {
    tail -n 8 "$log" >&2
    say "Python 包安装失败，见上（installing Python packages failed）"
    exit 3
}

# Chromium and a Chinese font, for the tests that render pages.
ensure_browser() {
    missing=""
    command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || missing="chromium-headless-shell"
    fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk fontconfig"
    begin_log
    [ -z "$missing" ] || need_packages $missing
    end_log
}
