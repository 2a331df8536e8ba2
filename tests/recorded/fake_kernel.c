/*
 * fake_kernel.c - an in-process NETLINK_AUDIT for any program, by LD_PRELOAD.
 *
 * Build:  cc -O2 -shared -fPIC -o fake_kernel.so fake_kernel.c -ldl -lpthread
 * Use:    LD_PRELOAD=/abs/fake_kernel.so FAKE_KERNEL_LOG=... FAKE_KERNEL_STATE=... program
 *
 * A program that reaches NETLINK_AUDIT through libc runs without root, and cannot touch the audit system
 * of the machine: its socket is an eventfd, and this library answers its requests. This works for C
 * programs and for Rust programs (std, libc, nix, netlink-sys). It does not work for static programs,
 * nor for code that makes system calls without libc (rustix with its linux_raw backend, assembly);
 * libc's `syscall()` is covered.
 *
 * Environment
 *   FAKE_KERNEL_LOG       file to append the log to
 *   FAKE_KERNEL_STATE     file with the state (a journal). Programs that run one after the other with the
 *                         same file see each other's rules and settings
 *   FAKE_KERNEL_INIT      initial state, k=v separated by commas; default
 *                         enabled=1,failure=1,pid=0,rate=0,backlog_limit=64,lost=0,backlog=0,
 *                         features=0x7f,wait=60000,actual=0,feat=0,lock=0
 *   FAKE_KERNEL_FAIL      type:errno[,type:errno...]: answers such requests with -errno
 *   FAKE_KERNEL_AT        type:n:event[:argument][;...]: what happens at the n-th request of a type that the
 *                         program sends, counted from 1:
 *                           refuse:ERRNO   it is answered with -ERRNO, and not carried out
 *                           lose           it is carried out, but its answer is lost: the next receive fails with
 *                                          ENOBUFS
 *                           signal:NUMBER  the program gets this signal, before the request is carried out
 *                           run:COMMAND    the shell runs this first, without FAKE_KERNEL_AT
 *   FAKE_KERNEL_MACHINE   uname().machine
 *   FAKE_KERNEL_NOCAP     1: the program lacks CAP_AUDIT_*; otherwise it has them
 *   FAKE_KERNEL_STAT      file with lines "HEXPATH dir|file|other|ERRNO": the results of stat() and its
 *                         variants for these paths; for all others the file system is asked
 *   FAKE_KERNEL_VOLATILE  1: for measurements. Keeps the state in memory, ignores FAKE_KERNEL_STATE, and
 *                         only counts requests: one line COUNT per type at exit (if FAKE_KERNEL_LOG is set)
 *
 * Log, one event per line, fields separated by tabs
 *   START   pid                               the library was loaded
 *   REQ     type flags payloadhex answer      answer: 0, a negative errno, or a count
 *   JUNK    hex                               rest of a datagram that is not a netlink message
 *   SYSLOG  priority texthex                  syslog() and its variants
 *   DEVLOG  datagramhex                       written to the socket /dev/log (or to journald's)
 *   STAT    pathhex dir|file|other|ERRNO      stat() and its variants, by path
 *   KILL    pid signal                        kill(), which always fails with ESRCH
 *   WAIT    text                              a blocking receive with nothing to receive
 *   OVERRUN n                                 the receive buffer was full, an answer was dropped
 *   COUNT   type requests refused             see FAKE_KERNEL_VOLATILE
 *
 * As in the kernel: the messages of a datagram are handled in order; an error answer echoes the request
 * unless the socket has NETLINK_CAP_ACK; a datagram longer than SO_SNDBUF - 32 fails with EMSGSIZE; answers
 * that do not fit into SO_RCVBUF (counted approximately as the kernel does) are dropped, and the next
 * receive fails with ENOBUFS. Both buffers have 212992 bytes by default. Rules are listed by filter list and
 * then in order of insertion; PREPEND inserts at the front, and is cleared in the listed rule.
 *
 * Not as in the kernel: the fields of a rule are not checked (only unknown list numbers fail, with EINVAL);
 * the class bits of the mask are neither cleared nor expanded; paths need not exist; -A of an existing
 * rule fails as -a does (EEXIST). TRIM, MAKE_EQUIV and USER always succeed. SET with enabled=2 locks rules and
 * settings (EPERM); backlog_wait_time > 600000 fails with EINVAL.
 *
 * No message ever arrives unasked, so waiting is pointless: poll, ppoll, select and pselect on the socket do
 * not wait, and a blocking receive with an empty queue fails with EDEADLK, a line on stderr and a WAIT line
 * in the log. (While the program has more than one thread, both wait up to two seconds.) epoll works
 * natively and does wait.
 *
 * So that results do not depend on the machine: all ids are 0; /proc/self/exe is /usr/sbin/auditctl; root is
 * the only user and group (getpwnam, getpwuid, getgrnam, getgrgid, /etc/passwd, /etc/group);
 * /proc/self/status shows these ids and capabilities; files of the user who runs the program appear to
 * belong to root. Files below /run/rauditctl are in the directory $FAKE_KERNEL_STATE.run.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/netlink.h>

/* ------------------------------------------------------------- formats */

enum {
	A_GET = 1000, A_SET = 1001, A_USER = 1005, A_ADD_RULE = 1011, A_DEL_RULE = 1012, A_LIST_RULES = 1013,
	A_TRIM = 1014, A_MAKE_EQUIV = 1015, A_SET_FEATURE = 1018, A_GET_FEATURE = 1019,
};
enum {	/* the members of a status that a SET changes */
	S_ENABLED = 1, S_FAILURE = 2, S_PID = 4, S_RATE = 8, S_BACKLOG_LIMIT = 16, S_WAIT = 32,
	S_LOST = 64, S_ACTUAL = 128,
};
#define PREPEND 0x10u
#define WAIT_MAX 600000u
#define FIELDS 64

struct status {
	uint32_t mask, enabled, failure, pid, rate_limit, backlog_limit, lost, backlog, feature_bitmap,
		 backlog_wait_time, backlog_wait_time_actual;
};
struct features { uint32_t vers, mask, features, lock; };
struct rule_data {
	uint32_t flags, action, field_count, mask[64], fields[FIELDS], values[FIELDS], fieldflags[FIELDS], buflen;
	unsigned char buf[];
};

/* --------------------------------------------------------------- basics */

#define REAL(ret, name, ...) \
	static ret (*real)(__VA_ARGS__); \
	if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long (*real_syscall)(long, ...);

static long sys(long n, long a, long b, long c, long d, long e, long f)
{
	if (!real_syscall) *(void **)&real_syscall = dlsym(RTLD_NEXT, "syscall");
	return real_syscall(n, a, b, c, d, e, f);
}
static ssize_t raw_write(int fd, const void *b, size_t n) { return sys(SYS_write, fd, (long)b, n, 0, 0, 0); }
static ssize_t raw_read(int fd, void *b, size_t n) { return sys(SYS_read, fd, (long)b, n, 0, 0, 0); }
static int raw_open(const char *p, int fl, int mode) { return sys(SYS_openat, AT_FDCWD, (long)p, fl|O_CLOEXEC, mode, 0, 0); }
static int raw_close(int fd) { return sys(SYS_close, fd, 0, 0, 0, 0, 0); }
static uid_t raw_uid(void) { return sys(SYS_getuid, 0, 0, 0, 0, 0, 0); }

static void say(const char *s)
{
	char b[300];
	int n = snprintf(b, sizeof b, "fake_kernel: %s\n", s);
	if (raw_write(2, b, n)) {}
}
static void die(const char *s) { say(s); _exit(99); }
static void *mem(size_t n) { void *p = calloc(1, n ? n : 1); if (!p) die("out of memory"); return p; }

static int is_volatile(void)
{
	static int v = -1;
	if (v < 0) { const char *p = getenv("FAKE_KERNEL_VOLATILE"); v = p && *p && *p != '0'; }
	return v;
}

static void append(const char *file, const void *d, size_t n)
{
	int e = errno, fd = raw_open(file, O_WRONLY|O_APPEND|O_CREAT, 0600);
	if (fd < 0 || raw_write(fd, d, n) != (ssize_t)n) die("cannot write the log or the state");
	raw_close(fd);
	errno = e;
}

static void logline(const char *fmt, ...)
{
	const char *p = getenv("FAKE_KERNEL_LOG");
	char *s; va_list ap; int n;
	if (!p || !*p) { if (is_volatile()) return; die("FAKE_KERNEL_LOG is not set"); }
	va_start(ap, fmt); n = vasprintf(&s, fmt, ap); va_end(ap);
	if (n < 0) die("out of memory");
	append(p, s, n);
	free(s);
}

