//! Texts about the program itself.

/// The text of `-v` in `auditctl` mode: auditctl's version, and our own.
pub(super) const VERSION: &str = concat!("4.2.2 (rauditctl ", env!("CARGO_PKG_VERSION"), ")");

/// The text of `-h` in `auditctl` mode.
pub(super) const AUDITCTL_USAGE: &str = "\
usage: auditctl [options]
    -a <list,action>     append a rule to a list
    -A <list,action>     put a rule in front of a list
    -d <list,action>     delete a rule
                         lists: task exit user exclude filesystem io_uring
                         actions: always never
    -S <syscalls>        syscalls of the rule: names, numbers, or all
    -F <field op value>  a condition; operators: = != < <= > >= & &=
    -C <field=field>     compare two fields; operators: = !=
    -k <key>             a key to find the records by
    -w <path>            watch a path
    -W <path>            remove a watch
    -p [r|w|x|a]         permissions of a watch
    -D [-k <key>]        delete all rules
    -l [-i | -k <key>]   list the rules
    -R <file>            read rules from a file
    -i                   in a file: ignore errors from here on
    -c                   in a file: continue after errors, exit with 1
    -e [0..2]            switch auditing off, on, or on and locked
    -f [0..2]            on failure: silent, printk, panic
    -b <number>          messages that may wait for the daemon
    -r <number>          messages a second, 0 for no limit
    -s [-i]              show settings and counters
    -m <text>            send a message
    -q <mount,subtree>   make a subtree part of a watched mount
    -t                   trim directory watches
    -v                   version
    -h, --help           this help
    --backlog_wait_time <number>      how long to wait for room in the backlog
    --loginuid-immutable              make login uids unchangeable once set
    --reset-lost                      reset the count of lost messages
    --reset_backlog_wait_time_actual  reset the time waited
    --signal <name>                   signal the daemon
";
