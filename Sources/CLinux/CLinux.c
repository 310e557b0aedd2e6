#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

int sp_renameat2(int old_dir, const char *old_name, int new_dir, const char *new_name, unsigned flags) {
    return renameat2(old_dir, old_name, new_dir, new_name, flags) == 0 ? 0 : -errno;
}

int sp_set_mtime(int dir, const char *name, int64_t seconds, long nanoseconds) {
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = seconds, .tv_nsec = nanoseconds}};
    return utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : -errno;
}

long sp_getdents(int fd, void *buffer, size_t size) {
    long filled = syscall(SYS_getdents64, fd, buffer, size);
    return filled >= 0 ? filled : -errno;
}

int sp_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0 ? 0 : -errno; }

long sp_copy_file_range(int input, int output, size_t size) {
    ssize_t copied = copy_file_range(input, NULL, output, NULL, size, 0);
    return copied >= 0 ? copied : -errno;
}

void sp_give_back_memory(void) { malloc_trim(0); }

int64_t sp_file_system_magic(int fd) {
    struct statfs facts;
    return fstatfs(fd, &facts) == 0 ? (int64_t)facts.f_type : -errno;
}

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    return clock_gettime(clock, &now) == 0 ? (int64_t)now.tv_sec * 1000000000 + now.tv_nsec : -errno;
}

int64_t sp_boottime_ns(void) { return nanoseconds(CLOCK_BOOTTIME); }

int64_t sp_monotonic_ns(void) { return nanoseconds(CLOCK_MONOTONIC); }

int sp_clock_is_kept(void) {
    struct timex state = {0};
    return adjtimex(&state) != TIME_ERROR;
}

int sp_start_writing(int fd) { return sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE) == 0 ? 0 : -errno; }

int sp_start_thread(void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);
    if (result != 0) return result;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    result = pthread_create(&thread, &attributes, body, argument);
    pthread_attr_destroy(&attributes);
    return result;
}

void sp_name_thread(const char *name) { prctl(PR_SET_NAME, name); }
