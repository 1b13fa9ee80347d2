/* Preloaded into a program, it lets its time run RACKSCOUT_CLOCK_SPEED times as fast: what it
   reads of the clocks, and what it waits for. What files and sockets do takes its own time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>

static const long kSecond = 1000000000;

static long speed(void) {
  static long value;
  if (value == 0) {
    const char* text = getenv("RACKSCOUT_CLOCK_SPEED");
    value = text != NULL && atol(text) > 0 ? atol(text) : 1;
  }
  return value;
}

static int read_clock(clockid_t clock, struct timespec* out) {
  static int (*real)(clockid_t, struct timespec*);
  if (real == NULL) {
    real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  }
  return real(clock, out);
}

/* Each clock runs from where it was when it was first asked. */
int clock_gettime(clockid_t clock, struct timespec* out) {
  static struct timespec begin[2];
  const int code = read_clock(clock, out);
  if (code != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)) {
    return code;
  }
  struct timespec* from = &begin[clock == CLOCK_MONOTONIC];
  if (from->tv_sec == 0) {
    *from = *out;
  }
  const __int128 passed =
      (__int128)(out->tv_sec - from->tv_sec) * kSecond + (out->tv_nsec - from->tv_nsec);
  const __int128 now = passed * speed() + (__int128)from->tv_sec * kSecond + from->tv_nsec;
  out->tv_sec = (time_t)(now / kSecond);
  out->tv_nsec = (long)(now % kSecond);
  return 0;
}

static struct timespec shortened(struct timespec span) {
  const __int128 nanoseconds =
      ((__int128)span.tv_sec * kSecond + span.tv_nsec + speed() - 1) / speed();
  span.tv_sec = (time_t)(nanoseconds / kSecond);
  span.tv_nsec = (long)(nanoseconds % kSecond);
  return span;
}

int timerfd_settime(int file, int flags, const struct itimerspec* wanted, struct itimerspec* old) {
  static int (*real)(int, int, const struct itimerspec*, struct itimerspec*);
  if (real == NULL) {
    real = (int (*)(int, int, const struct itimerspec*, struct itimerspec*))dlsym(
        RTLD_NEXT, "timerfd_settime");
  }
  struct itimerspec soon = *wanted;
  if (flags == 0) {
    soon.it_value = shortened(soon.it_value);
    soon.it_interval = shortened(soon.it_interval);
  }
  return real(file, flags, &soon, old);
}

int epoll_wait(int file, struct epoll_event* events, int most, int milliseconds) {
  static int (*real)(int, struct epoll_event*, int, int);
  if (real == NULL) {
    real = (int (*)(int, struct epoll_event*, int, int))dlsym(RTLD_NEXT, "epoll_wait");
  }
  return real(file, events, most,
              milliseconds > 0 ? (int)((milliseconds + speed() - 1) / speed()) : milliseconds);
}
