// Runs two commands in turn, A B A B …, and prints the median wall time of each and their ratio.
//
//   paired RUNS WARMUPS A-PROGRAM B-PROGRAM ARGUMENT…
//
// Both get the same arguments and /dev/null for all three streams. A run is timed from before the process is made
// until it has been waited for. In turn, so that whatever else the machine does falls on both alike; the order within
// a pair changes from pair to pair. A command that fails ends the measurement: a time of it would mean nothing.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double milliseconds(char *program, char **arguments, posix_spawn_file_actions_t *streams) {
  pid_t child;
  int status;
  arguments[0] = program;
  double start = now();
  int failure = posix_spawn(&child, program, streams, NULL, arguments, environ);
  if (failure != 0) {
    fprintf(stderr, "cannot run %s: %s\n", program, strerror(failure));
    exit(1);
  }
  waitpid(child, &status, 0);
  double end = now();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "%s failed: wait status %d\n", program, status);
    exit(1);
  }
  return end - start;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double quantile(double *sorted, int count, double part) { return sorted[(int)(part * (count - 1) + 0.5)]; }

static void tell(const char *name, double *values, int count) {
  printf("  %s  median %6.3f ms   quartiles %6.3f … %6.3f ms   fastest %6.3f ms\n", name,
         quantile(values, count, 0.5), quantile(values, count, 0.25), quantile(values, count, 0.75), values[0]);
}

int main(int count, char **words) {
  int runs = count > 4 ? atoi(words[1]) : 0;
  if (runs < 1) {
    fprintf(stderr, "usage: paired RUNS WARMUPS A-PROGRAM B-PROGRAM ARGUMENT...\n");
    return 2;
  }
  int warmups = atoi(words[2]);
  char *programs[] = {words[3], words[4]};
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  for (int stream = 0; stream < 3; stream++)
    posix_spawn_file_actions_addopen(&streams, stream, "/dev/null", O_RDWR, 0);
  double *a = malloc(runs * sizeof *a), *b = malloc(runs * sizeof *b), *ratio = malloc(runs * sizeof *ratio);
  if (!a || !b || !ratio) return 1;
  for (int run = -warmups; run < runs; run++) {
    // The program's own name takes the place before the arguments, where B's stood.
    double first = milliseconds(programs[run & 1], words + 4, &streams);
    double second = milliseconds(programs[!(run & 1)], words + 4, &streams);
    if (run < 0) continue;
    a[run] = run & 1 ? second : first;
    b[run] = run & 1 ? first : second;
    ratio[run] = a[run] / b[run];
  }
  qsort(a, runs, sizeof *a, ascending);
  qsort(b, runs, sizeof *b, ascending);
  qsort(ratio, runs, sizeof *ratio, ascending);
  tell("A", a, runs);
  tell("B", b, runs);
  printf("  A / B  of the medians %.2f   median of the pairs %.2f   (%d pairs)\n",
         quantile(a, runs, 0.5) / quantile(b, runs, 0.5), quantile(ratio, runs, 0.5), runs);
  return 0;
}
