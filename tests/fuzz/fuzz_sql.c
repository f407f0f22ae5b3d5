/* The scanner of queries.sql on anything. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db_sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sql_query queries[8];
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	memset(queries, 0, sizeof(queries));
	sql_read(text, queries, 8);
	for (int i = 0; i < 8; i++)
		sql_query_free(&queries[i]);
	free(text);
	return 0;
}
