/*
 * Gives wrk, which has no option for one, a client certificate: preloaded, it hands every new SSL_CTX the files named
 * by BENCH_CERTIFICATE and BENCH_KEY. OpenSSL's functions are looked up when called, so that its headers are not needed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

typedef void *(*context_new)(const void *method);
typedef int (*use_chain)(void *context, const char *file);
typedef int (*use_key)(void *context, const char *file, int type);

static void *look_up(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) {
    fprintf(stderr, "client-certificate-shim: no %s in this program\n", name);
    abort();
  }
  return found;
}

void *SSL_CTX_new(const void *method) {
  const int pem = 1;
  const char *certificate = getenv("BENCH_CERTIFICATE");
  const char *key = getenv("BENCH_KEY");
  void *context = ((context_new)look_up("SSL_CTX_new"))(method);
  if (context == NULL || certificate == NULL || key == NULL) return context;
  if (((use_chain)look_up("SSL_CTX_use_certificate_chain_file"))(context, certificate) != 1 ||
      ((use_key)look_up("SSL_CTX_use_PrivateKey_file"))(context, key, pem) != 1) {
    fprintf(stderr, "client-certificate-shim: cannot use %s with %s\n", certificate, key);
    abort();
  }
  return context;
}
