#include "bus_zap.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <zmq.h>

#include "bus_wire.h"
#include "log.h"

/* Frames of a request and of an answer; MOST: requests that are answered at once. */
enum { FRAMES = 7, MOST = 64 };
enum { VERSION, REQUEST, DOMAIN, ADDRESS, IDENTITY, MECHANISM, CREDENTIALS };

bool
zap_open(struct zap *zap, void *zmq, const struct config *config)
{
	char key[WIRE_KEY_LEN + 1];
	int none = 0;

	*zap = (struct zap){0};
	if (!wire_is_curve(config))
		return true;
	if (!wire_read_key(config, "curve_public_key", key) || zmq_z85_decode(zap->key, key) == NULL) {
		log_error("bus: curve_public_key does not name a file with a public key");
		return false;
	}
	zap->socket = zmq_socket(zmq, ZMQ_REP);
	if (zap->socket == NULL || zmq_setsockopt(zap->socket, ZMQ_LINGER, &none, sizeof(none)) != 0 ||
	    zmq_bind(zap->socket, "inproc://zeromq.zap.01") != 0) {
		log_error("bus: cannot tell who may connect: %s", zmq_strerror(errno));
		return false;
	}
	return true;
}

static bool
is_text(zmq_msg_t *f, const char *text)
{
	return zmq_msg_size(f) == strlen(text) && memcmp(zmq_msg_data(f), text, strlen(text)) == 0;
}

void
zap_answer(struct zap *zap)
{
	zmq_msg_t f[FRAMES];
	int n, refused = 0;

	for (int k = 0; k < MOST && (n = wire_receive(zap->socket, f, FRAMES)) >= 0; k++) {
		bool may = n == FRAMES && is_text(&f[VERSION], "1.0") && is_text(&f[MECHANISM], "CURVE") &&
		    zmq_msg_size(&f[CREDENTIALS]) == sizeof(zap->key) &&
		    sodium_memcmp(zmq_msg_data(&f[CREDENTIALS]), zap->key, sizeof(zap->key)) == 0;

		zmq_send(zap->socket, "1.0", 3, ZMQ_SNDMORE);
		zmq_send(zap->socket, n > REQUEST ? zmq_msg_data(&f[REQUEST]) : "",
		    n > REQUEST ? zmq_msg_size(&f[REQUEST]) : 0, ZMQ_SNDMORE);
		zmq_send(zap->socket, may ? "200" : "400", 3, ZMQ_SNDMORE);
		zmq_send(zap->socket, "", 0, ZMQ_SNDMORE); /* a text for people, */
		zmq_send(zap->socket, "", 0, ZMQ_SNDMORE); /* a name of the account, */
		zmq_send(zap->socket, "", 0, 0);           /* and metadata: none is used */
		wire_close(f, n);
		refused += !may;
	}
	if (refused > 0)
		log_warn("bus: %d connections with a strange key were refused", refused);
}

void
zap_close(struct zap *zap)
{
	if (zap->socket != NULL)
		zmq_close(zap->socket);
}