static char *hexs(const void *v, size_t n)
{
	static const char h[] = "0123456789abcdef";
	const unsigned char *d = v;
	char *o = mem(2*n + 1);
	size_t i;
	for (i = 0; i < n; i++) { o[2*i] = h[d[i] >> 4]; o[2*i+1] = h[d[i] & 15]; }
	return o;
}

static void loghex(const char *what, const void *d, size_t n)
{
	char *h = hexs(d, n);
	logline("%s\t%s\n", what, h);
	free(h);
}

/* ------------------------------------------------------------ the state */

struct rule { struct rule *next, *prev, *hnext; uint32_t list, hash; size_t len; unsigned char *data; };
static struct { struct rule *head, *tail; } lists[8];
#define BUCKETS 65536u
static struct rule **table;

static struct { uint32_t enabled, failure, pid, rate, backlog_limit, lost, backlog, features, wait, actual, feat, lock; }
	st = { 1, 1, 0, 0, 64, 0, 0, 0x7f, 60000, 0, 0, 0 };
static const char *const st_names[] = { "enabled", "failure", "pid", "rate", "backlog_limit", "lost", "backlog",
	"features", "wait", "actual", "feat", "lock" };

static uint32_t mix(uint32_t h, const void *v, size_t words)
{
	const uint32_t *w = v;
	while (words--) h = (h ^ *w++) * 16777619u, h ^= h >> 15;
	return h;
}
static uint32_t nfields(const struct rule_data *a) { return a->field_count < FIELDS ? a->field_count : FIELDS; }

static uint32_t rule_hash(const struct rule_data *a)
{
	uint32_t head[3] = { a->flags & ~PREPEND, a->action, a->field_count }, h = mix(2166136261u, head, 3), n = nfields(a), i;
	h = mix(h, a->mask, 64);
	h = mix(h, a->fields, n); h = mix(h, a->values, n); h = mix(h, a->fieldflags, n);
	for (i = 0; i < a->buflen; i++) h = (h ^ a->buf[i]) * 16777619u;
	return h ^ h >> 15;
}

static int same_rule(const struct rule_data *x, const struct rule_data *y)
{
	size_t n = nfields(x) * sizeof(uint32_t);
	return (x->flags & ~PREPEND) == (y->flags & ~PREPEND) && x->action == y->action &&
	       x->field_count == y->field_count && x->buflen == y->buflen &&
	       !memcmp(x->mask, y->mask, sizeof x->mask) && !memcmp(x->fields, y->fields, n) &&
	       !memcmp(x->values, y->values, n) && !memcmp(x->fieldflags, y->fieldflags, n) &&
	       !memcmp(x->buf, y->buf, x->buflen);
}

/* ADD_RULE if add, else DEL_RULE; d is aligned and has dl bytes */
static int change_rule(int add, const unsigned char *d, size_t dl)
{
	const struct rule_data *a = (const void *)d;
	struct rule *r, **pp;
	uint32_t list, h;

	if (dl < sizeof *a || dl - sizeof *a < a->buflen) return -EINVAL;
	if (st.enabled == 2) return -EPERM;
	list = a->flags & ~PREPEND;
	if (list > 7 || list == 2 || list == 3) return -EINVAL;
	if (!table) table = mem(BUCKETS * sizeof *table);
	h = rule_hash(a);
	for (pp = &table[h % BUCKETS]; (r = *pp); pp = &r->hnext)
		if (r->hash == h && same_rule((const void *)r->data, a)) break;
	if (!add) {
		if (!r) return -ENOENT;
		*pp = r->hnext;
		*(r->prev ? &r->prev->next : &lists[list].head) = r->next;
		*(r->next ? &r->next->prev : &lists[list].tail) = r->prev;
		free(r->data); free(r);
		return 0;
	}
	if (r) return -EEXIST;
	r = mem(sizeof *r);
	r->list = list; r->hash = h; r->len = sizeof *a + a->buflen;
	r->data = mem(r->len);
	memcpy(r->data, d, r->len);
	((struct rule_data *)r->data)->flags = list;
	r->hnext = table[h % BUCKETS]; table[h % BUCKETS] = r;
	if (a->flags & PREPEND) {
		r->next = lists[list].head;
		*(r->next ? &r->next->prev : &lists[list].tail) = r;
		lists[list].head = r;
	} else {
		r->prev = lists[list].tail;
		*(r->prev ? &r->prev->next : &lists[list].head) = r;
		lists[list].tail = r;
	}
	return 0;
}

/* The state file is a journal of records: kind, length, data. */
enum { J_STATUS = 1, J_ADD = 2, J_DEL = 3 };

static void journal(uint32_t kind, const void *d, uint32_t n)
{
	const char *p = getenv("FAKE_KERNEL_STATE");
	uint32_t *b;
	if (is_volatile()) return;
	if (!p || !*p) die("FAKE_KERNEL_STATE is not set");
	b = mem(8 + n);
	b[0] = kind; b[1] = n; memcpy(b + 2, d, n);
	append(p, b, 8 + n);
	free(b);
}

static void replay(int fd)
{
	struct stat sb;
	unsigned char *all, *p;
	size_t left;
	if (sys(SYS_fstat, fd, (long)&sb, 0, 0, 0, 0)) die("cannot read the state");
	all = p = mem(sb.st_size);
	if (raw_read(fd, all, sb.st_size) != sb.st_size) die("cannot read the state");
	for (left = sb.st_size; left; ) {
		uint32_t h[2], keep;
		unsigned char *d;
		if (left < 8) die("the state is damaged");
		memcpy(h, p, 8);
		if (left - 8 < h[1]) die("the state is damaged");
		d = mem(h[1]);
		memcpy(d, p + 8, h[1]);
		if (h[0] == J_STATUS && h[1] == sizeof st) memcpy(&st, d, sizeof st);
		else if (h[0] == J_ADD || h[0] == J_DEL) {
			keep = st.enabled; st.enabled = 1;	/* the recorded change was allowed */
			change_rule(h[0] == J_ADD, d, h[1]);
			st.enabled = keep;
		} else die("the state is damaged");
		free(d);
		p += 8 + h[1]; left -= 8 + h[1];
	}
	free(all);
}

static void load(void)
{
	static int loaded;
	const char *p, *i;
	int fd = -1, e = errno;
	if (loaded) return;
	loaded = 1;
	p = getenv("FAKE_KERNEL_STATE");
	if (!is_volatile()) {
		if (!p || !*p) die("FAKE_KERNEL_STATE is not set");
		fd = raw_open(p, O_RDONLY, 0);
	}
	if (fd >= 0) { replay(fd); raw_close(fd); }
	else if ((i = getenv("FAKE_KERNEL_INIT"))) {
		char *d = strdup(i), *s, *t;
		for (t = strtok_r(d, ",", &s); t; t = strtok_r(NULL, ",", &s)) {
			char *eq = strchr(t, '=');
			unsigned j;
			if (!eq) die("FAKE_KERNEL_INIT is not k=v,...");
			*eq = 0;
			for (j = 0; j < sizeof st_names / sizeof *st_names && strcmp(st_names[j], t); j++) ;
			if (j == sizeof st_names / sizeof *st_names) die("FAKE_KERNEL_INIT has an unknown name");
			((uint32_t *)&st)[j] = strtoul(eq + 1, NULL, 0);
		}
		free(d);
	}
	if (fd < 0) journal(J_STATUS, &st, sizeof st);
	errno = e;
}

static int set_one(uint32_t *p, uint32_t v)
{
	if (st.enabled == 2) return -EPERM;
	*p = v;
	return 0;
}

static int do_set(const unsigned char *d, size_t n)
{
	struct status s;
	int rc = 0;
	memset(&s, 0, sizeof s);
	memcpy(&s, d, n < sizeof s ? n : sizeof s);
	if (s.mask & S_ENABLED) {
		if (s.enabled > 2) return -EINVAL;
		if ((rc = set_one(&st.enabled, s.enabled)) < 0) return rc;
	}
	if (s.mask & S_FAILURE) {
		if (s.failure > 2) return -EINVAL;
		if ((rc = set_one(&st.failure, s.failure)) < 0) return rc;
	}
	if (s.mask & S_PID) return -EINVAL;	/* only the audit daemon may */
	if (s.mask & S_RATE && (rc = set_one(&st.rate, s.rate_limit)) < 0) return rc;
	if (s.mask & S_BACKLOG_LIMIT && (rc = set_one(&st.backlog_limit, s.backlog_limit)) < 0) return rc;
	if (s.mask & S_WAIT) {
		if (s.backlog_wait_time > WAIT_MAX) return -EINVAL;
		if ((rc = set_one(&st.wait, s.backlog_wait_time)) < 0) return rc;
	}
	if (s.mask == S_LOST) { rc = st.lost; st.lost = 0; }
	if (s.mask == S_ACTUAL) { rc = st.actual; st.actual = 0; }
	return rc;
}

