/*
 * asset.h: scripts, styles and pictures of the pages, carried in this program.
 *
 * web/build.mjs makes them, and the table of them; no file stands beside the
 * gateway. A name in a URL carries the hash of the bytes, so it may be kept for
 * ever, and pages that are open while a new version starts find nothing half new.
 */
#ifndef ASSET_H
#define ASSET_H

#include <stddef.h>

#include "request.h"

struct asset_bytes {
	const char *data;
	size_t len; /* 0: not to be had in this form */
};

struct asset {
	const char *name;               /* "earner.en.js" */
	const char *path;               /* "/assets/earner.en.0a1b2c3d4e5f.js" */
	const char *type;               /* media type, with its charset */
	struct asset_bytes raw, gz, br; /* packed only where that saves something */
};

/* The generated table, ordered by name. */
extern const struct asset assets[];
extern const int assets_n;

/* By its logical name, as pages ask; NULL: there is none. */
const struct asset *asset_find(const char *name);

/* Where a page finds the asset NAME; "" when it was not built, so that the page does without. */
const char *asset_path(const char *name);

/* "GET /assets/{name}": of the forms that the client takes the shortest; kept for a year. */
enum next asset_serve(struct request *r);

#endif
