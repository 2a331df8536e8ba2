#!/bin/busybox sh
# Process 1 of the guest. The kernel's console is the first serial port. The second one takes, for each job,
# what it prints, its status, and the files that it left in /out. machine.rs reads it.

/bin/busybox mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=1777 tmp /tmp

export PATH=/sbin:/bin:/usr/sbin:/usr/bin HOME=/root

# Deleting a rule waits for other processors; there are none here.
echo 1 >/sys/kernel/rcu_expedited

# Empties what a job before this one has filled, and unpacks this one.
prepare() {
    rm -rf /job /out /tmp/*
    mkdir -p /out /tmp/d/sub
    local i=0
    while [ $i -le 9 ]; do
        mkdir -p /tmp/audit-bench/$i
        i=$((i + 1))
    done
    cd /
    cpio -i -d -u <"$1" 2>/dev/null
    cd /tmp
}

# Puts the kernel's rules and settings back to what they were at boot.
reset() {
    auditctl -D
    auditctl -e 0 -f 1 -r 0 -b 64 --backlog_wait_time 15000
} >/dev/null 2>&1

# Runs the job that is unpacked, and prints its results.
run() {
    # Only tasks that are made after this are audited.
    if [ -e /job/audited ]; then
        auditctl -e 1 >/dev/null
    fi
    sh /job/script </dev/null
    printf '\n@@guest:status %d\n' $?
    cd /out
    find . -type f | cpio -o -H newc 2>/dev/null | base64
    echo @@guest:end
}

# The port is closed before power goes, so that the last bytes get out.
{
    stty -F /dev/ttyS1 raw -echo
    first=1
    for job in /jobs/*; do
        [ $first ] || reset
        first=
        prepare $job
        run
    done
} >/dev/ttyS1 2>&1

poweroff -f
