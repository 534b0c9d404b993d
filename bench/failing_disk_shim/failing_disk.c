/* Makes writes to one file fail, for a process that is started with this library preloaded (LD_PRELOAD; Linux).

   FAILING_DISK_FILE: what the path of a file must begin with to be counted: a database with its -wal, -shm and -journal.
   FAILING_DISK_CONTROL: a file of eight 64-bit integers that is mapped and shared, so that anybody may set and read them:
     0  the number, from 1, of the first write that fails; 0: none fails
     1  how many fail from there on; -1: all, until 0 is set to 0
     2  the errno they fail with
     3  writes so far, failed ones among them (write, pwrite, ftruncate, fallocate, fsync, fdatasync)
     4  how many failed
     5  when the first of them failed, CLOCK_MONOTONIC in ns
   All else goes to the C library unchanged. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { FIRST, MANY, ERROR, WRITES, FAILED, SINCE_NS, FIELDS = 8 };

static volatile int64_t *control;
static const char *file;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("FAILING_DISK_CONTROL");
    file = getenv("FAILING_DISK_FILE");
    if (!name || !file) return;
    int handle = open(name, O_RDWR | O_CLOEXEC);
    if (handle < 0) return;
    void *mapped = mmap(NULL, FIELDS * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    close(handle);
    if (mapped != MAP_FAILED) control = mapped;
}

static int is_ours(int handle) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strncmp(path, file, strlen(file)) == 0;
}

/* Counts a write; the errno it is to fail with, or 0. */
static int fault(int handle) {
    int kept = errno;
    if (!control || !is_ours(handle)) {
        errno = kept;
        return 0;
    }
    errno = kept;
    int64_t number = __atomic_add_fetch(&control[WRITES], 1, __ATOMIC_SEQ_CST);
    int64_t first = control[FIRST], many = control[MANY];
    if (!first || number < first || (many >= 0 && number >= first + many)) return 0;
    if (__atomic_add_fetch(&control[FAILED], 1, __ATOMIC_SEQ_CST) == 1) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        control[SINCE_NS] = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    }
    return (int)control[ERROR];
}

#define PASSED(type, name, given, handed)                      \
    type name given {                                          \
        static type(*real) given;                              \
        if (!real) real = (type(*) given)dlsym(RTLD_NEXT, #name); \
        int error = fault(handle);                             \
        if (error) {                                           \
            errno = error;                                     \
            return -1;                                         \
        }                                                      \
        return real handed;                                    \
    }

PASSED(ssize_t, write, (int handle, const void *from, size_t size), (handle, from, size))
PASSED(ssize_t, pwrite, (int handle, const void *from, size_t size, off_t at), (handle, from, size, at))
PASSED(ssize_t, pwrite64, (int handle, const void *from, size_t size, off64_t at), (handle, from, size, at))
PASSED(int, ftruncate, (int handle, off_t size), (handle, size))
PASSED(int, ftruncate64, (int handle, off64_t size), (handle, size))
PASSED(int, fallocate, (int handle, int how, off_t at, off_t size), (handle, how, at, size))
PASSED(int, fsync, (int handle), (handle))
PASSED(int, fdatasync, (int handle), (handle))
