/* A clock that a test sets while a process runs: preloaded into it, compiled by the test.
 *
 * The file named by COMITY_CLOCK holds the seconds by which the time of day is ahead. What counts
 * the time that passes (the monotonic clocks, sleeping, waiting) is left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static double ahead(void) {
    const char *file = getenv("COMITY_CLOCK");
    char text[64];
    int opened, before = errno;
    ssize_t length;
    if (file == NULL) return 0;
    opened = open(file, O_RDONLY | O_CLOEXEC);
    if (opened < 0) { errno = before; return 0; }
    length = read(opened, text, sizeof text - 1);
    close(opened);
    errno = before;
    if (length <= 0) return 0;
    text[length] = 0;
    return strtod(text, NULL);
}

static void move(struct timespec *at) {
    double seconds = ahead();
    long long whole = (long long)(seconds * 1e9) + at->tv_nsec;
    long long carried = whole / 1000000000;
    whole %= 1000000000;
    if (whole < 0) { whole += 1000000000; carried--; }
    at->tv_sec += carried;
    at->tv_nsec = whole;
}

int clock_gettime(clockid_t which, struct timespec *at) {
    int done = REAL(clock_gettime)(which, at);
    if (done == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) move(at);
    return done;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at != NULL) *at = now.tv_sec;
    return now.tv_sec;
}
