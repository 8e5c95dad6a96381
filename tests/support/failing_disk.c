/* A disk that fails where a test says so: preloaded into a node, compiled by the test.
 *
 * The file named by COMITY_DISK holds one order: SERIAL CALL ERRNO SKIP TIMES PART. The calls of
 * that kind (sync, write) on files whose path has PART in it are counted; SKIP of them go well, and
 * TIMES after these fail with ERRNO, and do nothing. A PART that ends with $ is the path's end.
 * No file, or an empty one: nothing fails.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static long serial = -1, count = 0;

static int named(const char *path, const char *part) {
    size_t whole = strlen(path), end = strlen(part);
    if (part[end - 1] != '$') return strstr(path, part) != NULL;
    end--;
    return whole >= end && strncmp(path + whole - end, part, end) == 0;
}

static int fails(const char *call, int fd) {
    const char *file = getenv("COMITY_DISK");
    char text[512], what[16], part[256], link[64], path[4096];
    long number, skip, times;
    int code, opened, before = errno, failing = 0;
    ssize_t length;
    if (file == NULL) return 0;
    opened = open(file, O_RDONLY | O_CLOEXEC);
    if (opened < 0) { errno = before; return 0; }
    length = read(opened, text, sizeof text - 1);
    close(opened);
    errno = before;
    if (length <= 0) return 0;
    text[length] = 0;
    if (sscanf(text, "%ld %15s %d %ld %ld %255s", &number, what, &code, &skip, &times, part) != 6)
        return 0;
    if (strcmp(what, call) != 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length <= 0) return 0;
    path[length] = 0;
    if (!named(path, part)) return 0;
    pthread_mutex_lock(&guard);
    if (serial != number) { serial = number; count = 0; }
    failing = count >= skip && count < skip + times;
    count++;
    pthread_mutex_unlock(&guard);
    if (failing) errno = code;
    return failing;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd) { return fails("sync", fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails("sync", fd) ? -1 : REAL(fdatasync)(fd); }
ssize_t write(int fd, const void *from, size_t size) {
    return fails("write", fd) ? -1 : REAL(write)(fd, from, size);
}
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
    return fails("write", fd) ? -1 : REAL(pwrite)(fd, from, size, at);
}
ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    return fails("write", fd) ? -1 : REAL(pwrite64)(fd, from, size, at);
}
