/*
 * bus.c: what a round trip costs, through the bus and through bare sockets.
 *
 *	bus SECONDS
 *
 * Both carry the same protobuf of 1 KB over ipc from this process to a child
 * and back, unpacked and packed at both ends, with 1, 8 and 64 under way. CPU is
 * of both processes. Prints a list of JSON: way, under way, rate, CPU in us.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "bus.h"
#include "log.h"
#include "submission.pb-c.h"

enum { OTHERS = 6, TEXT_BYTES = 1000, UNDER_WAY_MAX = 64, DEADLINE_MS = 10000 };

static const struct rpc rpc_echo = {.service = "submission",
	.name = "Bench.Echo",
	.verb = "",
	.path = "",
	.issuer = "",
	.in = &vouch__part_text__descriptor,
	.out = &vouch__part_text__descriptor,
	.may = 1u << VOUCH__ROLE__SERVICE,
	.across = true,
	.deadline_ms = DEADLINE_MS};

static char folder[] = "/tmp/vouch-bench-bus-XXXXXX";

static double
seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
cpu_us(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static Vouch__PartText
message(void)
{
	static char text[TEXT_BYTES + 1];
	Vouch__PartText m = VOUCH__PART_TEXT__INIT;

	memset(text, 'x', TEXT_BYTES);
	m.key = "overview";
	m.text = text;
	m.version = 7;
	return m;
}

static void
tell(const char *way, int under_way, long n, double took, double cpu)
{
	printf("{\"way\": \"%s\", \"under_way\": %d, \"rate\": %.1f, \"cpu_us\": %.3f}\n", way, under_way,
	    (double)n / took, cpu / (double)n);
	fflush(stdout);
}

/* Forks; the child runs SERVE until it is told to end. */
static pid_t
begin_child(void (*serve)(void))
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	serve();
	_exit(0);
}

/* The child's CPU, whole: it lives for one measurement. */
static double
end_child(pid_t pid)
{
	double before = cpu_us(RUSAGE_CHILDREN);

	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return cpu_us(RUSAGE_CHILDREN) - before;
}

static void
await_term(void)
{
	sigset_t set;
	int got;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigwait(&set, &got);
}

/* ---- the bus -------------------------------------------------------------------- */

static bool
echo(struct call *call, const void *request, void *reply)
{
	(void)call;
	*(Vouch__PartText *)reply = *(const Vouch__PartText *)request;
	return true;
}

/* The services that the book names beside the one that is asked: they only listen. */
static void
open_others(void)
{
	void *context = zmq_ctx_new();
	char other[160];

	for (int i = 0; i < OTHERS; i++) {
		snprintf(other, sizeof(other), "ipc://%s/other%d", folder, i);
		zmq_bind(zmq_socket(context, ZMQ_ROUTER), other);
	}
}

static void
serve_bus(void)
{
	static const struct handler handlers[] = {{&rpc_echo, echo}, {NULL, NULL}};
	static const struct service service = {.name = "submission", .handlers = handlers};
	struct config *config = config_open(NULL);
	struct server *server = config != NULL ? server_start(config, &service, NULL) : NULL;

	if (server == NULL)
		_exit(1);
	open_others();
	await_term();
	server_stop(server, 1000);
}

struct run {
	struct bus *bus;
	Vouch__Caller caller;
	atomic_int under_way;
	atomic_long answers, refused;
	atomic_bool ending;
	pthread_mutex_t lock;
	pthread_cond_t empty;
};

static void on_answer(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply);

static void
ask(struct run *run)
{
	Vouch__PartText m = message();
	uint8_t packed[TEXT_BYTES + 64];
	struct bus_request request = {.rpc = &rpc_echo,
		.caller = &run->caller,
		.key = "",
		.trace = "0193b2c0-bench",
		.deadline_ms = clock_ms() + DEADLINE_MS,
		.done = on_answer,
		.arg = run};

	request.request = (ProtobufCBinaryData){vouch__part_text__pack(&m, packed), packed};
	atomic_fetch_add(&run->under_way, 1);
	if (!bus_send(run->bus, &request))
		abort(); /* there is room for thousands */
}

static void
on_answer(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct run *run = arg;
	Vouch__PartText *m = vouch__part_text__unpack(NULL, reply.len, reply.data);

	if (header->status != VOUCH__STATUS__OK || m == NULL || strlen(m->text) != TEXT_BYTES)
		atomic_fetch_add(&run->refused, 1);
	vouch__part_text__free_unpacked(m, NULL);
	atomic_fetch_add(&run->answers, 1);
	if (!atomic_load(&run->ending))
		ask(run);
	if (atomic_fetch_sub(&run->under_way, 1) == 1) {
		pthread_mutex_lock(&run->lock);
		pthread_cond_signal(&run->empty);
		pthread_mutex_unlock(&run->lock);
	}
}

static void
drain(struct run *run)
{
	atomic_store(&run->ending, true);
	pthread_mutex_lock(&run->lock);
	while (atomic_load(&run->under_way) > 0) /* each answer has its deadline */
		pthread_cond_wait(&run->empty, &run->lock);
	pthread_mutex_unlock(&run->lock);
}

