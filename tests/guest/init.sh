#!/bin/busybox sh
# Process 1 of the guest. The kernel's console is the first serial port; the second one takes what the
# job prints, then its status, then the files it left in /out. machine.rs reads it.

/bin/busybox mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=1777 tmp /tmp

export PATH=/sbin:/bin:/usr/sbin:/usr/bin HOME=/root
i=0
while [ $i -le 9 ]; do
    mkdir -p /tmp/audit-bench/$i
    i=$((i + 1))
done
mkdir -p /tmp/d/sub

# Deleting a rule waits for other processors; there are none here.
echo 1 >/sys/kernel/rcu_expedited

# The port is closed before power goes, so that the last bytes get out.
{
    stty -F /dev/ttyS1 raw -echo
    # Only tasks that are made after this are audited.
    if [ -e /job/audited ]; then
        auditctl -e 1 >/dev/null
    fi
    cd /tmp
    sh /job/script </dev/null
    printf '\n@@guest:status %d\n' $?
    cd /out
    find . -type f | cpio -o -H newc 2>/dev/null | base64
    echo @@guest:end
} >/dev/ttyS1 2>&1

poweroff -f
