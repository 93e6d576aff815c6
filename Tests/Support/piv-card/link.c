/* SPDX-License-Identifier: Apache-2.0
 *
 * The way to the reader. Messages are a length in two bytes and so many bytes: one byte of them
 * switches off (0), on (1), resets (2) or asks for the ATR (4), anything longer is a command. The
 * card connects to vpcd, or a program that wants to do without pcscd connects to the card. */

#include "simulator.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { POWER_OFF = 0, POWER_ON = 1, RESET = 2, GET_ATR = 4 };

/* Milliseconds: between attempts to connect, and for pcscd to tell others what it has seen. */
enum { ATTEMPT_EVERY = 20, TELLING_TIME = 20 };

static const uint8_t yubikey_atr[] = {
    0x3B, 0xFD, 0x13, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x15, 0x80, 0x73, 0xC0,
    0x21, 0xC0, 0x57, 0x59, 0x75, 0x62, 0x69, 0x4B, 0x65, 0x79, 0x40,
};

static void drop_link(struct simulator *simulator)
{
    if (simulator->link >= 0) close(simulator->link);
    simulator->link = -1;
    simulator->connecting = false;
    simulator->powered = false;
    simulator->seen_at = 0;
    bytes_clear(&simulator->inbox);
    session_reset(&simulator->session);
}

void simulator_remove(struct simulator *simulator)
{
    if (simulator->inserted) log_event(simulator, "remove");
    simulator->inserted = false;
    simulator->insertion_wanted = false;
    drop_link(simulator);
}

bool simulator_open_card(struct simulator *simulator, const char *path)
{
    char beside[4096];
    snprintf(beside, sizeof beside, "%s.authority", path);
    struct card *card = card_open(
        path, simulator->authority != NULL ? simulator->authority : beside,
        simulator->firmware, simulator->serial);
    if (card == NULL) return false;
    card_free(simulator->card);
    simulator->card = card;
    return true;
}

/* Happens between commands only: whoever waits for a touch still holds the old card. */
static void insert_now(struct simulator *simulator)
{
    simulator->insertion_wanted = false;
    if (simulator->next_path != NULL) {
        bool opened = simulator_open_card(simulator, simulator->next_path);
        free(simulator->next_path);
        simulator->next_path = NULL;
        if (!opened) {
            log_event(simulator, "cannot insert");
            return;
        }
    }
    log_event(simulator, "insert");
    simulator->inserted = true;
}

void simulator_insert(struct simulator *simulator)
{
    simulator->insertion_wanted = true;
}

static void quicken(int link)
{
    /* Unix sockets know neither; they don't wait in the first place. */
    setsockopt(link, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    setsockopt(link, IPPROTO_TCP, TCP_QUICKACK, &(int){1}, sizeof(int));
}

/* A network namespace begins with a loopback that is down. */
static void raise_loopback(int socket)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    ioctl(socket, SIOCSIFFLAGS, &request);
}

static void begin_connecting(struct simulator *simulator)
{
    int64_t now = monotonic_milliseconds();
    if (now < simulator->next_attempt) return;
    simulator->next_attempt = now + ATTEMPT_EVERY;
    int link = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (link < 0) return;
    quicken(link);
    if (connect(link, (struct sockaddr *)&simulator->vpcd, sizeof simulator->vpcd) == 0) {
        simulator->link = link;
    } else if (errno == EINPROGRESS) {
        simulator->link = link;
        simulator->connecting = true;
    } else {
        if (errno == ENETUNREACH) raise_loopback(link);
        close(link);
    }
}

static void finish_connecting(struct simulator *simulator)
{
    int failure = 0;
    socklen_t size = sizeof failure;
    getsockopt(simulator->link, SOL_SOCKET, SO_ERROR, &failure, &size);
    simulator->connecting = false;
    if (failure != 0) drop_link(simulator);
}

/* A card that is out lets nobody in: whoever connects finds the end at once. */
static void accept_link(struct simulator *simulator)
{
    int link = accept4(simulator->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (link < 0) return;
    if (!simulator->inserted) {
        close(link);
        return;
    }
    session_reset(&simulator->session);
    simulator->link = link;
}

static bool send_all(int link, const uint8_t *data, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(link, data, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd room = {.fd = link, .events = POLLOUT};
            if (poll(&room, 1, 5000) != 1) return false;
            continue;
        }
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        data += sent;
        count -= (size_t)sent;
    }
    return true;
}

static void send_message(struct simulator *simulator, struct slice message)
{
    struct bytes framed = {0};
    bytes_append(&framed, (uint8_t[]){(uint8_t)(message.count >> 8), (uint8_t)message.count}, 2);
    bytes_append(&framed, message.data, message.count);
    bool sent = message.count <= 0xFFFF && send_all(simulator->link, framed.data, framed.count);
    bytes_free(&framed);
    if (!sent) drop_link(simulator);
}

static void send_atr(struct simulator *simulator)
{
    struct slice atr = {yubikey_atr, sizeof yubikey_atr};
    if (simulator->quirks.atr.count > 0) atr = slice_of(&simulator->quirks.atr);
    if (simulator->powered && simulator->seen_at == 0) {
        simulator->seen_at = monotonic_milliseconds() + TELLING_TIME;
    }
    send_message(simulator, atr);
}

