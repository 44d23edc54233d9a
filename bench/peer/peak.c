/* The peak rate of float32 fused multiply-adds of the cores: cc -O3 -march=native -ffp-contract=fast -pthread peak.c.
   peak THREADS prints multiply-adds per second; each thread keeps independent chains in registers. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
#define LANES 16
#define CHAINS 24
#else
#define LANES 8
#define CHAINS 12
#endif
#define ROUNDS 30000000L

typedef float vector __attribute__((vector_size(4 * LANES)));

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

static void *run(void *sink) {
  vector sums[CHAINS], factor, term;
  for (int lane = 0; lane < LANES; lane++) {
    factor[lane] = 0.999999f;
    term[lane] = 1e-6f * lane;
    for (int chain = 0; chain < CHAINS; chain++) sums[chain][lane] = (float)(chain + lane);
  }
  for (long round = 0; round < ROUNDS; round++) {
    __asm__ volatile("" : "+x"(factor), "+x"(term));
#pragma GCC unroll 24
    for (int chain = 0; chain < CHAINS; chain++) sums[chain] = sums[chain] * factor + term;
  }
  float total = 0;
  for (int chain = 0; chain < CHAINS; chain++)
    for (int lane = 0; lane < LANES; lane++) total += sums[chain][lane];
  *(float *)sink = total;
  return NULL;
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 1;
  pthread_t *ids = malloc(threads * sizeof *ids);
  float *sinks = malloc(threads * sizeof *sinks);
  double best = 0;
  for (int repeat = 0; repeat < 7; repeat++) {
    double begun = seconds();
    for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, run, &sinks[i]);
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    double rate = (double)threads * ROUNDS * CHAINS * LANES / (seconds() - begun);
    if (rate > best) best = rate;
  }
  printf("%.0f %g\n", best, sinks[0]);
  return 0;
}
