#include "file.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const uint8_t *
bytes_find(const uint8_t *data, size_t size, const void *needle, size_t n)
{
	return memmem(data, size, needle, n);
}

bool
bytes_begin(const uint8_t *data, size_t size, const char *prefix)
{
	size_t n = strlen(prefix);

	return size >= n && strncasecmp((const char *)data, prefix, n) == 0;
}

bool
word_is_among(const char *word, const char *list)
{
	size_t n = strlen(word);

	while (n > 0 && *list != '\0') {
		size_t len = strcspn(list, " ");

		if (len == n && strncasecmp(list, word, n) == 0)
			return true;
		list += len + (list[len] == ' ');
	}
	return false;
}

struct file
file_of(const uint8_t *data, size_t size, const char *name)
{
	struct file file = {.data = data, .size = size, .name = name};
	const char *dot = strrchr(name, '.');

	if (dot != NULL && strlen(dot + 1) < sizeof(file.extension))
		for (size_t i = 0; dot[1 + i] != '\0'; i++)
			file.extension[i] = (char)tolower((unsigned char)dot[1 + i]);
	return file;
}

bool
expansion_is_sane(const struct file *file, uint64_t total)
{
	return (total <= RATIO_FROM || total / RATIO_MAX <= file->size) &&
	    (total <= EXPANDED_MAX || total / EXPANDED_FACTOR <= file->size) && total <= EXPANDED_HARD_MAX;
}

void
report_bomb(struct report *report)
{
	report_add(report, VERDICT_REJECT, "decompression_bomb",
	    "The file grows enormously when it is opened, so nobody can open it safely. Save it again from "
	    "the program you made it with, or upload a smaller file.");
}

void
report_corrupt(struct report *report)
{
	report_add(report, VERDICT_REJECT, "corrupt",
	    "The file is damaged or incomplete and cannot be opened. Open your original, save it again, "
	    "and upload the new copy.");
}

void
report_executable(struct report *report)
{
	report_add(report, VERDICT_REJECT, "executable",
	    "The file is a program. Assessors cannot open programs: upload a picture, a PDF or a video "
	    "that shows how it works.");
}