static int set_feature(const unsigned char *d, size_t n)
{
	struct features f;
	uint32_t want;
	memset(&f, 0, sizeof f);
	memcpy(&f, d, n < sizeof f ? n : sizeof f);
	want = (st.feat & ~f.mask) | (f.features & f.mask);
	if ((want ^ st.feat) & st.lock & f.mask) return -EPERM;
	st.feat = want;
	st.lock |= f.lock & f.mask;
	return 0;
}

static int forced(int type)
{
	const char *p = getenv("FAKE_KERNEL_FAIL");
	while (p && *p) {
		char *e;
		long t = strtol(p, &e, 10);
		if (*e == ':') {
			long er = strtol(e + 1, &e, 10);
			if (t == type) return -(int)er;
		}
		p = *e == ',' ? e + 1 : NULL;
	}
	return 0;
}

/* Returns the argument of an event at the n-th request of a type (FAKE_KERNEL_AT), or NULL. */
static const char *at(int type, unsigned n, const char *event)
{
	const char *all = getenv("FAKE_KERNEL_AT");
	char *copy, *entry, *save, *found = NULL;
	size_t len = strlen(event);
	if (!all || !*all) return NULL;
	copy = strdup(all);
	for (entry = strtok_r(copy, ";", &save); entry && !found; entry = strtok_r(NULL, ";", &save)) {
		char *e;
		long t = strtol(entry, &e, 10), nth = *e == ':' ? strtol(e + 1, &e, 10) : 0;
		if (*e != ':' || nth < 1) die("FAKE_KERNEL_AT is not type:n:event;...");
		e++;
		if (t == type && nth == (long)n && !strncmp(e, event, len) && (!e[len] || e[len] == ':'))
			found = strdup(e[len] ? e + len + 1 : "");
	}
	free(copy);
	return found;
}

static void run(const char *command)
{
	int e = errno, status;
	pid_t pid = fork();
	if (pid < 0) die("fork");
	if (!pid) {
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		unsetenv("FAKE_KERNEL_AT");
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) ;
	errno = e;
}

/* ---------------------------------------------------------- the sockets */

struct msg { struct msg *next; size_t len, cost; unsigned char data[]; };
struct sock {
	enum { AUDIT, DEVLOG } kind;
	int refs, type, port, err, congested, cap_ack, no_enobufs, timed, readable;
	size_t rcvbuf, sndbuf, queued;
	struct msg *head, *tail;
};
#define MAXFD 4096
static struct sock *socks[MAXFD];

static struct sock *ours(int fd) { return fd >= 0 && fd < MAXFD ? socks[fd] : NULL; }
static struct sock *audit_sock(int fd) { struct sock *s = ours(fd); return s && s->kind == AUDIT ? s : NULL; }

static void adopt(int fd, struct sock *s)
{
	if (fd >= MAXFD) die("file descriptor too large");
	socks[fd] = s;
	s->refs++;
}
static void forget(int fd)
{
	struct sock *s = ours(fd);
	if (!s) return;
	socks[fd] = NULL;
	if (--s->refs) return;
	while (s->head) { struct msg *m = s->head; s->head = m->next; free(m); }
	free(s);
}

/* approximate space that a message of n bytes takes in the receive buffer */
static size_t cost_of(size_t n)
{
	size_t want = ((n + 63) & ~(size_t)63) + 320, c = 512;
	while (c < want) c *= 2;
	return c + 256;
}

static void enqueue(int fd, struct sock *s, int may_drop, uint16_t type, uint16_t flags, uint32_t seq, const void *d1, size_t n1, const void *d2, size_t n2)
{
	size_t n = sizeof(struct nlmsghdr) + n1 + n2, cost = cost_of(NLMSG_ALIGN(n));
	struct msg *m;
	struct nlmsghdr h = { n, type, flags, seq, s->port };
	uint64_t one = 1;

	if (may_drop && (s->congested || s->queued > s->rcvbuf)) {
		s->congested = 1;
		if (!s->no_enobufs) s->err = ENOBUFS;
		logline("OVERRUN\t1\n");
		return;
	}
	m = mem(sizeof *m + n);
	m->len = n; m->cost = cost;
	memcpy(m->data, &h, sizeof h);
	if (n1) memcpy(m->data + sizeof h, d1, n1);
	if (n2) memcpy(m->data + sizeof h + n1, d2, n2);
	if (s->tail) s->tail->next = m; else s->head = m;
	s->tail = m;
	s->queued += cost;
	if (!s->readable) {
		if (raw_write(fd, &one, 8) != 8) die("eventfd");
		s->readable = 1;
	}
}

static struct { uint32_t n, refused; } counts[64];
static unsigned sent[64];
#define COUNT_BASE 1000

/* Handles one message of h->nlmsg_len bytes, aligned. */
static void request(int fd, struct sock *s, const struct nlmsghdr *h)
{
	const unsigned char *d = (const unsigned char *)h + NLMSG_HDRLEN;
	size_t dl = h->nlmsg_len - NLMSG_HDRLEN;
	int rc, changed = 0, lost;
	unsigned kind = h->nlmsg_type - COUNT_BASE, nth = kind < 64 ? ++sent[kind] : 0;
	const char *arg;

	if ((arg = at(h->nlmsg_type, nth, "run"))) run(arg);
	if ((arg = at(h->nlmsg_type, nth, "signal"))) sys(SYS_kill, getpid(), atoi(arg), 0, 0, 0, 0);
	lost = at(h->nlmsg_type, nth, "lose") != NULL;
	rc = forced(h->nlmsg_type);
	if (!rc && (arg = at(h->nlmsg_type, nth, "refuse"))) rc = -atoi(arg);

	if (!rc) switch (h->nlmsg_type) {
	case A_GET: case A_GET_FEATURE: case A_LIST_RULES: case A_TRIM: case A_MAKE_EQUIV: case A_USER: break;
	case A_SET: rc = do_set(d, dl); changed = 1; break;
	case A_SET_FEATURE: rc = set_feature(d, dl); changed = 1; break;
	case A_ADD_RULE: case A_DEL_RULE:
		rc = change_rule(h->nlmsg_type == A_ADD_RULE, d, dl);
		if (!rc) journal(h->nlmsg_type == A_ADD_RULE ? J_ADD : J_DEL, d, dl);
		break;
	default: rc = -EINVAL;
	}
	if (changed) journal(J_STATUS, &st, sizeof st);
	if (is_volatile()) {
		unsigned i = h->nlmsg_type - COUNT_BASE;
		if (i < 64) { counts[i].n++; counts[i].refused += rc < 0; }
	} else {
		char *hx = hexs(d, dl);
		logline("REQ\t%u\t%u\t%s\t%d\n", h->nlmsg_type, h->nlmsg_flags, hx, rc);
		free(hx);
	}

	if (lost) { s->err = ENOBUFS; return; }
	if ((h->nlmsg_flags & NLM_F_ACK) || rc) {
		struct { int32_t err; struct nlmsghdr h; } ack;
		ack.err = rc; ack.h = *h;
		if (rc < 0 && !s->cap_ack) enqueue(fd, s, 1, NLMSG_ERROR, 0, h->nlmsg_seq, &ack, sizeof ack, d, dl);
		else enqueue(fd, s, 1, NLMSG_ERROR, 0x100 /* capped */, h->nlmsg_seq, &ack, sizeof ack, NULL, 0);
	}
	if (rc < 0) return;
	if (h->nlmsg_type == A_GET) {
		struct status g = { 0, st.enabled, st.failure, st.pid, st.rate, st.backlog_limit, st.lost, st.backlog,
			st.features, st.wait, st.actual };
		enqueue(fd, s, 0, A_GET, 0, h->nlmsg_seq, &g, sizeof g, NULL, 0);
	} else if (h->nlmsg_type == A_GET_FEATURE) {
		struct features f = { 1, 3, st.feat, st.lock };
		enqueue(fd, s, 0, A_GET_FEATURE, 0, h->nlmsg_seq, &f, sizeof f, NULL, 0);
	} else if (h->nlmsg_type == A_LIST_RULES) {
		struct rule *r;
		int i;
		for (i = 0; i < 8; i++)
			for (r = lists[i].head; r; r = r->next)
				enqueue(fd, s, 0, A_LIST_RULES, NLM_F_MULTI, h->nlmsg_seq, r->data, r->len, NULL, 0);
		enqueue(fd, s, 0, NLMSG_DONE, NLM_F_MULTI, h->nlmsg_seq, NULL, 0, NULL, 0);
	}
}

