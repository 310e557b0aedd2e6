// The system's libcurl as Swift can call it: no variadic functions, and loaded when it is first used.
//
// libcurl brings thirty libraries along; linked, they would slow down the start of every command
// (Documentation/decisions/0016-libcurl-on-demand.md). The functions below find it with dlopen(3).
#ifndef KINOSPOOL_CCURL_H
#define KINOSPOOL_CCURL_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

// Loads and starts libcurl, once in a process; answers NULL, or what is missing. All other functions need a NULL.
const char *cc_load(void);

// libcurl's version and libraries.
const char *cc_version(void);

// The callbacks of a transfer; `context` is what cc_easy_new was given. CURL_READFUNC_ABORT and a count other than
// the size that was given end the transfer.
typedef size_t (*cc_read)(char *buffer, size_t size, size_t count, void *context);
typedef size_t (*cc_write)(char *bytes, size_t size, size_t count, void *context);
typedef int (*cc_seek)(void *context, curl_off_t offset, int origin);
typedef int (*cc_before_request)(
    void *context, char *primary_ip, char *local_ip, int primary_port, int local_port);

// A transfer with its callbacks set; NULL without memory.
CURL *cc_easy_new(
    void *context, cc_write header, cc_write body, cc_read upload, cc_seek seek, cc_before_request before_request);
void cc_easy_free(CURL *easy);
// The three kinds of values an option takes; numbers become a long or a curl_off_t as the option wants.
CURLcode cc_set_number(CURL *easy, CURLoption option, int64_t value);
CURLcode cc_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode cc_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
CURLcode cc_set_buffer(CURL *easy, CURLoption option, char *value);
// A fact of a transfer; 0 where there is none.
int64_t cc_get_number(CURL *easy, CURLINFO fact);
const char *cc_error_text(CURLcode code);

struct curl_slist *cc_list_append(struct curl_slist *list, const char *text);
void cc_list_free(struct curl_slist *list);

CURLM *cc_multi_new(void);
void cc_multi_free(CURLM *multi);
CURLMcode cc_multi_add(CURLM *multi, CURL *easy);
CURLMcode cc_multi_remove(CURLM *multi, CURL *easy);
CURLMcode cc_multi_perform(CURLM *multi, int *running);
// Sleeps until a socket is ready, a timer of libcurl's ends, or cc_multi_wakeup is called from any thread.
CURLMcode cc_multi_poll(CURLM *multi, int milliseconds);
CURLMcode cc_multi_wakeup(CURLM *multi);
// The next transfer that ended, with its result; NULL when there is none.
CURL *cc_multi_ended(CURLM *multi, CURLcode *result);

#endif
