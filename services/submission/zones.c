#include "zones.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "zone.h"

struct zones {
	pthread_mutex_t lock;
	size_t n;
	struct {
		struct zone *zone;
		char name[ZONE_NAME_MAX + 1];
	} kept[ZONES_MAX];
};

struct zones *
zones_open(void)
{
	struct zones *zones = calloc(1, sizeof(*zones));

	if (zones != NULL)
		pthread_mutex_init(&zones->lock, NULL);
	return zones;
}

void
zones_close(struct zones *zones)
{
	if (zones == NULL)
		return;
	for (size_t i = 0; i < zones->n; i++)
		zone_close(zones->kept[i].zone);
	pthread_mutex_destroy(&zones->lock);
	free(zones);
}

static bool
is_kept(const struct zones *zones, const char *name)
{
	for (size_t i = 0; i < zones->n; i++)
		if (strcmp(zones->kept[i].name, name) == 0)
			return true;
	return false;
}

void
zones_keep(struct zones *zones, const char *name)
{
	size_t len = strlen(name);

	if (len > ZONE_NAME_MAX)
		return;
	pthread_mutex_lock(&zones->lock);
	if (zones->n < ZONES_MAX && !is_kept(zones, name)) {
		struct zone *zone = zone_open(name);

		if (zone != NULL) {
			zones->kept[zones->n].zone = zone;
			memcpy(zones->kept[zones->n++].name, name, len + 1);
		}
	}
	pthread_mutex_unlock(&zones->lock);
}
