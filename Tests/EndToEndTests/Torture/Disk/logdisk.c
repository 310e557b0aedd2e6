// A disk that remembers every write and every flush, for crash tests: a FUSE folder with two files.
//
//   disk   an image in memory; a loop device over it carries a real file system
//   mark   what is written to it goes into the log as a mark: "from here on, job 7 was promised to somebody"
//
//   logdisk IMAGE LOG MOUNTPOINT [fuse options]
//
// The log is a row of records: kind, offset, length (64 bits each, this machine's byte order), then the bytes written.
// Whoever replays it up to any record, leaving out any of the writes since the last flush, has a state in which the
// disk may be found after a power cut.
#define _GNU_SOURCE
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { WRITE = 1, FLUSH = 2, MARK = 3 };

static char *image;
static off_t image_size;
static FILE *record;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int is_disk(const char *path) { return strcmp(path, "/disk") == 0; }
static int is_mark(const char *path) { return strcmp(path, "/mark") == 0; }

// One record, whole and in order, whoever calls.
static void note(enum kind kind, off_t offset, size_t length, const char *bytes) {
    uint64_t head[3] = {kind, (uint64_t)offset, length};
    pthread_mutex_lock(&lock);
    if (kind == WRITE) memcpy(image + offset, bytes, length);
    fwrite(head, sizeof head, 1, record);
    if (length) fwrite(bytes, 1, length, record);
    fflush(record);
    pthread_mutex_unlock(&lock);
}

static int disk_getattr(const char *path, struct stat *facts, struct fuse_file_info *file) {
    (void)file;
    memset(facts, 0, sizeof *facts);
    if (strcmp(path, "/") == 0) {
        facts->st_mode = S_IFDIR | 0700;
        facts->st_nlink = 2;
        return 0;
    }
    if (!is_disk(path) && !is_mark(path)) return -ENOENT;
    facts->st_mode = S_IFREG | 0600;
    facts->st_nlink = 1;
    if (is_disk(path)) {
        facts->st_size = image_size;
        facts->st_blocks = image_size / 512;
    }
    return 0;
}

static int disk_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *file,
                        enum fuse_readdir_flags flags) {
    (void)path, (void)offset, (void)file, (void)flags;
    fill(buffer, "disk", NULL, 0, 0);
    fill(buffer, "mark", NULL, 0, 0);
    return 0;
}

static int disk_open(const char *path, struct fuse_file_info *file) {
    // A mark must not wait in a cache.
    if (is_mark(path)) file->direct_io = 1;
    return 0;
}

static int disk_read(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *file) {
    (void)file;
    if (!is_disk(path) || offset >= image_size) return 0;
    if (offset + (off_t)size > image_size) size = image_size - offset;
    memcpy(buffer, image + offset, size);
    return size;
}

static int disk_write(const char *path, const char *bytes, size_t size, off_t offset, struct fuse_file_info *file) {
    (void)file;
    if (is_mark(path)) {
        note(MARK, 0, size, bytes);
        return size;
    }
    if (offset + (off_t)size > image_size) return -ENOSPC;
    note(WRITE, offset, size, bytes);
    return size;
}

static int disk_fsync(const char *path, int is_data_only, struct fuse_file_info *file) {
    (void)is_data_only, (void)file;
    if (is_disk(path)) note(FLUSH, 0, 0, NULL);
    return 0;
}

static int disk_truncate(const char *path, off_t size, struct fuse_file_info *file) {
    (void)path, (void)size, (void)file;
    return 0;
}

static int disk_fallocate(const char *path, int mode, off_t offset, off_t length, struct fuse_file_info *file) {
    (void)path, (void)mode, (void)offset, (void)length, (void)file;
    return -EOPNOTSUPP;
}

static const struct fuse_operations operations = {
    .getattr = disk_getattr,
    .readdir = disk_readdir,
    .open = disk_open,
    .read = disk_read,
    .write = disk_write,
    .fsync = disk_fsync,
    .truncate = disk_truncate,
    .fallocate = disk_fallocate,
};

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: logdisk IMAGE LOG MOUNTPOINT [fuse options]\n");
        return 64;
    }
    // It stays in the background: an inherited pipe would keep whoever waits for the end of it.
    close_range(3, ~0u, 0);
    int file = open(arguments[1], O_RDWR);
    struct stat facts;
    if (file < 0 || fstat(file, &facts) != 0) {
        perror(arguments[1]);
        return 1;
    }
    image_size = facts.st_size;
    // Private: the image on the disk stays as it was, for it is what the log is replayed onto.
    image = mmap(NULL, image_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    record = fopen(arguments[2], "wb");
    if (image == MAP_FAILED || record == NULL) {
        perror(arguments[2]);
        return 1;
    }
    arguments[2] = arguments[0];
    return fuse_main(count - 2, arguments + 2, &operations, NULL);
}
