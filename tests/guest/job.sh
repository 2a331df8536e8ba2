# For scripts of jobs: `. /job/lib.sh`.

# record NAME COMMAND...: runs the command and keeps its output, messages and status for Outcome::step.
record() {
    local step=$1 status
    shift
    "$@" >"/out/$step.out" 2>"/out/$step.err"
    status=$?
    echo $status >"/out/$step.status"
    echo "$step: $status"
}

# as_user NAME COMMAND: runs a command line as another account.
as_user() {
    su "$1" -s /bin/sh -c "$2"
}

# make_paths: makes what /job/paths lists and is not there; a trailing slash asks for a directory.
make_paths() {
    while read -r path; do
        [ -e "$path" ] && continue
        case $path in
        */) mkdir -p "$path" ;;
        *)
            mkdir -p "${path%/*}/"
            touch "$path"
            ;;
        esac
    done </job/paths
}

# start_auditd: starts Debian's audit daemon, which leaves audit as it is, and waits until it reads records.
start_auditd() {
    mkdir -p /tmp/audit /etc/audit/plugins.d
    chmod 700 /tmp/audit
    /sbin/auditd -n -s nochange &
    auditd=$!
    local i=0
    until auditctl -s | grep -q '^pid [1-9]'; do
        i=$((i + 1))
        [ $i -lt 100 ] || return 1
        sleep 0.1
    done
}

# stop_auditd: ends the audit daemon when it has written all.
stop_auditd() {
    kill $auditd
    wait $auditd
}