static ssize_t datagram(int fd, struct sock *s, const void *v, size_t n)
{
	const unsigned char *b = v;
	size_t left = n;
	int e = errno;

	if (n > s->sndbuf - 32) { errno = EMSGSIZE; return -1; }
	pthread_mutex_lock(&lock);
	load();
	if (!s->port) s->port = getpid();
	while (left) {
		struct nlmsghdr h;
		unsigned char *copy;
		size_t step;
		if (left < sizeof h || (memcpy(&h, b, sizeof h), h.nlmsg_len < sizeof h || h.nlmsg_len > left)) {
			loghex("JUNK", b, left);
			break;
		}
		if ((uintptr_t)b & 3) {	/* keep the structs aligned */
			copy = mem(h.nlmsg_len);
			memcpy(copy, b, h.nlmsg_len);
			request(fd, s, (void *)copy);
			free(copy);
		} else request(fd, s, (const void *)b);
		step = NLMSG_ALIGN(h.nlmsg_len);
		if (step > left) step = left;
		b += step; left -= step;
	}
	pthread_mutex_unlock(&lock);
	errno = e;
	return n;
}

static int threads(void)
{
	int n = 0;
	DIR *d = opendir("/proc/self/task");
	struct dirent *e;
	if (!d) return 1;
	while ((e = readdir(d))) n += e->d_name[0] != '.';
	closedir(d);
	return n;
}
static int real_poll(struct pollfd *p, nfds_t n, int t)
{
	REAL(int, "poll", struct pollfd *, nfds_t, int);
	return real(p, n, t);
}
static int nonblocking(int fd) { return sys(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0) & O_NONBLOCK; }

static ssize_t receive(int fd, struct sock *s, const struct iovec *iov, size_t niov, int fl, void *name, socklen_t *namelen, int *outfl)
{
	struct msg *m;
	size_t i, done = 0, k, full;
	pthread_mutex_lock(&lock);
	if (s->err) { errno = s->err; s->err = 0; goto fail; }
	if (!s->head) {
		if ((fl & MSG_DONTWAIT) || s->timed || nonblocking(fd)) { errno = EAGAIN; goto fail; }
		if (threads() > 1) {
			struct pollfd p = { fd, POLLIN, 0 };
			pthread_mutex_unlock(&lock);
			real_poll(&p, 1, 2000);
			pthread_mutex_lock(&lock);
		}
		if (!s->head) {
			static const char w[] = "a blocking receive with no answer queued would wait forever";
			logline("WAIT\t%s\n", w);
			say(w);
			errno = EDEADLK;
			goto fail;
		}
	}
	m = s->head;
	for (i = 0; i < niov && done < m->len; i++) {
		k = iov[i].iov_len < m->len - done ? iov[i].iov_len : m->len - done;
		memcpy(iov[i].iov_base, m->data + done, k);
		done += k;
	}
	full = m->len;
	if (outfl) *outfl = done < full ? MSG_TRUNC : 0;
	if (name && namelen) {
		struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
		memcpy(name, &nl, *namelen < sizeof nl ? *namelen : sizeof nl);
		*namelen = sizeof nl;
	}
	if (!(fl & MSG_PEEK)) {
		s->head = m->next;
		s->queued -= m->cost;
		if (!s->head) {
			uint64_t v;
			s->tail = NULL;
			s->congested = 0;
			if (raw_read(fd, &v, 8) != 8) die("eventfd");
			s->readable = 0;
		}
		free(m);
	}
	pthread_mutex_unlock(&lock);
	return fl & MSG_TRUNC ? full : done;
fail:
	pthread_mutex_unlock(&lock);
	return -1;
}

static ssize_t transmit(int fd, struct sock *s, const struct iovec *iov, size_t niov)
{
	size_t n = 0, i;
	unsigned char *b, *p;
	ssize_t rc;
	for (i = 0; i < niov; i++) n += iov[i].iov_len;
	if (niov == 1 && s->kind == AUDIT) return datagram(fd, s, iov->iov_base, n);
	p = b = mem(n);
	for (i = 0; i < niov; i++) { if (iov[i].iov_len) memcpy(p, iov[i].iov_base, iov[i].iov_len); p += iov[i].iov_len; }
	if (s->kind == DEVLOG) { loghex("DEVLOG", b, n); rc = n; }
	else rc = datagram(fd, s, b, n);
	free(b);
	return rc;
}

static int is_log_address(const struct sockaddr *a, socklen_t al)
{
	static const char *const known[] = { "/dev/log", "/var/run/syslog", "/run/syslog", "/var/run/log", "/run/systemd/journal/dev-log",
		"/run/systemd/journal/syslog", "/run/systemd/journal/socket" };
	const struct sockaddr_un *u = (const void *)a;
	char p[sizeof u->sun_path + 1];
	unsigned i;
	if (!a || al <= offsetof(struct sockaddr_un, sun_path) || al > sizeof *u || a->sa_family != AF_UNIX) return 0;
	memset(p, 0, sizeof p);
	memcpy(p, u->sun_path, al - offsetof(struct sockaddr_un, sun_path));
	for (i = 0; i < sizeof known / sizeof *known; i++) if (!strcmp(p, known[i])) return 1;
	return 0;
}

int socket(int domain, int type, int proto)
{
	REAL(int, "socket", int, int, int);
	if (domain == AF_NETLINK && proto == NETLINK_AUDIT) {
		int fd = eventfd(0, (type & SOCK_CLOEXEC ? EFD_CLOEXEC : 0) | (type & SOCK_NONBLOCK ? EFD_NONBLOCK : 0));
		struct sock *s;
		if (fd < 0) return -1;
		s = mem(sizeof *s);
		s->type = type & ~(SOCK_CLOEXEC|SOCK_NONBLOCK);
		s->rcvbuf = s->sndbuf = 212992;
		adopt(fd, s);
		return fd;
	}
	return real(domain, type, proto);
}

int close(int fd)
{
	REAL(int, "close", int);
	forget(fd);
	return real(fd);
}

static int duped(int from, int to)
{
	struct sock *s = ours(from);
	if (to >= 0 && to != from) { forget(to); if (s) adopt(to, s); }
	return to;
}
int dup(int fd) { REAL(int, "dup", int); return duped(fd, real(fd)); }
int dup2(int fd, int to) { REAL(int, "dup2", int, int); return duped(fd, real(fd, to)); }
int dup3(int fd, int to, int fl) { REAL(int, "dup3", int, int, int); return duped(fd, real(fd, to, fl)); }
int fcntl(int fd, int cmd, ...)
{
	REAL(int, "fcntl", int, int, ...);
	va_list ap; void *a; int rc;
	va_start(ap, cmd); a = va_arg(ap, void *); va_end(ap);
	rc = real(fd, cmd, a);
	return cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC ? duped(fd, rc) : rc;
}
int fcntl64(int fd, int cmd, ...)
{
	va_list ap; void *a;
	va_start(ap, cmd); a = va_arg(ap, void *); va_end(ap);
	return fcntl(fd, cmd, a);
}

int bind(int fd, const struct sockaddr *a, socklen_t al)
{
	REAL(int, "bind", int, const struct sockaddr *, socklen_t);
	struct sock *s = audit_sock(fd);
	if (s) {
		const struct sockaddr_nl *nl = (const void *)a;
		if (al < sizeof *nl || nl->nl_family != AF_NETLINK) { errno = EINVAL; return -1; }
		s->port = nl->nl_pid ? nl->nl_pid : (uint32_t)getpid();
		return 0;
	}
	return real(fd, a, al);
}

int connect(int fd, const struct sockaddr *a, socklen_t al)
{
	REAL(int, "connect", int, const struct sockaddr *, socklen_t);
	struct sock *s = ours(fd);
	if (s && s->kind == AUDIT) { if (!s->port) s->port = getpid(); return 0; }
	if (is_log_address(a, al)) {
		if (!s) { s = mem(sizeof *s); s->kind = DEVLOG; adopt(fd, s); }
		return 0;
	}
	return real(fd, a, al);
}

