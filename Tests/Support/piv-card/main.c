/* SPDX-License-Identifier: Apache-2.0
 *
 * A PIV card in software, for tests alone: it protects nothing. README.md tells how to use it. */

#include "simulator.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static void usage(void)
{
    fputs("usage: piv-card --state FILE (--listen SOCKET | --vpcd PORT) [--control SOCKET]\n"
          "                [--authority DIRECTORY] [--firmware A.B.C] [--serial NUMBER]\n"
          "                [--quirk NAME=VALUE]... [--out] [--with-parent]\n",
          stderr);
    exit(2);
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) usage();
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 16) != 0) {
        perror(path);
        exit(1);
    }
    return listener;
}

static void set_quirk(struct quirks *quirks, char *text)
{
    char *value = strchr(text, '=');
    if (value == NULL) usage();
    *value++ = '\0';
    if (!quirk_set(quirks, text, value)) usage();
}

static void set_firmware(struct version *version, const char *text)
{
    unsigned major, minor, patch;
    if (sscanf(text, "%u.%u.%u", &major, &minor, &patch) != 3) usage();
    *version = (struct version){(uint8_t)major, (uint8_t)minor, (uint8_t)patch};
}

int main(int count, char **arguments)
{
    static struct simulator simulator = {
        .listener = -1,
        .link = -1,
        .firmware = {5, 4, 3},
        .insertion_wanted = true,
        .touch_limit = 15000,
    };
    static const struct option options[] = {
        {"state", required_argument, NULL, 's'},     {"listen", required_argument, NULL, 'l'},
        {"vpcd", required_argument, NULL, 'v'},      {"control", required_argument, NULL, 'c'},
        {"authority", required_argument, NULL, 'a'}, {"firmware", required_argument, NULL, 'f'},
        {"serial", required_argument, NULL, 'n'},    {"quirk", required_argument, NULL, 'q'},
        {"out", no_argument, NULL, 'o'},             {"with-parent", no_argument, NULL, 'p'},
        {NULL, 0, NULL, 0},
    };
    const char *state = NULL, *control = NULL, *path = NULL, *port = NULL;
    int option;
    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
        switch (option) {
        case 's': state = optarg; break;
        case 'l': path = optarg; break;
        case 'v': port = optarg; break;
        case 'c': control = optarg; break;
        case 'a': simulator.authority = optarg; break;
        case 'f': set_firmware(&simulator.firmware, optarg); break;
        case 'n': simulator.serial = (uint32_t)strtoul(optarg, NULL, 10); break;
        case 'q': set_quirk(&simulator.quirks, optarg); break;
        case 'o': simulator.insertion_wanted = false; break;
        case 'p': prctl(PR_SET_PDEATHSIG, SIGKILL); break;
        default: usage();
        }
    }
    if (optind != count || state == NULL || (path == NULL) == (port == NULL)) usage();
    signal(SIGPIPE, SIG_IGN);
    if (simulator.authority != NULL && !authority_prepare(simulator.authority)) return 1;
    if (!simulator_open_card(&simulator, state)) return 1;
    if (!control_listen(&simulator, control)) return 1;
    if (path != NULL) {
        simulator.listener = listen_at(path);
    } else {
        simulator.vpcd = (struct sockaddr_in){.sin_family = AF_INET,
                                              .sin_port = htons((uint16_t)atoi(port)),
                                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    }
    puts("ready");
    fflush(stdout);
    for (;;) simulator_turn(&simulator, 3600000, true);
}
