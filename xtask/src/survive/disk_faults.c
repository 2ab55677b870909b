/* Loaded before the program (LD_PRELOAD): lets a chosen write or sync on chosen files fail, lie or
   end the process. What it does stands in a control file that is shared with whoever runs it. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITES = 1, SYNCS = 2, MESSAGES = 4 };
enum { FAILS = 0, LIES = 1, KILLS = 2 };

/* Eight numbers of 64 bits, in the machine's order. */
struct control {
    int64_t kinds;     /* which calls count: sum of WRITES, SYNCS, MESSAGES; 0 = none */
    int64_t nth;       /* counts down; the call that makes it 0 is hit */
    int64_t lasting;   /* 1 = every call after it is hit as well */
    int64_t action;    /* FAILS, LIES or KILLS */
    int64_t error;     /* errno of a failure */
    int64_t calls;     /* calls that counted */
    int64_t hits;      /* calls that were hit */
    int64_t unused;
};

static struct control *control;
static const char *below;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("XINGCUN_TEST_FAULTS");
    below = getenv("XINGCUN_TEST_FAULTS_BELOW");
    if (!path || !below)
        return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        abort();
    void *memory = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        abort();
    close(fd);
    control = memory;
}

static int is_meant(int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    size_t whole = strlen(below);
    /* "$" at the end: exactly this file. */
    if (whole > 0 && below[whole - 1] == '$')
        return (size_t)length == whole - 1 && strncmp(path, below, whole - 1) == 0;
    return strncmp(path, below, whole) == 0;
}

/* 0: go on. 1: fail, errno is set. 2: say that it was done. */
static int hit(int fd, int64_t kind)
{
    if (!control || !(control->kinds & kind) || !is_meant(fd))
        return 0;
    __sync_fetch_and_add(&control->calls, 1);
    int64_t left = __sync_sub_and_fetch(&control->nth, 1);
    if (left > 0 || (left < 0 && !control->lasting))
        return 0;
    __sync_fetch_and_add(&control->hits, 1);
    if (control->action == KILLS)
        kill(getpid(), SIGKILL);
    if (control->action == LIES)
        return 2;
    errno = (int)control->error;
    return 1;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define SEND(name, parameters, arguments) \
    ssize_t name parameters \
    { \
        REAL(name); \
        hit(fd, MESSAGES); \
        return real arguments; \
    }

#define WRITE(name, parameters, arguments) \
    ssize_t name parameters \
    { \
        REAL(name); \
        switch (hit(fd, WRITES)) { \
        case 1: return -1; \
        case 2: return (ssize_t)count; \
        default: return real arguments; \
        } \
    }

#define SYNC(name) \
    int name(int fd) \
    { \
        REAL(name); \
        switch (hit(fd, SYNCS)) { \
        case 1: return -1; \
        case 2: return 0; \
        default: return real(fd); \
        } \
    }

WRITE(write, (int fd, const void *buffer, size_t count), (fd, buffer, count))
WRITE(pwrite, (int fd, const void *buffer, size_t count, off_t at), (fd, buffer, count, at))
WRITE(pwrite64, (int fd, const void *buffer, size_t count, off64_t at), (fd, buffer, count, at))
SEND(send, (int fd, const void *buffer, size_t count, int flags), (fd, buffer, count, flags))
SEND(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
SEND(sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
SYNC(fsync)
SYNC(fdatasync)