static int name_out(struct sock *s, int self, struct sockaddr *a, socklen_t *al)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = self ? s->port : 0 };
	memcpy(a, &nl, *al < sizeof nl ? *al : sizeof nl);
	*al = sizeof nl;
	return 0;
}
int getsockname(int fd, struct sockaddr *restrict a, socklen_t *restrict al)
{
	REAL(int, "getsockname", int, struct sockaddr *, socklen_t *);
	struct sock *s = audit_sock(fd);
	return s ? name_out(s, 1, a, al) : real(fd, a, al);
}
int getpeername(int fd, struct sockaddr *restrict a, socklen_t *restrict al)
{
	REAL(int, "getpeername", int, struct sockaddr *, socklen_t *);
	struct sock *s = audit_sock(fd);
	return s ? name_out(s, 0, a, al) : real(fd, a, al);
}

int setsockopt(int fd, int level, int opt, const void *v, socklen_t vl)
{
	REAL(int, "setsockopt", int, int, int, const void *, socklen_t);
	struct sock *s = audit_sock(fd);
	int i = 0;
	if (!s) return real(fd, level, opt, v, vl);
	if (v && vl >= sizeof i) memcpy(&i, v, sizeof i);
	if (level == SOL_SOCKET) {
		size_t capped = 2 * (size_t)(i < 212992 ? i : 212992), free_ = 2 * (size_t)i;
		if (opt == SO_RCVBUF) s->rcvbuf = capped < 2304 ? 2304 : capped;
		else if (opt == SO_RCVBUFFORCE) s->rcvbuf = free_ < 2304 ? 2304 : free_;
		else if (opt == SO_SNDBUF) s->sndbuf = capped < 4608 ? 4608 : capped;
		else if (opt == SO_SNDBUFFORCE) s->sndbuf = free_ < 4608 ? 4608 : free_;
		else if (opt == SO_RCVTIMEO) {
			struct timeval tv = { 0, 0 };
			if (v && vl >= sizeof tv) memcpy(&tv, v, sizeof tv);
			s->timed = tv.tv_sec || tv.tv_usec;
		}
	} else if (level == SOL_NETLINK) {
		if (opt == NETLINK_CAP_ACK) s->cap_ack = i != 0;
		else if (opt == NETLINK_NO_ENOBUFS) s->no_enobufs = i != 0;
	}
	return 0;
}

int getsockopt(int fd, int level, int opt, void *restrict v, socklen_t *restrict vl)
{
	REAL(int, "getsockopt", int, int, int, void *, socklen_t *);
	struct sock *s = audit_sock(fd);
	int i = 0;
	if (!s) return real(fd, level, opt, v, vl);
	if (level == SOL_SOCKET) switch (opt) {
	case SO_TYPE: i = s->type; break;
	case SO_DOMAIN: i = AF_NETLINK; break;
	case SO_PROTOCOL: i = NETLINK_AUDIT; break;
	case SO_RCVBUF: i = s->rcvbuf; break;
	case SO_SNDBUF: i = s->sndbuf; break;
	case SO_ERROR: i = s->err; s->err = 0; break;
	} else if (level == SOL_NETLINK) {
		if (opt == NETLINK_CAP_ACK) i = s->cap_ack;
		else if (opt == NETLINK_NO_ENOBUFS) i = s->no_enobufs;
	}
	if (*vl > sizeof i) *vl = sizeof i;
	memcpy(v, &i, *vl);
	return 0;
}

int shutdown(int fd, int how)
{
	REAL(int, "shutdown", int, int);
	if (ours(fd)) return 0;
	return real(fd, how);
}

ssize_t sendto(int fd, const void *b, size_t n, int fl, const struct sockaddr *a, socklen_t al)
{
	REAL(ssize_t, "sendto", int, const void *, size_t, int, const struct sockaddr *, socklen_t);
	struct sock *s = ours(fd);
	struct iovec v = { (void *)b, n };
	if (s) return transmit(fd, s, &v, 1);
	if (is_log_address(a, al)) { loghex("DEVLOG", b, n); return n; }
	return real(fd, b, n, fl, a, al);
}
ssize_t send(int fd, const void *b, size_t n, int fl)
{
	REAL(ssize_t, "send", int, const void *, size_t, int);
	struct sock *s = ours(fd);
	struct iovec v = { (void *)b, n };
	return s ? transmit(fd, s, &v, 1) : real(fd, b, n, fl);
}
ssize_t sendmsg(int fd, const struct msghdr *m, int fl)
{
	REAL(ssize_t, "sendmsg", int, const struct msghdr *, int);
	struct sock *s = ours(fd), once = { .kind = DEVLOG };
	if (!s && is_log_address(m->msg_name, m->msg_namelen)) s = &once;
	return s ? transmit(fd, s, m->msg_iov, m->msg_iovlen) : real(fd, m, fl);
}
int sendmmsg(int fd, struct mmsghdr *m, unsigned n, int fl)
{
	REAL(int, "sendmmsg", int, struct mmsghdr *, unsigned, int);
	struct sock *s = ours(fd);
	unsigned i;
	if (!s) return real(fd, m, n, fl);
	for (i = 0; i < n; i++) {
		ssize_t rc = transmit(fd, s, m[i].msg_hdr.msg_iov, m[i].msg_hdr.msg_iovlen);
		if (rc < 0) return i ? (int)i : -1;
		m[i].msg_len = rc;
	}
	return n;
}
ssize_t write(int fd, const void *b, size_t n)
{
	REAL(ssize_t, "write", int, const void *, size_t);
	struct sock *s = ours(fd);
	struct iovec v = { (void *)b, n };
	return s ? transmit(fd, s, &v, 1) : real(fd, b, n);
}
ssize_t writev(int fd, const struct iovec *v, int n)
{
	REAL(ssize_t, "writev", int, const struct iovec *, int);
	struct sock *s = ours(fd);
	return s ? transmit(fd, s, v, n) : real(fd, v, n);
}

ssize_t recvfrom(int fd, void *restrict b, size_t n, int fl, struct sockaddr *restrict a, socklen_t *restrict al)
{
	REAL(ssize_t, "recvfrom", int, void *, size_t, int, struct sockaddr *, socklen_t *);
	struct sock *s = audit_sock(fd);
	struct iovec v = { b, n };
	return s ? receive(fd, s, &v, 1, fl, a, al, NULL) : real(fd, b, n, fl, a, al);
}
ssize_t __recvfrom_chk(int fd, void *b, size_t n, size_t bl, int fl, struct sockaddr *a, socklen_t *al)
{ if (n > bl) abort(); return recvfrom(fd, b, n, fl, a, al); }
ssize_t recv(int fd, void *b, size_t n, int fl)
{
	REAL(ssize_t, "recv", int, void *, size_t, int);
	struct sock *s = audit_sock(fd);
	struct iovec v = { b, n };
	return s ? receive(fd, s, &v, 1, fl, NULL, NULL, NULL) : real(fd, b, n, fl);
}
ssize_t __recv_chk(int fd, void *b, size_t n, size_t bl, int fl) { if (n > bl) abort(); return recv(fd, b, n, fl); }
ssize_t recvmsg(int fd, struct msghdr *m, int fl)
{
	REAL(ssize_t, "recvmsg", int, struct msghdr *, int);
	struct sock *s = audit_sock(fd);
	if (!s) return real(fd, m, fl);
	m->msg_controllen = 0;
	return receive(fd, s, m->msg_iov, m->msg_iovlen, fl, m->msg_name, &m->msg_namelen, &m->msg_flags);
}
int recvmmsg(int fd, struct mmsghdr *m, unsigned n, int fl, struct timespec *t)
{
	REAL(int, "recvmmsg", int, struct mmsghdr *, unsigned, int, struct timespec *);
	unsigned i;
	if (!audit_sock(fd)) return real(fd, m, n, fl, t);
	for (i = 0; i < n; i++) {
		ssize_t rc = recvmsg(fd, &m[i].msg_hdr, i ? fl | MSG_DONTWAIT : fl);
		if (rc < 0) return i ? (int)i : -1;
		m[i].msg_len = rc;
	}
	return n;
}
ssize_t read(int fd, void *b, size_t n)
{
	REAL(ssize_t, "read", int, void *, size_t);
	struct sock *s = audit_sock(fd);
	struct iovec v = { b, n };
	return s ? receive(fd, s, &v, 1, 0, NULL, NULL, NULL) : real(fd, b, n);
}
ssize_t __read_chk(int fd, void *b, size_t n, size_t bl) { if (n > bl) abort(); return read(fd, b, n); }
ssize_t readv(int fd, const struct iovec *v, int n)
{
	REAL(ssize_t, "readv", int, const struct iovec *, int);
	struct sock *s = audit_sock(fd);
	return s ? receive(fd, s, v, n, 0, NULL, NULL, NULL) : real(fd, v, n);
}

