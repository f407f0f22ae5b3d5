#include "bus_wire.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bus.h"
#include "log.h"

bool
wire_is_curve(const struct config *config)
{
	return config_text(config, "curve_secret_key")[0] != '\0';
}

bool
wire_read_key(const struct config *config, const char *setting, char key[WIRE_KEY_LEN + 1])
{
	const char *path = config_text(config, setting);
	FILE *f = path[0] != '\0' ? fopen(path, "r") : NULL;
	size_t n = f != NULL ? fread(key, 1, WIRE_KEY_LEN, f) : 0;

	if (f != NULL)
		fclose(f);
	key[n] = '\0';
	if (n != WIRE_KEY_LEN)
		log_error("bus: %s does not name a file with a key of %d characters", setting, WIRE_KEY_LEN);
	return n == WIRE_KEY_LEN;
}

/* One pair for the installation: its public key is what a caller knows the instances by. */
static bool
curve(void *socket, const struct config *config, bool server)
{
	char public[WIRE_KEY_LEN + 1], secret[WIRE_KEY_LEN + 1];
	int yes = 1;

	if (!wire_is_curve(config))
		return true;
	if (!wire_read_key(config, "curve_secret_key", secret) ||
	    !wire_read_key(config, "curve_public_key", public) ||
	    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, sizeof(secret)) != 0)
		return false;
	if (server)
		return zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &yes, sizeof(yes)) == 0;
	return zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public, sizeof(public)) == 0 &&
	    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, public, sizeof(public)) == 0;
}

bool
wire_options(void *socket, const struct config *config, bool server)
{
	int none = 0, yes = 1, marks = 2000, linger = server ? 1000 : 0, handshake = 5000;
	/* A header and a body, each bounded; a peer that claims more is cut off at its frame's header. */
	int64_t max = BUS_MESSAGE_MAX + (64 << 10);

	zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger));
	zmq_setsockopt(socket, ZMQ_SNDHWM, &marks, sizeof(marks));
	zmq_setsockopt(socket, ZMQ_RCVHWM, &marks, sizeof(marks));
	zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &max, sizeof(max));
	zmq_setsockopt(socket, ZMQ_SNDTIMEO, &none, sizeof(none));
	zmq_setsockopt(socket, ZMQ_HANDSHAKE_IVL, &handshake, sizeof(handshake));
	if (server) {
		zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &yes, sizeof(yes));
	} else {
		int again = 50, most = 1000;

		zmq_setsockopt(socket, ZMQ_IMMEDIATE, &yes, sizeof(yes)); /* nothing waits for a dead peer */
		zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &again, sizeof(again));
		zmq_setsockopt(socket, ZMQ_RECONNECT_IVL_MAX, &most, sizeof(most));
	}
	return curve(socket, config, server);
}

int
wire_receive(void *socket, zmq_msg_t *frames, int n)
{
	int got = 0, more = 1;

	while (more) {
		zmq_msg_t spare, *f = got < n ? &frames[got] : &spare;

		zmq_msg_init(f);
		if (zmq_msg_recv(f, socket, ZMQ_DONTWAIT) < 0) {
			zmq_msg_close(f);
			wire_close(frames, got);
			return -1;
		}
		more = zmq_msg_more(f);
		if (got < n)
			got++;
		else
			zmq_msg_close(&spare);
	}
	return got;
}

void
wire_close(zmq_msg_t *frames, int n)
{
	for (int i = 0; i < n; i++)
		zmq_msg_close(&frames[i]);
}

int
bell_open(void)
{
	return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void
bell_ring(int bell)
{
	uint64_t one = 1;

	(void)!write(bell, &one, sizeof(one));
}

void
bell_hush(int bell)
{
	uint64_t count;

	(void)!read(bell, &count, sizeof(count));
}
