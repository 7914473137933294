/* conn.h - the server's inside: a request on its way between the socket threads, the reader pool
 * and the writer.  Private to src/http.  A struct conn belongs to exactly one of them at a time;
 * the queues hand it over. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>
#include "http/work.h"

struct MHD_Connection;
struct MHD_Daemon;
struct peer;

enum conn_phase { CONN_READING, CONN_WORKING, CONN_READY, CONN_DONE };

struct conn {
	struct conn           *next;            /* in a queue */
	struct tk_server      *server;
	struct MHD_Connection *mhd;
	_Atomic enum conn_phase phase;
	bool                   close, too_many, slow, early;
	enum tk_rc early_rc; /* early: a reply that needs no work waits for the second call */
	const struct tk_static *file;
	size_t                 held;            /* its part of the server's held */
	int64_t                start_us;
	struct tk_buf          body;
	enum tk_rc             rc;
	struct tk_req          rq;
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t  ready;
	struct conn    *head, **tail;
	size_t          n, max;
	/* requests that may take long: at most max_slow are out at once, so that a thread is always
	 * left for signing in and answering; 0: no limit */
	size_t          nslow, max_slow;
	bool            closed;
};

struct bucket { uint64_t key; int64_t at_us; int64_t tokens_x1000; };
enum { NBUCKET = 8192, MAX_WORKERS = 32 };

struct tk_server {
	struct tk_server_config c;
	struct MHD_Daemon      *mhd;
	uint16_t                port;
	char                   *cert_pem, *key_pem;
	struct tk_static_set   *files;
	_Atomic size_t held; /* bytes of large bodies being received or worked on */
	atomic_bool             stopping;
	pthread_t               watchdog;
	pthread_mutex_t         peer_lock;
	struct peer            *peers;
	struct queue            read_q, write_q;
	pthread_t               reader[MAX_WORKERS], writer[MAX_WORKERS];
	struct tk_db           *reader_db[MAX_WORKERS], *writer_db[MAX_WORKERS];
	unsigned                nreader, nwriter;
	struct tk_db           *keeper_db;      /* SQLite only */
	pthread_t               keeper;
	atomic_bool             work_done;
	pthread_mutex_t         rate_lock;
	struct bucket           bucket[NBUCKET];
};

enum tk_rc tk_work_start(struct tk_server *s, struct tk_err *e) TK_MUST_USE;
void       tk_work_stop(struct tk_server *s);
bool       tk_work_push(struct tk_server *s, struct conn *n);   /* false: the queue is full */
void       tk_conn_ready(struct conn *n);                       /* the reply is written: send it */
bool       tk_rate_ok(struct tk_server *s, struct tk_req *rq);
