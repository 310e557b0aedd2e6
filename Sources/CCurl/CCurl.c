#define _GNU_SOURCE
// The checks that curl/typecheck-gcc.h makes at call sites do not work through pointers.
#define CURL_DISABLE_TYPECHECK
#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

// Every function of libcurl that is used, in one list: declared, found, called.
#define FUNCTIONS(X)                                                                                                  \
    X(curl_global_init)                                                                                               \
    X(curl_version)                                                                                                   \
    X(curl_easy_init)                                                                                                 \
    X(curl_easy_cleanup)                                                                                              \
    X(curl_easy_setopt)                                                                                               \
    X(curl_easy_getinfo)                                                                                              \
    X(curl_easy_strerror)                                                                                             \
    X(curl_slist_append)                                                                                              \
    X(curl_slist_free_all)                                                                                            \
    X(curl_multi_init)                                                                                                \
    X(curl_multi_cleanup)                                                                                             \
    X(curl_multi_add_handle)                                                                                          \
    X(curl_multi_remove_handle)                                                                                       \
    X(curl_multi_perform)                                                                                             \
    X(curl_multi_poll)                                                                                                \
    X(curl_multi_wakeup)                                                                                              \
    X(curl_multi_info_read)

static struct {
#define DECLARE(name) __typeof__(name) *name;
    FUNCTIONS(DECLARE)
#undef DECLARE
} lib;

static const char *problem;

static void load(void) {
    // The name is that of its interface since 2006; Debian and others ship it under this name.
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        problem = "libcurl.so.4 cannot be loaded";
        return;
    }
#define FIND(name)                                                                                                    \
    if (!problem && !(lib.name = (__typeof__(name) *)dlsym(library, #name))) problem = "libcurl.so.4 has no " #name;
    FUNCTIONS(FIND)
#undef FIND
    if (!problem && lib.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) problem = "libcurl cannot be started";
}

const char *cc_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return problem;
}

const char *cc_version(void) { return lib.curl_version(); }

CURL *cc_easy_new(
    void *context, cc_write header, cc_write body, cc_read upload, cc_seek seek, cc_before_request before_request) {
    CURL *easy = lib.curl_easy_init();
    if (!easy) return NULL;
    lib.curl_easy_setopt(easy, CURLOPT_PRIVATE, context);
    lib.curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    lib.curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
    lib.curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    lib.curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    lib.curl_easy_setopt(easy, CURLOPT_READFUNCTION, upload);
    lib.curl_easy_setopt(easy, CURLOPT_READDATA, context);
    lib.curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek);
    lib.curl_easy_setopt(easy, CURLOPT_SEEKDATA, context);
    lib.curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    lib.curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
    return easy;
}

void cc_easy_free(CURL *easy) { lib.curl_easy_cleanup(easy); }

CURLcode cc_set_number(CURL *easy, CURLoption option, int64_t value) {
    bool is_long = option < CURLOPTTYPE_OBJECTPOINT;
    return is_long ? lib.curl_easy_setopt(easy, option, (long)value)
                   : lib.curl_easy_setopt(easy, option, (curl_off_t)value);
}

CURLcode cc_set_text(CURL *easy, CURLoption option, const char *value) {
    return lib.curl_easy_setopt(easy, option, value);
}

CURLcode cc_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return lib.curl_easy_setopt(easy, option, value);
}

CURLcode cc_set_buffer(CURL *easy, CURLoption option, char *value) {
    return lib.curl_easy_setopt(easy, option, value);
}

int64_t cc_get_number(CURL *easy, CURLINFO fact) {
    if ((fact & CURLINFO_TYPEMASK) == CURLINFO_OFF_T) {
        curl_off_t value = 0;
        return lib.curl_easy_getinfo(easy, fact, &value) == CURLE_OK ? value : 0;
    }
    long value = 0;
    return lib.curl_easy_getinfo(easy, fact, &value) == CURLE_OK ? value : 0;
}

const char *cc_error_text(CURLcode code) { return lib.curl_easy_strerror(code); }

struct curl_slist *cc_list_append(struct curl_slist *list, const char *text) {
    return lib.curl_slist_append(list, text);
}

void cc_list_free(struct curl_slist *list) { lib.curl_slist_free_all(list); }

CURLM *cc_multi_new(void) { return lib.curl_multi_init(); }

void cc_multi_free(CURLM *multi) { lib.curl_multi_cleanup(multi); }

CURLMcode cc_multi_add(CURLM *multi, CURL *easy) { return lib.curl_multi_add_handle(multi, easy); }

CURLMcode cc_multi_remove(CURLM *multi, CURL *easy) { return lib.curl_multi_remove_handle(multi, easy); }

CURLMcode cc_multi_perform(CURLM *multi, int *running) { return lib.curl_multi_perform(multi, running); }

CURLMcode cc_multi_poll(CURLM *multi, int milliseconds) {
    return lib.curl_multi_poll(multi, NULL, 0, milliseconds, NULL);
}

CURLMcode cc_multi_wakeup(CURLM *multi) { return lib.curl_multi_wakeup(multi); }

CURL *cc_multi_ended(CURLM *multi, CURLcode *result) {
    int left = 0;
    for (CURLMsg *message; (message = lib.curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}
