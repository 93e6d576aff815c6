/* SPDX-License-Identifier: Apache-2.0
 *
 * Those who tell the card what to do: a Unix socket, lines of text in, lines of text out. */

#include "simulator.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

bool control_listen(struct simulator *simulator, const char *path)
{
    for (size_t at = 0; at < CLIENT_LIMIT; at++) simulator->clients[at].socket = -1;
    simulator->control = -1;
    if (path == NULL) return true;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fprintf(stderr, "piv-card: %s: too long for a socket\n", path);
        return false;
    }
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, CLIENT_LIMIT) != 0) {
        perror(path);
        return false;
    }
    simulator->control = listener;
    return true;
}

void control_accept(struct simulator *simulator)
{
    int socket = accept4(simulator->control, NULL, NULL, SOCK_CLOEXEC);
    if (socket < 0) return;
    struct timeval limit = {.tv_sec = 5};
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    for (size_t at = 0; at < CLIENT_LIMIT; at++) {
        struct client *client = &simulator->clients[at];
        if (client->socket >= 0) continue;
        *client = (struct client){.socket = socket};
        return;
    }
    close(socket);
}

static void hang_up(struct client *client)
{
    close(client->socket);
    bytes_free(&client->line);
    *client = (struct client){.socket = -1};
}

static void reply(struct client *client, const struct bytes *text)
{
    size_t sent = 0;
    while (sent < text->count) {
        ssize_t count =
            send(client->socket, text->data + sent, text->count - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            hang_up(client);
            return;
        }
        sent += (size_t)count;
    }
}

/* Whoever awaits something is not listened to until it has come. */
static void serve_lines(struct simulator *simulator, struct client *client)
{
    uint8_t *end;
    while (client->socket >= 0 && client->awaited == AWAIT_NOTHING && client->line.count > 0 &&
           (end = memchr(client->line.data, '\n', client->line.count)) != NULL) {
        size_t count = (size_t)(end - client->line.data) + 1;
        struct bytes line = {0}, answer = {0};
        bytes_append(&line, client->line.data, count);
        line.data[count - 1] = '\0';
        client->line.count -= count;
        memmove(client->line.data, client->line.data + count, client->line.count);
        control_line(simulator, client, (char *)line.data, &answer);
        reply(client, &answer);
        bytes_free(&answer);
        bytes_free(&line);
    }
}

void control_serve(struct simulator *simulator, struct client *client)
{
    uint8_t chunk[4096];
    ssize_t count = recv(client->socket, chunk, sizeof chunk, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0 || client->line.count + (size_t)count > LINE_LIMIT) {
        hang_up(client);
        return;
    }
    bytes_append(&client->line, chunk, (size_t)count);
    serve_lines(simulator, client);
}

static bool has_come(const struct simulator *simulator, const struct client *client)
{
    switch (client->awaited) {
    case AWAIT_NOTHING: return false;
    case AWAIT_SEEN: return simulator->inserted && simulator->seen_at != 0 &&
               monotonic_milliseconds() >= simulator->seen_at;
    case AWAIT_TOUCH: return simulator->touch_awaited;
    case AWAIT_COUNT:
        return (client->instruction < 0 ? simulator->count
                                        : simulator->counts[client->instruction]) >=
               client->count;
    }
    return false;
}

void control_notify(struct simulator *simulator)
{
    for (size_t at = 0; at < CLIENT_LIMIT; at++) {
        struct client *client = &simulator->clients[at];
        if (client->socket < 0 || !has_come(simulator, client)) continue;
        struct bytes text = {0};
        client->awaited = AWAIT_NOTHING;
        bytes_append(&text, "ok\n", 3);
        reply(client, &text);
        bytes_free(&text);
        serve_lines(simulator, client);
    }
}