/* Milliseconds to wait for an answer: none in a single thread, see the top. */
static int patience(int t, int answered)
{
	if (!t || answered || threads() == 1) return 0;
	return t < 0 || t > 2000 ? 2000 : t;
}
/* Returns 0 if no socket is ours, 1 if one is, 2 if one has an answer. */
static int any_ours(const struct pollfd *p, nfds_t n)
{
	int found = 0;
	nfds_t i;
	for (i = 0; i < n; i++) {
		struct sock *s = audit_sock(p[i].fd);
		if (s && s->head) return 2;
		if (s) found = 1;
	}
	return found;
}
int poll(struct pollfd *p, nfds_t n, int t)
{
	int a = any_ours(p, n);
	return real_poll(p, n, a ? patience(t, a == 2) : t);
}
int __poll_chk(struct pollfd *p, nfds_t n, int t, size_t l) { if (l / sizeof *p < n) abort(); return poll(p, n, t); }
int ppoll(struct pollfd *p, nfds_t n, const struct timespec *t, const sigset_t *m)
{
	REAL(int, "ppoll", struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
	struct timespec z;
	int a = any_ours(p, n);
	if (a) {
		int ms = patience(t ? (int)(t->tv_sec * 1000 + t->tv_nsec / 1000000) : -1, a == 2);
		z.tv_sec = ms / 1000; z.tv_nsec = ms % 1000 * 1000000L;
		t = &z;
	}
	return real(p, n, t, m);
}
int __ppoll_chk(struct pollfd *p, nfds_t n, const struct timespec *t, const sigset_t *m, size_t l)
{ if (l / sizeof *p < n) abort(); return ppoll(p, n, t, m); }

static int ours_in_set(int n, fd_set *r)
{
	int i, found = 0;
	for (i = 0; r && i < n && i < FD_SETSIZE; i++) {
		struct sock *s = FD_ISSET(i, r) ? audit_sock(i) : NULL;
		if (s && s->head) return 2;
		if (s) found = 1;
	}
	return found;
}
int select(int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *t)
{
	REAL(int, "select", int, fd_set *, fd_set *, fd_set *, struct timeval *);
	struct timeval z;
	int a = ours_in_set(n, r);
	if (a) {
		int ms = patience(t ? (int)(t->tv_sec * 1000 + t->tv_usec / 1000) : -1, a == 2);
		z.tv_sec = ms / 1000; z.tv_usec = ms % 1000 * 1000;
		t = &z;
	}
	return real(n, r, w, e, t);
}
int pselect(int n, fd_set *r, fd_set *w, fd_set *e, const struct timespec *t, const sigset_t *m)
{
	REAL(int, "pselect", int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *);
	struct timespec z;
	int a = ours_in_set(n, r);
	if (a) {
		int ms = patience(t ? (int)(t->tv_sec * 1000 + t->tv_nsec / 1000000) : -1, a == 2);
		z.tv_sec = ms / 1000; z.tv_nsec = ms % 1000 * 1000000L;
		t = &z;
	}
	return real(n, r, w, e, t, m);
}

/* --------------------------------------------------------------- syslog */

static void logged(int prio, const char *fmt, va_list ap)
{
	char *s, *hx;
	int n, e = errno;
	va_list c;
	va_copy(c, ap); n = vasprintf(&s, fmt, c); va_end(c);
	if (n < 0) die("out of memory");
	hx = hexs(s, n);
	logline("SYSLOG\t%d\t%s\n", prio, hx);
	free(hx); free(s);
	errno = e;
}
void vsyslog(int p, const char *f, va_list ap) { logged(p, f, ap); }
void __vsyslog_chk(int p, int fl, const char *f, va_list ap) { (void)fl; logged(p, f, ap); }
void syslog(int p, const char *f, ...) { va_list a; va_start(a, f); logged(p, f, a); va_end(a); }
void __syslog_chk(int p, int fl, const char *f, ...) { va_list a; (void)fl; va_start(a, f); logged(p, f, a); va_end(a); }
void openlog(const char *i, int o, int f) { (void)i; (void)o; (void)f; }
void closelog(void) {}

/* --------------------------------------------------------- files, stat */

struct entry { char *path; size_t len; int mode, err; };
static struct entry *entries;
static size_t nentries;

static size_t trimmed(const char *p) { size_t n = strlen(p); while (n > 1 && p[n-1] == '/') n--; return n; }

static void load_table(void)
{
	static int done;
	const char *fn = getenv("FAKE_KERNEL_STAT");
	char *all, *line, *save, *nl;
	struct stat sb;
	int fd;
	if (done) return;
	done = 1;
	if (!fn || !*fn) return;
	fd = raw_open(fn, O_RDONLY, 0);
	if (fd < 0 || sys(SYS_fstat, fd, (long)&sb, 0, 0, 0, 0)) die("cannot read FAKE_KERNEL_STAT");
	all = mem(sb.st_size + 1);
	if (raw_read(fd, all, sb.st_size) != sb.st_size) die("cannot read FAKE_KERNEL_STAT");
	raw_close(fd);
	for (line = strtok_r(all, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		struct entry e = { 0 };
		size_t i, n;
		if (!(nl = strchr(line, ' ')) || (nl - line) % 2) die("FAKE_KERNEL_STAT: bad line");
		n = (nl - line) / 2;
		e.path = mem(n + 1);
		for (i = 0; i < n; i++) {
			unsigned c;
			if (sscanf(line + 2*i, "%2x", &c) != 1) die("FAKE_KERNEL_STAT: bad line");
			e.path[i] = c;
		}
		nl++;
		if (!strcmp(nl, "dir")) e.mode = S_IFDIR | 0755;
		else if (!strcmp(nl, "file")) e.mode = S_IFREG | 0644;
		else if (!strcmp(nl, "other")) e.mode = S_IFCHR | 0666;
		else if (!(e.err = atoi(nl))) die("FAKE_KERNEL_STAT: bad line");
		e.len = trimmed(e.path);
		entries = realloc(entries, (nentries + 1) * sizeof *entries);
		if (!entries) die("out of memory");
		entries[nentries++] = e;
	}
	free(all);
}
static const struct entry *lookup(const char *p)
{
	size_t i, n;
	if (!p || *p != '/') return NULL;
	pthread_mutex_lock(&lock);
	load_table();
	pthread_mutex_unlock(&lock);
	for (i = 0; i < nentries; i++) if (!strcmp(entries[i].path, p)) return &entries[i];
	n = trimmed(p);
	for (i = 0; i < nentries; i++) if (entries[i].len == n && !memcmp(entries[i].path, p, n)) return &entries[i];
	return NULL;
}
static void log_stat(const char *p, int rc, int e, int mode)
{
	char num[16], *h;
	if (!getenv("FAKE_KERNEL_LOG") || is_volatile() || !p || !*p) return;
	snprintf(num, sizeof num, "%d", e);
	h = hexs(p, strlen(p));
	logline("STAT\t%s\t%s\n", h, rc ? num : S_ISDIR(mode) ? "dir" : S_ISREG(mode) ? "file" : "other");
	free(h);
}

/* Answers from the table, else by CALL. */
#define STATLIKE(P, B, CALL) \
	const struct entry *en = lookup(P); \
	int rc, er; \
	if (en) { \
		memset(B, 0, sizeof *(B)); \
		(B)->st_mode = en->mode; (B)->st_nlink = 1; (B)->st_ino = 1; (B)->st_dev = 1; \
		rc = en->err ? -1 : 0; \
		er = en->err; \
	} else { rc = CALL; er = errno; if (!rc && (B)->st_uid == raw_uid()) (B)->st_uid = 0; } \
	log_stat(P, rc, er, rc ? 0 : (B)->st_mode); \
	if (rc) errno = er; \
	return rc

int stat(const char *restrict p, struct stat *restrict b)
{ REAL(int, "stat", const char *, struct stat *); STATLIKE(p, b, real(p, b)); }
int lstat(const char *restrict p, struct stat *restrict b)
{ REAL(int, "lstat", const char *, struct stat *); STATLIKE(p, b, real(p, b)); }
int fstatat(int d, const char *restrict p, struct stat *restrict b, int fl)
{ REAL(int, "fstatat", int, const char *, struct stat *, int); STATLIKE(p, b, real(d, p, b, fl)); }
int fstat(int fd, struct stat *b)
{ REAL(int, "fstat", int, struct stat *); STATLIKE(NULL, b, real(fd, b)); }
int stat64(const char *restrict p, struct stat64 *restrict b)
{ REAL(int, "stat64", const char *, struct stat64 *); STATLIKE(p, b, real(p, b)); }
int lstat64(const char *restrict p, struct stat64 *restrict b)
{ REAL(int, "lstat64", const char *, struct stat64 *); STATLIKE(p, b, real(p, b)); }
int fstatat64(int d, const char *restrict p, struct stat64 *restrict b, int fl)
{ REAL(int, "fstatat64", int, const char *, struct stat64 *, int); STATLIKE(p, b, real(d, p, b, fl)); }
int fstat64(int fd, struct stat64 *b)
{ REAL(int, "fstat64", int, struct stat64 *); STATLIKE(NULL, b, real(fd, b)); }
/* names used by programs linked with glibc before 2.33 */
int __xstat(int v, const char *p, struct stat *b)
{ REAL(int, "__xstat", int, const char *, struct stat *); STATLIKE(p, b, real(v, p, b)); }
int __lxstat(int v, const char *p, struct stat *b)
{ REAL(int, "__lxstat", int, const char *, struct stat *); STATLIKE(p, b, real(v, p, b)); }
int __fxstat(int v, int fd, struct stat *b)
{ REAL(int, "__fxstat", int, int, struct stat *); STATLIKE(NULL, b, real(v, fd, b)); }
int __fxstatat(int v, int d, const char *p, struct stat *b, int fl)
{ REAL(int, "__fxstatat", int, int, const char *, struct stat *, int); STATLIKE(p, b, real(v, d, p, b, fl)); }
int __xstat64(int v, const char *p, struct stat64 *b)
{ REAL(int, "__xstat64", int, const char *, struct stat64 *); STATLIKE(p, b, real(v, p, b)); }
int __lxstat64(int v, const char *p, struct stat64 *b)
{ REAL(int, "__lxstat64", int, const char *, struct stat64 *); STATLIKE(p, b, real(v, p, b)); }
int __fxstat64(int v, int fd, struct stat64 *b)
{ REAL(int, "__fxstat64", int, int, struct stat64 *); STATLIKE(NULL, b, real(v, fd, b)); }
int __fxstatat64(int v, int d, const char *p, struct stat64 *b, int fl)
{ REAL(int, "__fxstatat64", int, int, const char *, struct stat64 *, int); STATLIKE(p, b, real(v, d, p, b, fl)); }

int statx(int d, const char *restrict p, int fl, unsigned mask, struct statx *restrict b)
{
	const struct entry *en;
	const void *volatile vp = p, *volatile vb = b;	/* declared nonnull, but std passes NULL to test for statx */
	int rc, e;
	if (!vp || !vb) return sys(SYS_statx, d, (long)vp, fl, mask, (long)vb, 0);
	en = lookup(p);
	if (en) {
		memset(b, 0, sizeof *b);
		b->stx_mask = STATX_BASIC_STATS;
		b->stx_mode = en->mode; b->stx_nlink = 1; b->stx_ino = 1; b->stx_blksize = 4096;
		rc = en->err ? -1 : 0;
		e = en->err;
	} else {
		rc = sys(SYS_statx, d, (long)p, fl, mask, (long)b, 0);
		e = errno;
		if (!rc && b->stx_uid == raw_uid()) b->stx_uid = 0;
	}
	log_stat(p, rc, e, rc ? 0 : b->stx_mode);
	if (rc) errno = e;
	return rc;
}

ssize_t readlink(const char *restrict p, char *restrict b, size_t n)
{
	REAL(ssize_t, "readlink", const char *, char *, size_t);
	if (!strcmp(p, "/proc/self/exe")) {
		static const char x[] = "/usr/sbin/auditctl";
		size_t l = sizeof x - 1;
		if (l > n) l = n;
		memcpy(b, x, l);
		return l;
	}
	return real(p, b, n);
}
ssize_t __readlink_chk(const char *restrict p, char *restrict b, size_t n, size_t l) { if (n > l) abort(); return readlink(p, b, n); }
ssize_t readlinkat(int d, const char *restrict p, char *restrict b, size_t n)
{
	REAL(ssize_t, "readlinkat", int, const char *, char *, size_t);
	return strcmp(p, "/proc/self/exe") ? real(d, p, b, n) : readlink(p, b, n);
}

static int nocap(void) { const char *p = getenv("FAKE_KERNEL_NOCAP"); return p && *p && *p != '0'; }
#define AUDIT_CAPS ((uint64_t)1 << 29 | (uint64_t)1 << 30 | (uint64_t)1 << 37)

static int as_file(const char *text, size_t n)
{
	int fd = memfd_create("file", MFD_CLOEXEC);
	if (fd < 0 || raw_write(fd, text, n) != (ssize_t)n) die("memfd");
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Returns a descriptor of a replaced file, or -1 for any other file. */
static int special(const char *p, int flags)
{
	static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n", group[] = "root:x:0:\n";
	char own[40];
	if (!p || *p != '/' || (flags & O_ACCMODE) != O_RDONLY || (flags & (O_PATH|O_DIRECTORY))) return -1;
	if (!strcmp(p, "/etc/passwd")) return as_file(passwd, sizeof passwd - 1);
	if (!strcmp(p, "/etc/group")) return as_file(group, sizeof group - 1);
	snprintf(own, sizeof own, "/proc/%d/status", (int)getpid());
	if (!strcmp(p, "/proc/self/status") || !strcmp(p, "/proc/thread-self/status") || !strcmp(p, own)) {
		char in[16384], out[17000], *line, *save;
		size_t n = 0, got = 0;
		ssize_t k;
		int fd = raw_open(p, O_RDONLY, 0);
		if (fd < 0) return -1;
		while ((k = raw_read(fd, in + got, sizeof in - 1 - got)) > 0) got += k;
		raw_close(fd);
		in[got] = 0;
		for (line = strtok_r(in, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
			if (!strncmp(line, "CapEff:", 7) || !strncmp(line, "CapPrm:", 7)) {
				uint64_t c = strtoull(line + 7, NULL, 16);
				c = nocap() ? c & ~AUDIT_CAPS : c | AUDIT_CAPS;
				n += snprintf(out + n, sizeof out - n, "%.7s\t%016llx\n", line, (unsigned long long)c);
			} else if (!strncmp(line, "Uid:", 4) || !strncmp(line, "Gid:", 4))
				n += snprintf(out + n, sizeof out - n, "%.4s\t0\t0\t0\t0\n", line);
			else n += snprintf(out + n, sizeof out - n, "%s\n", line);
		}
		return as_file(out, n);
	}
	return -1;
}

/* The files of rauditctl in /run are beside the state, so that runs do not meet those of the machine or of others. */
#define RUN "/run/rauditctl"
static const char *moved(const char *p, char *to, size_t n)
{
	const char *state = getenv("FAKE_KERNEL_STATE");
	size_t len = sizeof RUN - 1;
	if (!p || strncmp(p, RUN, len) || (p[len] && p[len] != '/')) return p;
	if (!state || !*state) return "/dev/null/none";
	snprintf(to, n, "%s.run%s", state, p + len);
	return to;
}
int mkdir(const char *p, mode_t mode)
{
	REAL(int, "mkdir", const char *, mode_t);
	char to[4096];
	return real(moved(p, to, sizeof to), mode);
}

#define OPENLIKE(NAME) \
	va_list ap; int mode = 0, fd; \
	char to[4096]; \
	p = moved(p, to, sizeof to); \
	if (fl & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { va_start(ap, fl); mode = va_arg(ap, int); va_end(ap); } \
	if ((fd = special(p, fl)) >= 0) return fd
int open(const char *p, int fl, ...)
{ REAL(int, "open", const char *, int, ...); OPENLIKE(); return real(p, fl, mode); }
int open64(const char *p, int fl, ...)
{ REAL(int, "open64", const char *, int, ...); OPENLIKE(); return real(p, fl, mode); }
int openat(int d, const char *p, int fl, ...)
{ REAL(int, "openat", int, const char *, int, ...); OPENLIKE(); return real(d, p, fl, mode); }
int openat64(int d, const char *p, int fl, ...)
{ REAL(int, "openat64", int, const char *, int, ...); OPENLIKE(); return real(d, p, fl, mode); }
int __open_2(const char *p, int fl) { return open(p, fl); }
int __open64_2(const char *p, int fl) { return open64(p, fl); }
FILE *fopen(const char *restrict p, const char *restrict m)
{
	REAL(FILE *, "fopen", const char *, const char *);
	int fd = m[0] == 'r' && !strchr(m, '+') ? special(p, O_RDONLY) : -1;
	return fd >= 0 ? fdopen(fd, m) : real(p, m);
}
FILE *fopen64(const char *restrict p, const char *restrict m)
{
	REAL(FILE *, "fopen64", const char *, const char *);
	int fd = m[0] == 'r' && !strchr(m, '+') ? special(p, O_RDONLY) : -1;
	return fd >= 0 ? fdopen(fd, m) : real(p, m);
}

/* --------------------------------------------- ids and capabilities */

uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
gid_t getgid(void) { return 0; }
gid_t getegid(void) { return 0; }
int getresuid(uid_t *r, uid_t *e, uid_t *s) { *r = *e = *s = 0; return 0; }
int getresgid(gid_t *r, gid_t *e, gid_t *s) { *r = *e = *s = 0; return 0; }

static char rootname[] = "root", nopass[] = "x", roothome[] = "/root", rootshell[] = "/bin/sh", *nobody[] = { NULL };
static struct passwd root_user = { .pw_name = rootname, .pw_passwd = nopass, .pw_gecos = rootname, .pw_dir = roothome, .pw_shell = rootshell };
static struct group root_group = { .gr_name = rootname, .gr_passwd = nopass, .gr_mem = nobody };

struct passwd *getpwnam(const char *n) { errno = 0; return strcmp(n, "root") ? NULL : &root_user; }
struct passwd *getpwuid(uid_t u) { errno = 0; return u ? NULL : &root_user; }
struct group *getgrnam(const char *n) { errno = 0; return strcmp(n, "root") ? NULL : &root_group; }
struct group *getgrgid(gid_t g) { errno = 0; return g ? NULL : &root_group; }
int getpwnam_r(const char *restrict n, struct passwd *restrict p, char *restrict b, size_t l, struct passwd **restrict r)
{ (void)b; (void)l; *r = NULL; if (!strcmp(n, "root")) { *p = root_user; *r = p; } return 0; }
int getpwuid_r(uid_t u, struct passwd *restrict p, char *restrict b, size_t l, struct passwd **restrict r)
{ (void)b; (void)l; *r = NULL; if (!u) { *p = root_user; *r = p; } return 0; }
int getgrnam_r(const char *restrict n, struct group *restrict g, char *restrict b, size_t l, struct group **restrict r)
{ (void)b; (void)l; *r = NULL; if (!strcmp(n, "root")) { *g = root_group; *r = g; } return 0; }
int getgrgid_r(gid_t i, struct group *restrict g, char *restrict b, size_t l, struct group **restrict r)
{ (void)b; (void)l; *r = NULL; if (!i) { *g = root_group; *r = g; } return 0; }

int uname(struct utsname *u)
{
	const char *m = getenv("FAKE_KERNEL_MACHINE");
	int rc = sys(SYS_uname, (long)u, 0, 0, 0, 0, 0);
	if (rc == 0 && m && *m) snprintf(u->machine, sizeof u->machine, "%s", m);
	return rc;
}

/* libcap-ng, libcap and the crates caps and capctl call one of these */
int capng_have_capability(int set, unsigned cap) { (void)set; (void)cap; return !nocap(); }

int capget(cap_user_header_t h, cap_user_data_t d)
{
	int rc = sys(SYS_capget, (long)h, (long)d, 0, 0, 0, 0), i;
	if (rc || !d) return rc;
	for (i = 0; i < (h->version == _LINUX_CAPABILITY_VERSION_1 ? 1 : 2); i++) {
		uint32_t m = AUDIT_CAPS >> (32 * i);
		if (nocap()) { d[i].effective &= ~m; d[i].permitted &= ~m; }
		else { d[i].effective |= m; d[i].permitted |= m; }
	}
	return 0;
}
int capset(cap_user_header_t h, const cap_user_data_t d)
{
	struct __user_cap_data_struct c[2];
	int i, n = h->version == _LINUX_CAPABILITY_VERSION_1 ? 1 : 2;
	if (!d) return sys(SYS_capset, (long)h, 0, 0, 0, 0, 0);
	for (i = 0; i < n; i++) {	/* the capabilities that are only pretended cannot be set */
		uint32_t m = AUDIT_CAPS >> (32 * i);
		c[i] = d[i];
		c[i].effective &= ~m; c[i].permitted &= ~m; c[i].inheritable &= ~m;
	}
	return sys(SYS_capset, (long)h, (long)c, 0, 0, 0, 0);
}

/* no daemon of the machine may get a signal */
int kill(pid_t pid, int sig)
{
	if (pid == getpid()) return sys(SYS_kill, pid, sig, 0, 0, 0, 0);
	if (getenv("FAKE_KERNEL_LOG")) logline("KILL\t%d\t%d\n", (int)pid, sig);
	errno = ESRCH;
	return -1;
}

/* the same calls through syscall() */
long syscall(long n, ...)
{
	long a[6];
	va_list ap;
	int i;
	va_start(ap, n);
	for (i = 0; i < 6; i++) a[i] = va_arg(ap, long);
	va_end(ap);
	switch (n) {
	case SYS_capget: return capget((void *)a[0], (void *)a[1]);
	case SYS_capset: return capset((void *)a[0], (void *)a[1]);
	case SYS_statx: return statx(a[0], (void *)a[1], a[2], a[3], (void *)a[4]);
#ifdef SYS_newfstatat
	case SYS_newfstatat: return fstatat(a[0], (void *)a[1], (void *)a[2], a[3]);
#endif
#ifdef SYS_stat
	case SYS_stat: return stat((void *)a[0], (void *)a[1]);
	case SYS_lstat: return lstat((void *)a[0], (void *)a[1]);
#endif
	case SYS_uname: return uname((void *)a[0]);
	case SYS_getuid: case SYS_geteuid: case SYS_getgid: case SYS_getegid: return 0;
	case SYS_kill: return kill(a[0], a[1]);
#ifdef SYS_pidfd_send_signal
	case SYS_pidfd_send_signal: errno = ESRCH; return -1;
#endif
	case SYS_socket: return socket(a[0], a[1], a[2]);
	case SYS_bind: return bind(a[0], (void *)a[1], a[2]);
	case SYS_connect: return connect(a[0], (void *)a[1], a[2]);
	case SYS_getsockname: return getsockname(a[0], (void *)a[1], (void *)a[2]);
	case SYS_setsockopt: return setsockopt(a[0], a[1], a[2], (void *)a[3], a[4]);
	case SYS_getsockopt: return getsockopt(a[0], a[1], a[2], (void *)a[3], (void *)a[4]);
	case SYS_sendto: return sendto(a[0], (void *)a[1], a[2], a[3], (void *)a[4], a[5]);
	case SYS_recvfrom: return recvfrom(a[0], (void *)a[1], a[2], a[3], (void *)a[4], (void *)a[5]);
	case SYS_sendmsg: return sendmsg(a[0], (void *)a[1], a[2]);
	case SYS_recvmsg: return recvmsg(a[0], (void *)a[1], a[2]);
	case SYS_read: return read(a[0], (void *)a[1], a[2]);
	case SYS_write: return write(a[0], (void *)a[1], a[2]);
	case SYS_close: return close(a[0]);
	}
	return sys(n, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ------------------------------------------------------------ begin, end */

__attribute__((constructor)) static void begin(void)
{
	sys(SYS_getpid, 0, 0, 0, 0, 0, 0);	/* looks up the real syscall() */
	if (getenv("FAKE_KERNEL_LOG")) logline("START\t%d\n", (int)getpid());
}
__attribute__((destructor)) static void end(void)
{
	unsigned i;
	if (!is_volatile()) return;
	for (i = 0; i < 64; i++)
		if (counts[i].n) logline("COUNT\t%u\t%u\t%u\n", i + COUNT_BASE, counts[i].n, counts[i].refused);
}
