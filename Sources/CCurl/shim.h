#pragma once
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <stdint.h>

// curl_easy_setopt(3) and its kin are variadic: one function per kind of value.
static inline CURLcode vendlock_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode vendlock_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode vendlock_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode vendlock_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode vendlock_curl_set_sink(
    CURL *easy, CURLoption option, size_t (*sink)(char *bytes, size_t size, size_t count, void *context)) {
    return curl_easy_setopt(easy, option, sink);
}
// The socket is curl's, and shown only before it connects; CURLOPT_SOCKOPTFUNCTION(3). Where the size cannot be set, the network's holds.
static inline int vendlock_curl_prepare_socket(void *bytes, curl_socket_t socket, curlsocktype purpose) {
    (void)purpose;
    int size = (int)(intptr_t)bytes;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &size, sizeof size);
    return CURL_SOCKOPT_OK;
}
static inline CURLcode vendlock_curl_limit_segments(CURL *easy, intptr_t bytes) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, vendlock_curl_prepare_socket);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, (void *)bytes) : code;
}
static inline CURLcode vendlock_curl_status(CURL *easy, long *status) {
    return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status);
}
// Bytes of the request that were written to the connection, after its TLS handshake; CURLINFO_REQUEST_SIZE(3).
static inline CURLcode vendlock_curl_request_size(CURL *easy, long *size) {
    return curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, size);
}
// Connections that TCP made for this transfer, and the microseconds that the last one's TLS handshake took (TCP's own without TLS).
static inline void vendlock_curl_connects(CURL *easy, long *connects, long *microseconds) {
    curl_off_t tls = 0, tcp = 0;
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, connects);
    curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &tls);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &tcp);
    *microseconds = (long)(tls > 0 ? tls - tcp : tcp);
}
static inline CURLcode vendlock_curl_errno(CURL *easy, long *error) {
    return curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, error);
}
static inline void *vendlock_curl_private(CURL *easy) {
    char *context = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &context);
    return context;
}
static inline CURLMcode vendlock_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
// Keeps TLS sessions from one transfer to the next: without it each easy handle has its own.
static inline CURLSHcode vendlock_curl_share_sessions(CURLSH *share) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}
// The result is a union in the message.
static inline CURLcode vendlock_curl_result(const CURLMsg *message) { return message->data.result; }
static inline int vendlock_curl_is_done(const CURLMsg *message) { return message->msg == CURLMSG_DONE; }
// A macro of another type than the function takes.
static inline CURLcode vendlock_curl_global(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
// The chain's verification as OpenSSL ended it: an X509_V_ value; 1 (X509_V_ERR_UNSPECIFIED) when it came to no end.
static inline CURLcode vendlock_curl_verify_result(CURL *easy, long *result) {
    return curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, result);
}
// libcurl has no option for it: the context of the handshake is told not to look at dates; X509_VERIFY_PARAM_set_flags(3).
static inline CURLcode vendlock_curl_overlook_dates_of(CURL *easy, void *context, void *unused) {
    (void)easy, (void)unused;
    return X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param((SSL_CTX *)context), X509_V_FLAG_NO_CHECK_TIME) == 1 ? CURLE_OK
                                                                                                             : CURLE_SSL_CONNECT_ERROR;
}
static inline CURLcode vendlock_curl_overlook_dates(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, vendlock_curl_overlook_dates_of);
}
// SHA-256 over the server's SubjectPublicKeyInfo; 0 without TLS. To be asked while the transfer is under way: afterwards the connection is
// not the transfer's any more; CURLINFO_TLS_SSL_PTR(3).
static inline int vendlock_curl_server_key(CURL *easy, unsigned char *digest) {
    struct curl_tlssessioninfo *session = NULL;
    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session || session->backend != CURLSSLBACKEND_OPENSSL ||
        !session->internals)
        return 0;
    X509 *certificate = SSL_get1_peer_certificate((SSL *)session->internals);
    if (!certificate) return 0;
    unsigned char *key = NULL;
    int count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);
    X509_free(certificate);
    if (count <= 0) return 0;
    SHA256(key, (size_t)count, digest);
    OPENSSL_free(key);
    return 1;
}