static void
measure_bus(int under_way, double seconds)
{
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[1] = {&grant};
	struct run run = {.caller = VOUCH__CALLER__INIT,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.empty = PTHREAD_COND_INITIALIZER};
	pid_t child = begin_child(serve_bus);
	struct config *config = config_open(NULL);
	double before, began, took, cpu;

	grant.issuer_id = "*";
	grant.role = VOUCH__ROLE__SERVICE;
	run.caller.grants = grants;
	run.caller.n_grants = 1;
	run.bus = bus_open(config);
	if (run.bus == NULL)
		exit(1);
	/* One to begin with, which waits until the child listens. */
	atomic_store(&run.ending, true);
	ask(&run);
	drain(&run);
	atomic_store(&run.ending, false);
	atomic_store(&run.answers, 0);
	before = cpu_us(RUSAGE_SELF);
	began = seconds_now();
	for (int i = 0; i < under_way; i++)
		ask(&run);
	usleep((useconds_t)(seconds * 1e6));
	drain(&run);
	took = seconds_now() - began;
	cpu = cpu_us(RUSAGE_SELF) - before + end_child(child);
	if (atomic_load(&run.refused) > 0)
		fprintf(stderr, "bus: %ld were refused\n", atomic_load(&run.refused));
	tell("bus", under_way, atomic_load(&run.answers), took, cpu);
	bus_close(run.bus);
	config_close(config);
}

/* ---- bare sockets ------------------------------------------------------------------ */

static char endpoint[128];

static void
serve_bare(void)
{
	void *context = zmq_ctx_new(), *router = zmq_socket(context, ZMQ_ROUTER);

	signal(SIGTERM, SIG_DFL);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (zmq_bind(router, endpoint) != 0)
		_exit(1);
	for (;;) {
		zmq_msg_t route, id, body;
		uint8_t packed[TEXT_BYTES + 64];
		Vouch__PartText *m;

		zmq_msg_init(&route);
		zmq_msg_init(&id);
		zmq_msg_init(&body);
		if (zmq_msg_recv(&route, router, 0) < 0 || zmq_msg_recv(&id, router, 0) < 0 ||
		    zmq_msg_recv(&body, router, 0) < 0)
			_exit(1);
		m = vouch__part_text__unpack(NULL, zmq_msg_size(&body), zmq_msg_data(&body));
		zmq_msg_close(&body);
		if (m == NULL)
			_exit(1);
		zmq_msg_send(&route, router, ZMQ_SNDMORE);
		zmq_msg_send(&id, router, ZMQ_SNDMORE);
		zmq_send(router, packed, vouch__part_text__pack(m, packed), 0);
		vouch__part_text__free_unpacked(m, NULL);
	}
}

static void
send_bare(void *dealer, uint64_t id)
{
	Vouch__PartText m = message();
	uint8_t packed[TEXT_BYTES + 64];

	zmq_send(dealer, &id, sizeof(id), ZMQ_SNDMORE);
	zmq_send(dealer, packed, vouch__part_text__pack(&m, packed), 0);
}

static void
take_bare(void *dealer)
{
	uint8_t packed[TEXT_BYTES + 64];
	uint64_t id;
	Vouch__PartText *m;
	int n;

	zmq_recv(dealer, &id, sizeof(id), 0);
	n = zmq_recv(dealer, packed, sizeof(packed), 0);
	m = n < 0 ? NULL : vouch__part_text__unpack(NULL, (size_t)n, packed);
	if (m == NULL || strlen(m->text) != TEXT_BYTES)
		exit(1);
	vouch__part_text__free_unpacked(m, NULL);
}

static void
measure_bare(int under_way, double seconds)
{
	pid_t child = begin_child(serve_bare);
	void *context = zmq_ctx_new(), *dealer = zmq_socket(context, ZMQ_DEALER);
	double before, began, took, cpu;
	long n = 0;

	zmq_connect(dealer, endpoint);
	send_bare(dealer, 0);
	take_bare(dealer);
	before = cpu_us(RUSAGE_SELF);
	began = seconds_now();
	for (int i = 0; i < under_way; i++)
		send_bare(dealer, (uint64_t)i);
	while (seconds_now() - began < seconds) {
		take_bare(dealer);
		send_bare(dealer, (uint64_t)++n);
	}
	for (int i = 0; i < under_way; i++, n++)
		take_bare(dealer);
	took = seconds_now() - began;
	cpu = cpu_us(RUSAGE_SELF) - before + end_child(child);
	tell("bare", under_way, n, took, cpu);
	zmq_close(dealer);
	zmq_ctx_term(context);
}

/* Where the server listens, and the book: as many services as an installation has. */
static void
write_settings(void)
{
	char text[1024];
	int n;

	snprintf(text, sizeof(text), "ipc://%s/bus", folder);
	setenv("VOUCH_LISTEN", text, 1);
	n = snprintf(text, sizeof(text), "submission=ipc://%s/bus", folder);
	for (int i = 0; i < OTHERS; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, ";other%d=ipc://%s/other%d", i, folder, i);
	setenv("VOUCH_PEERS", text, 1);
}

static void
remove_sockets(void)
{
	char text[160];

	for (int i = 0; i < OTHERS + 2; i++) {
		if (i < OTHERS)
			snprintf(text, sizeof(text), "%s/other%d", folder, i);
		else
			snprintf(text, sizeof(text), "%s/%s", folder, i == OTHERS ? "bare" : "bus");
		unlink(text);
	}
	rmdir(folder);
}

int
main(int argc, char **argv)
{
	static const int under_way[] = {1, 8, UNDER_WAY_MAX};
	double seconds = argc == 2 ? atof(argv[1]) : 0;
	sigset_t set;

	if (seconds <= 0 || mkdtemp(folder) == NULL) {
		fprintf(stderr, "usage: bus SECONDS\n");
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL); /* the children wait for it */
	log_open("bench", LOG_LEVEL_INFO);
	snprintf(endpoint, sizeof(endpoint), "ipc://%s/bare", folder);
	write_settings();
	for (size_t i = 0; i < sizeof(under_way) / sizeof(under_way[0]); i++) {
		measure_bare(under_way[i], seconds);
		measure_bus(under_way[i], seconds);
	}
	remove_sockets();
	return 0;
}