static void serve_message(struct simulator *simulator, struct slice message)
{
    if (message.count == 1) {
        switch (message.data[0]) {
        case POWER_ON: simulator->powered = true; /* fall through */
        case POWER_OFF:
        case RESET: session_reset(&simulator->session); break;
        case GET_ATR: send_atr(simulator); break;
        default: break;
        }
        return;
    }
    if (message.count == 0) return;
    struct bytes answer = {0};
    if (simulator_exchange(simulator, message, &answer)) {
        send_message(simulator, slice_of(&answer));
    }
    bytes_free(&answer);
}

/* Takes whole messages off the inbox, as long as the link they came over is there. */
static void serve_inbox(struct simulator *simulator)
{
    while (simulator->link >= 0 && simulator->inbox.count >= 2) {
        const uint8_t *data = simulator->inbox.data;
        size_t count = (size_t)data[0] << 8 | data[1];
        if (simulator->inbox.count < 2 + count) return;
        struct bytes message = {0};
        bytes_append(&message, data + 2, count);
        simulator->inbox.count -= 2 + count;
        memmove(simulator->inbox.data, data + 2 + count, simulator->inbox.count);
        serve_message(simulator, slice_of(&message));
        bytes_free(&message);
    }
}

static void read_link(struct simulator *simulator)
{
    uint8_t chunk[65537];
    ssize_t count = recv(simulator->link, chunk, sizeof chunk, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        drop_link(simulator);
        return;
    }
    if (simulator->listener < 0) quicken(simulator->link);
    bytes_append(&simulator->inbox, chunk, (size_t)count);
    serve_inbox(simulator);
}

static void serve_reader(struct simulator *simulator, short events)
{
    if (events == 0) return;
    if (simulator->link < 0) {
        accept_link(simulator);
    } else if (simulator->connecting) {
        finish_connecting(simulator);
    } else {
        read_link(simulator);
    }
}

/* What to wait for at the reader's side: the link, or somebody who wants one. */
static struct pollfd reader_poll(const struct simulator *simulator, bool with_reader)
{
    struct pollfd entry = {.fd = -1, .events = POLLIN};
    if (!with_reader) return entry;
    entry.fd = simulator->link >= 0 ? simulator->link : simulator->listener;
    if (simulator->connecting) entry.events = POLLOUT;
    return entry;
}

void simulator_turn(struct simulator *simulator, int64_t wait, bool with_reader)
{
    struct pollfd polled[2 + CLIENT_LIMIT];
    if (with_reader) {
        if (simulator->insertion_wanted) insert_now(simulator);
        if (simulator->inserted && simulator->link < 0 && simulator->listener < 0) {
            begin_connecting(simulator);
            if (simulator->link < 0 && wait > ATTEMPT_EVERY) wait = ATTEMPT_EVERY;
        }
    }
    if (simulator->seen_at > monotonic_milliseconds() && wait > TELLING_TIME) {
        wait = TELLING_TIME;
    }
    control_notify(simulator);
    polled[0] = reader_poll(simulator, with_reader);
    polled[1] = (struct pollfd){.fd = simulator->control, .events = POLLIN};
    for (size_t at = 0; at < CLIENT_LIMIT; at++) {
        polled[2 + at] =
            (struct pollfd){.fd = simulator->clients[at].socket, .events = POLLIN};
    }
    if (poll(polled, 2 + CLIENT_LIMIT, (int)wait) <= 0) return;
    for (size_t at = 0; at < CLIENT_LIMIT; at++) {
        if (polled[2 + at].fd >= 0 && polled[2 + at].revents != 0) {
            control_serve(simulator, &simulator->clients[at]);
        }
    }
    if (polled[1].revents != 0) control_accept(simulator);
    /* A command of the control language may have closed it. */
    struct pollfd now = reader_poll(simulator, with_reader);
    if (polled[0].fd >= 0 && now.fd == polled[0].fd) {
        serve_reader(simulator, polled[0].revents);
    }
}

void simulator_wait(struct simulator *simulator, int64_t milliseconds)
{
    int64_t end = monotonic_milliseconds() + milliseconds;
    while (simulator->inserted) {
        int64_t left = end - monotonic_milliseconds();
        if (left <= 0) return;
        simulator_turn(simulator, left, false);
    }
}

bool simulator_touch(void *user)
{
    struct simulator *simulator = user;
    bool by_itself = simulator->touch_mode == TOUCH_BY_ITSELF &&
                     simulator->touch_delay <= simulator->touch_limit;
    int64_t end = monotonic_milliseconds() +
                  (by_itself ? simulator->touch_delay : simulator->touch_limit);
    log_event(simulator, "waits for a touch");
    simulator->touched = false;
    simulator->touch_awaited = true;
    while (simulator->inserted && !simulator->touched) {
        int64_t left = end - monotonic_milliseconds();
        if (left <= 0) break;
        simulator_turn(simulator, left, false);
    }
    simulator->touch_awaited = false;
    if (by_itself && simulator->inserted) simulator->touched = true;
    log_event(simulator, simulator->touched ? "touched" : "not touched");
    return simulator->inserted && simulator->touched;
}
